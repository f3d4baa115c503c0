/**
 * Random truncations and edits of real templates: nothing may throw, nodes stay within their parents, facts before an edit are kept; counts
 * the facts kept behind the damaged tag and measures a reading (parse and facts) in CPU time.
 *
 *     npx tsx scripts/jinja/edits.ts [--count 100000] [--seed 1] [--shown 10] FOLDER…
 */

import { parseArgs } from 'node:util';
import { templateFacts } from '../../server/src/jinja/index.ts';
import type { Template } from '../../server/src/jinja/index.ts';
import { randomFor } from '../generate-data/random.ts';
import type { Edit } from './random-edit.ts';
import { editKinds, randomEdit } from './random-edit.ts';
import type { SqlFile } from './sql-files.ts';
import { sqlFiles } from './sql-files.ts';
import type { Reading } from './tolerance.ts';
import { keptFacts, placedFacts, readings, strayNodes, templatesOf } from './tolerance.ts';

/** So many readings before the first that is measured: what a running editor has behind it. */
const WARM_READINGS = 2000;

/** So many edits are read one after the other before any of them is looked at. */
const BATCH = 500;

const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    shown: { type: 'string', default: '10' },
  },
  allowPositionals: true,
});
process.exitCode = main(positionals, Number(values.count), Number(values.seed), Number(values.shown));

interface Damaged {
  readonly file: SqlFile;
  readonly edit: Edit;
}

function main(folders: readonly string[], count: number, seed: number, shown: number): number {
  const files = sqlFiles(folders).filter(({ text }) => /\{[{%#]/.test(text));
  for (const { text } of files.slice(0, WARM_READINGS))
    for (const reading of readings) readAll(text, reading);
  const tally = { threw: 0, stray: 0, lostBefore: 0, before: 0, after: 0, keptAfter: 0 };
  const lostBy = new Map<string, number>();
  const times: Record<Reading, number[]> = { template: [], macros: [] };
  let slowest = { time: 0, path: '', size: 0 };
  let printed = 0;
  const show = (what: string, { file, edit }: Damaged): void => {
    if (printed++ >= shown) return;
    const { kind, start, end, inserted, text } = edit;
    const around = JSON.stringify(text.slice(Math.max(0, start - 80), start + inserted.length + 80));
    console.log(`${file.path}: ${what}\n  ${kind} ${start}–${end} ${JSON.stringify(inserted)}: … ${around}`);
  };
  const look = (damaged: Damaged, reading: Reading, templates: readonly Template[]): void => {
    const { file, edit } = damaged;
    const stray = strayNodes(templates);
    if (stray.length > 0) {
      tally.stray++;
      show(`${reading}: ${stray[0] ?? ''}`, damaged);
    }
    const whole = placedFacts(templatesOf(file.text, reading));
    const kept = keptFacts(whole, file.text, edit, placedFacts(templates));
    tally.before += whole.filter(({ end }) => end <= edit.start).length;
    tally.lostBefore += kept.lostBefore.length;
    const [lost] = kept.lostBefore;
    if (lost) show(`${reading}: lost ${lost.says} at ${lost.start}`, damaged);
    tally.after += kept.after;
    tally.keptAfter += kept.after - kept.lostAfter.length;
    if (kept.lostAfter.length > 0) {
      const key = `${edit.kind} ${JSON.stringify(edit.inserted.slice(0, 12))} (${reading})`;
      lostBy.set(key, (lostBy.get(key) ?? 0) + kept.lostAfter.length);
    }
  };
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index): Damaged => {
      // Spread over all files, several times where there are more edits.
      const place = ((from + index) * Math.max(1, files.length / count)) % files.length;
      const file = files[Math.floor(place)] as SqlFile;
      return { file, edit: randomEdit(file.text, randomFor(seed, file.path, from + index)) };
    });
    for (const reading of readings) {
      const read = batch.map((damaged) => {
        const { file, edit } = damaged;
        const start = clock();
        try {
          const templates = readAll(edit.text, reading);
          const time = clock() - start;
          times[reading].push(time);
          if (time > slowest.time) slowest = { time, path: file.path, size: edit.text.length };
          return templates;
        } catch (error) {
          tally.threw++;
          show(`${reading}: threw ${String(error)}`, damaged);
          return undefined;
        }
      });
      for (const [index, templates] of read.entries()) {
        if (templates) look(batch[index] as Damaged, reading, templates);
      }
    }
  }
  const worst = [...lostBy].sort((a, b) => b[1] - a[1]).slice(0, 12);
  for (const [kind, lost] of worst) console.log(`  facts lost behind: ${lost} by ${kind}`);
  console.log(
    `edits: ${count} of ${files.length} files (${editKinds.length} kinds), each as template and as macro file`,
  );
  console.log(`threw: ${tally.threw}; readings with a node outside its parent: ${tally.stray}`);
  console.log(`facts before the edit: ${tally.before - tally.lostBefore} of ${tally.before} kept`);
  console.log(
    `facts behind the damaged tag: ${tally.keptAfter} of ${tally.after} kept (${percent(tally.keptAfter, tally.after)})`,
  );
  for (const reading of readings)
    console.log(`parse and facts, as ${reading}, ms of CPU: ${distribution(times[reading])}`);
  console.log(`slowest: ${slowest.time.toFixed(2)} ms, ${slowest.size} characters, ${slowest.path}`);
  return tally.threw + tally.stray + tally.lostBefore === 0 ? 0 : 1;
}

/** Milliseconds of CPU, so that a busy machine does not count. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What an editor does after a keystroke: parse, and read the facts. */
function readAll(text: string, reading: Reading): readonly Template[] {
  const templates = templatesOf(text, reading);
  for (const template of templates) templateFacts(template);
  return templates;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`;
}

function distribution(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3);
  return `median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}
