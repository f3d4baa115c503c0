/**
 * Our reading of templates against Jinja2's, for every `.sql` file below some folders: its tree as a template and as a macro file, its
 * errors with their lines, and its facts with their ranges. Needs Python (scripts/dbt-core.ts installs dbt-core where it is missing).
 *
 *     npx tsx scripts/jinja/trees.ts [--edits N] [--seed 1] [--shown 20] FOLDER…
 *
 * With `--edits` the texts are N random damages of those files, most of which Jinja2 refuses.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { dbtCore } from '../dbt-core.ts';
import { randomFor } from '../generate-data/random.ts';
import { randomEdit } from './random-edit.ts';
import type { SqlFile } from './sql-files.ts';
import { sqlFiles } from './sql-files.ts';
import type { Aspect, PythonAnswer } from './tree-comparison.ts';
import { compareFile } from './tree-comparison.ts';

const { values, positionals } = parseArgs({
  options: {
    edits: { type: 'string' },
    seed: { type: 'string', default: '1' },
    shown: { type: 'string', default: '20' },
  },
  allowPositionals: true,
});
process.exitCode = await main(positionals, Number(values.shown));

async function main(folders: readonly string[], shown: number): Promise<number> {
  const core = await dbtCore();
  if ('missing' in core) {
    console.error(core.missing);
    return 2;
  }
  const files = values.edits === undefined ? sqlFiles(folders) : edited(folders, Number(values.edits));
  const texts = files.map(({ text }) => pythonStripped(text));
  const python = join(core.path, '..', process.platform === 'win32' ? 'python.exe' : 'python');
  const oracle = spawn(python, [join(import.meta.dirname, 'trees.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  Readable.from(texts.map((text) => `${JSON.stringify(text)}\n`)).pipe(oracle.stdin);
  const tally: Record<Aspect, { of: number; equal: number }> = {
    tree: { of: 0, equal: 0 },
    facts: { of: 0, equal: 0 },
    static: { of: 0, equal: 0 },
  };
  const counts = { refused: 0, blocks: 0 };
  let next = 0;
  let printed = 0;
  for await (const line of createInterface({ input: oracle.stdout })) {
    const answer = JSON.parse(line) as PythonAnswer;
    const text = texts[next];
    const file = files[next++];
    if (!file || text === undefined) break;
    const { template, file: macros } = answer;
    if (template.error ?? template.compile ?? macros.error) counts.refused++;
    counts.blocks += macros.blocks?.length ?? 0;
    const differences = compareFile(text, answer);
    const hasFacts = template.facts !== undefined || (macros.blocks?.length ?? 0) > 0;
    const asked = { tree: true, facts: hasFacts, static: answer.static !== null };
    for (const aspect of ['tree', 'facts', 'static'] as const) {
      if (!asked[aspect]) continue;
      tally[aspect].of++;
      if (!differences.some((difference) => difference.aspect === aspect)) tally[aspect].equal++;
    }
    for (const { aspect, what, expected, got } of differences) {
      if (printed++ < shown)
        console.log(`${file.path}\n  ${aspect}, ${what}\n  expected ${expected}\n  got      ${got}`);
    }
  }
  if (next !== files.length) console.log(`Python answered ${next} of ${files.length} files only.`);
  const line = ({ of, equal }: { of: number; equal: number }): string => `${equal} of ${of} equal`;
  console.log(`trees: ${line(tally.tree)} (${counts.refused} files with errors, ${counts.blocks} blocks)`);
  console.log(`facts: ${line(tally.facts)}; as dbt's static parser, where it answers: ${line(tally.static)}`);
  return next === files.length && Object.values(tally).every(({ of, equal }) => of === equal) ? 0 : 1;
}

function edited(folders: readonly string[], count: number): SqlFile[] {
  const files = sqlFiles(folders).filter(({ text }) => /\{[{%#]/.test(text));
  return Array.from({ length: count }, (_, index) => {
    const place = (index * Math.max(1, files.length / count)) % files.length;
    const { path, text } = files[Math.floor(place)] as SqlFile;
    const edit = randomEdit(text, randomFor(Number(values.seed), path, index));
    return {
      path: `${path} ${edit.kind} ${edit.start}–${edit.end} ${JSON.stringify(edit.inserted)}`,
      text: edit.text,
    };
  });
}

/** Python strips other characters than JavaScript does. */
function pythonStripped(text: string): string {
  const blank = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+`;
  return text.replace(new RegExp(`^${blank}`), '').replace(new RegExp(`${blank}$`), '');
}
