/** What a keystroke costs in a large project: an editor's conversation with the language server. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EditorClient } from '../../scripts/editor-client.ts';
import type { Context } from '../context.ts';
import { generateProject, modelName } from '../generate-project.ts';
import { profileText } from '../../scripts/profiles.ts';
import type { Finding } from '../report.ts';

const LAYERS = 10;
const EDITS = 300;
const MANY_EDITS = 5000;

export async function editor(context: Context): Promise<Finding[]> {
  return [...(await measure(context, 1000, 1)), ...(await measure(context, 10_000, 2))];
}

/** The goals for a larger project are `allowance` times those for 1,000 models. */
async function measure(context: Context, models: number, allowance: number): Promise<Finding[]> {
  const files = generateProject({ name: 'layered', models, layers: LAYERS });
  files.set(
    'profiles.yml',
    profileText(context.server, { profile: 'layered', schema: 'bench_editor', threads: 1 }),
  );
  const path = [...files.keys()].find((name) => name.endsWith(`/${modelName(LAYERS - 1, 0)}.sql`)) ?? '';
  const text = files.get(path) ?? '';
  const started = performance.now();
  const client = await EditorClient.open({ files });
  try {
    await client.openDocument(path, text);
    await client.diagnostics(path);
    const first = performance.now() - started;
    const connected = performance.now();
    await client.until(() => client.state?.warehouse.catalogReadAt !== null);
    await client.until(async () => (await verdict(client, path, 'facts.amuont', 'facts.amount')) > 0);
    const described = performance.now() - connected;
    const keystrokes: number[] = [];
    const hovers: number[] = [];
    const completions: number[] = [];
    const typed = "\nand facts.kind in (select kind from {{ ref('layer_0_model_1') }})";
    for (let edit = 0; edit < EDITS; edit++) {
      const at = edit % typed.length;
      if (at === 0) await client.replace(path, text);
      const end = client.textOf(path).length;
      const before = performance.now();
      await client.edit(path, end, end, typed[at] ?? ' ');
      await client.diagnostics(path);
      keystrokes.push(performance.now() - before);
      if (edit % 3 !== 0) continue;
      const asked = performance.now();
      await client.askAt('textDocument/completion', path, client.textOf(path).length);
      completions.push(performance.now() - asked);
      const hovered = performance.now();
      await client.askAt('textDocument/hover', path, text.indexOf('layer_') + 3);
      hovers.push(performance.now() - hovered);
    }
    await client.replace(path, text);
    const verdicts: number[] = [];
    for (let round = 0; round < 20; round++)
      verdicts.push(await verdict(client, path, 'facts.amuont', 'facts.amount'));
    const memory = memoryOf(client.pid);
    for (let edit = 0; models <= 1000 && edit < MANY_EDITS; edit++) {
      await client.edit(path, 0, edit % 2, edit % 2 === 0 ? ' ' : '');
      if (edit % 10 === 0) await client.diagnostics(path);
    }
    const after = memoryOf(client.pid);
    const what = (name: string): string => `editor, ${String(models)} models: ${name}`;
    const absolute = (name: string, ours: number, limit: number | undefined): Finding => ({
      kind: 'absolute',
      what: what(name),
      ours,
      unit: 'ms',
      limit,
    });
    return [
      absolute('first diagnostics', first, models > 1000 ? 5000 : 2000),
      absolute('everything described', described, undefined),
      absolute('keystroke to diagnostics, p95', p95(keystrokes), 50 * allowance),
      absolute("keystroke to Postgres's verdict, p95", p95(verdicts), 150 * allowance),
      absolute('completion, p95', p95(completions), 50 * allowance),
      absolute('hover, p95', p95(hovers), 50 * allowance),
      { kind: 'absolute', what: what('memory'), ours: memory, unit: 'MB', limit: 300 * allowance },
      ...(models > 1000
        ? []
        : [
            {
              kind: 'ratio',
              what: what('memory after 5,000 edits'),
              ours: after,
              peer: memory,
              peerName: 'itself before',
              unit: 'MB',
              goal: { times: 1.2 },
            } satisfies Finding,
          ]),
    ];
  } finally {
    await client.dispose();
  }
}

/** From a keystroke that misspells a column to the moment when the editor is told what Postgres thinks of it. */
async function verdict(client: EditorClient, path: string, wrong: string, right: string): Promise<number> {
  const text = client.textOf(path);
  const at = text.indexOf(right);
  const before = performance.now();
  await client.edit(path, at, at + right.length, wrong);
  await client.until(async () => (await client.diagnostics(path)).length > 0);
  const took = performance.now() - before;
  await client.edit(path, at, at + wrong.length, right);
  await client.until(async () => (await client.diagnostics(path)).length === 0);
  return took;
}

function p95(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
}

/** Resident memory of a process, in MB; of Linux only. */
function memoryOf(pid: number): number {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+) kB/u.exec(readFileSync(join('/proc', String(pid), 'status'), 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
