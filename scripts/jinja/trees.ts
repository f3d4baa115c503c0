/**
 * Our reading of templates against Jinja2's, for every `.sql` file below some folders: its tree as a template and as a macro file, its
 * errors with their lines, and its facts with their ranges. Needs Python (scripts/dbt-core.ts installs dbt-core where it is missing).
 *
 *     npx tsx scripts/jinja/trees.ts [--shown 20] FOLDER…
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { dbtCore } from '../dbt-core.ts';
import { sqlFiles } from './sql-files.ts';
import type { Aspect, PythonAnswer } from './tree-comparison.ts';
import { compareFile } from './tree-comparison.ts';

const { values, positionals } = parseArgs({
  options: { shown: { type: 'string', default: '20' } },
  allowPositionals: true,
});
process.exitCode = await main(positionals, Number(values.shown));

async function main(folders: readonly string[], shown: number): Promise<number> {
  const core = await dbtCore();
  if ('missing' in core) {
    console.error(core.missing);
    return 2;
  }
  const files = sqlFiles(folders);
  const python = join(core.path, '..', process.platform === 'win32' ? 'python.exe' : 'python');
  const oracle = spawn(python, [join(import.meta.dirname, 'trees.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  oracle.stdin.end(files.map(({ path }) => `${path}\n`).join(''));
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
    const file = files[next++];
    if (!file) break;
    const { template, file: macros } = answer;
    if (template.error ?? template.compile ?? macros.error) counts.refused++;
    counts.blocks += macros.blocks?.length ?? 0;
    const differences = compareFile(pythonStripped(file.text), answer);
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

/** Python strips other characters than JavaScript does. */
function pythonStripped(text: string): string {
  const blank = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+`;
  return text.replace(new RegExp(`^${blank}`), '').replace(new RegExp(`${blank}$`), '');
}
