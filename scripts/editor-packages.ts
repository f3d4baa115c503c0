/**
 * Opens the integration tests of public packages in the language server, and compares the SQL that it shows of each model with what
 * a run compiled: templates that ask the warehouse with the answers that the editor was told.
 *
 *     node --import tsx scripts/editor-packages.ts [NAME]… [--url URL]
 *
 * Exit code 0 when each model that was run is shown with the same SQL, or is said to be unknown; 1 when one is shown otherwise.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EditorClient } from './editor-client.ts';
import { PACKAGES, placePackage } from './packages/place.ts';
import { profileOf, profileText, writeProfile } from './profiles.ts';
import { serverFor, type ScriptServer } from './server-for.ts';

const PROGRAM = fileURLToPath(new URL('../bin/grainline', import.meta.url));

const WAITING = 'has not answered yet';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } });
  const server = await serverFor(values.url);
  let different = 0;
  try {
    for (const [name, one] of Object.entries(PACKAGES))
      if (positionals.length === 0 || positionals.includes(name))
        different += await compare(name, await placePackage(name, one), server);
  } finally {
    await server.stop();
  }
  return different === 0 ? 0 : 1;
}

async function compare(name: string, project: string, { settings }: ScriptServer): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'editor-packages-'));
  const target = { profile: profileOf(project), schema: `editor_${name}`, threads: 4 };
  cpSync(project, scratch, { recursive: true, dereference: true });
  writeProfile(scratch, settings, target);
  try {
    for (const words of [['seed'], ['run']]) command(scratch, words);
    const files = new Map(textsIn(scratch, ''));
    files.set('profiles.yml', profileText(settings, target));
    const client = await EditorClient.open({ files });
    try {
      return await compareModels(name, scratch, client);
    } finally {
      await client.dispose();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compareModels(name: string, scratch: string, client: EditorClient): Promise<number> {
  await client.until(() => client.state?.warehouse.catalogReadAt !== null);
  const folder = compiledFolder(scratch);
  if (!existsSync(folder)) {
    console.log(`${name}: a run compiles nothing`);
    return 0;
  }
  const models = textsIn(folder, '').filter(
    ([path]) => path.startsWith('models/') && !/\.ya?ml\//u.test(path),
  );
  const counts = { equal: 0, asking: 0, unknown: 0, different: 0, underlined: 0 };
  for (const [path, expected] of models) {
    const text = readFileSync(join(scratch, path), 'utf8');
    await client.openDocument(path, text);
    const shown = async () => client.request('grainline/compiled', { uri: client.uri(path) });
    await client.until(async () => !((await shown())?.problem ?? '').includes(WAITING));
    const compiled = await shown();
    if (compiled?.answeredAt !== null) counts.asking += 1;
    if (compiled?.problem !== null) {
      counts.unknown += 1;
      console.log(`  ${path}: ${compiled?.problem ?? 'nothing is shown'}`);
    } else if (compiled.sql.trim() === expected.trim()) counts.equal += 1;
    else {
      counts.different += 1;
      console.log(`  ${path}: differs\n--- run\n${expected}\n--- editor\n${compiled.sql}\n---`);
    }
    const errors = (await client.diagnostics(path)).filter(({ severity }) => severity === 1);
    if (errors.length > 0) counts.underlined += 1;
    for (const { message } of errors) console.log(`  ${path}: underlined: ${message}`);
    await client.close(path);
  }
  console.log(
    `${name}: ${String(models.length)} models; the editor shows ${String(counts.equal)} equal, ${String(counts.different)} otherwise, ` +
      `${String(counts.unknown)} as unknown; ${String(counts.asking)} with answers of the warehouse; errors in ${String(counts.underlined)}`,
  );
  return counts.different;
}

/** What fails is not compared: what a project compiles to is. */
function command(folder: string, words: readonly string[]): void {
  try {
    execFileSync(PROGRAM, words, { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    const { stdout } = error as { readonly stdout?: Buffer };
    console.log(`  ${words.join(' ')} failed: ${stdout?.toString().trim().split('\n').at(-1) ?? ''}`);
  }
}

/** Of the project itself, not of its packages. */
function compiledFolder(scratch: string): string {
  const [, name = ''] =
    /^name:\s*['"]?(\w+)/mu.exec(readFileSync(join(scratch, 'dbt_project.yml'), 'utf8')) ?? [];
  return join(scratch, 'target', 'compiled', name);
}

function textsIn(folder: string, below: string): (readonly [string, string])[] {
  return readdirSync(join(folder, below)).flatMap((entry): (readonly [string, string])[] => {
    const path = below === '' ? entry : `${below}/${entry}`;
    if (entry === 'target' || entry === 'logs' || entry === '.git') return [];
    if (statSync(join(folder, path)).isDirectory()) return textsIn(folder, path);
    return [[path, readFileSync(join(folder, path), 'utf8')]];
  });
}
