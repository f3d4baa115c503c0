/**
 * Random truncations and edits of real templates: nothing may throw, nodes stay within their parents, facts before an edit are kept; counts
 * the facts kept behind the damaged tag and measures a reading (parse and facts).
 *
 *     npx tsx scripts/jinja/edits.ts [--count 100000] [--seed 1] [--shown 10] FOLDER…
 */

import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { templateFacts } from '../../server/src/jinja/index.ts';
import { randomFor } from '../generate-data/random.ts';
import type { Edit } from './random-edit.ts';
import { editKinds, randomEdit } from './random-edit.ts';
import { sqlFiles } from './sql-files.ts';
import type { Reading } from './tolerance.ts';
import { keptFacts, placedFacts, readings, strayNodes, templatesOf } from './tolerance.ts';

const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    shown: { type: 'string', default: '10' },
  },
  allowPositionals: true,
});
process.exitCode = main(positionals, Number(values.count), Number(values.seed), Number(values.shown));

function main(folders: readonly string[], count: number, seed: number, shown: number): number {
  const files = sqlFiles(folders).filter(({ text }) => /\{[{%#]/.test(text));
  const perFile = Math.max(1, Math.ceil(count / files.length));
  const tally = { edits: 0, threw: 0, stray: 0, lostBefore: 0, before: 0, after: 0, keptAfter: 0 };
  const lostBy = new Map<string, number>();
  const times: Record<Reading, number[]> = { template: [], macros: [] };
  let slowest = { time: 0, path: '', size: 0 };
  let printed = 0;
  const show = (path: string, what: string, { kind, start, end, inserted, text }: Edit): void => {
    if (printed++ >= shown) return;
    const around = JSON.stringify(text.slice(Math.max(0, start - 80), start + inserted.length + 80));
    console.log(`${path}: ${what}\n  ${kind} ${start}–${end} ${JSON.stringify(inserted)}: … ${around}`);
  };
  // Spread over the files when there are more of them than edits.
  const step = Math.max(1, files.length / count);
  for (let at = 0; at < files.length && tally.edits < count; at += step) {
    const index = Math.floor(at);
    const file = files[index] as (typeof files)[number];
    const whole = Object.fromEntries(
      readings.map((reading) => [reading, placedFacts(templatesOf(file.text, reading))]),
    ) as Record<Reading, ReturnType<typeof placedFacts>>;
    for (let row = 0; row < perFile && tally.edits < count; row++) {
      const edit = randomEdit(file.text, randomFor(seed, file.path, row));
      tally.edits++;
      for (const reading of readings) {
        try {
          const start = performance.now();
          const templates = templatesOf(edit.text, reading);
          const now = placedFactsTimed(templates);
          const time = performance.now() - start;
          times[reading].push(time);
          if (time > slowest.time) slowest = { time, path: file.path, size: edit.text.length };
          const stray = strayNodes(templates);
          if (stray.length > 0) {
            tally.stray++;
            show(file.path, `${reading}: ${stray[0] ?? ''}`, edit);
          }
          const kept = keptFacts(whole[reading], file.text, edit, now());
          tally.before += whole[reading].filter(({ end }) => end <= edit.start).length;
          tally.lostBefore += kept.lostBefore.length;
          const [lost] = kept.lostBefore;
          if (lost) show(file.path, `${reading}: lost ${lost.says} at ${lost.start}`, edit);
          tally.after += kept.after;
          tally.keptAfter += kept.after - kept.lostAfter.length;
          if (kept.lostAfter.length > 0) {
            const key = `${edit.kind} ${JSON.stringify(edit.inserted.slice(0, 12))} (${reading})`;
            lostBy.set(key, (lostBy.get(key) ?? 0) + kept.lostAfter.length);
          }
        } catch (error) {
          tally.threw++;
          show(file.path, `${reading}: threw ${String(error)}`, edit);
        }
      }
    }
  }
  const worst = [...lostBy].sort((a, b) => b[1] - a[1]).slice(0, 12);
  for (const [kind, lost] of worst) console.log(`  facts lost behind: ${lost} by ${kind}`);
  console.log(
    `edits: ${tally.edits} of ${files.length} files (${editKinds.length} kinds), each as template and as macro file`,
  );
  console.log(`threw: ${tally.threw}; readings with a node outside its parent: ${tally.stray}`);
  console.log(`facts before the edit: ${tally.before - tally.lostBefore} of ${tally.before} kept`);
  console.log(
    `facts behind the damaged tag: ${tally.keptAfter} of ${tally.after} kept (${percent(tally.keptAfter, tally.after)})`,
  );
  for (const reading of readings)
    console.log(`parse and facts, as ${reading}: ${distribution(times[reading])}`);
  console.log(`slowest: ${slowest.time.toFixed(2)} ms, ${slowest.size} characters, ${slowest.path}`);
  return tally.threw + tally.stray + tally.lostBefore === 0 ? 0 : 1;
}

/** Reads all facts now; the comparison's own form of them is made later, outside the measured time. */
function placedFactsTimed(templates: ReturnType<typeof templatesOf>): () => ReturnType<typeof placedFacts> {
  for (const template of templates) templateFacts(template);
  return () => placedFacts(templates);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`;
}

function distribution(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    `${(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3)} ms`;
  return `median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}
