/**
 * Random templates rendered by Python's Jinja2 and by this engine; prints how many are equal and each that is not.
 *
 *     npx tsx scripts/jinja/differences.ts [--count N] [--seed N] [--mode plain|parse|native] [--shown N] [--record FILE]
 *
 * `plain` is Jinja2's sandbox with `do` and loop controls; `parse` and `native` are dbt-core's own environments: the undefined that it
 * parses with, and its renderer of YAML values. Exit code 0 when at least 99.95 % are equal.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { randomFor } from '../generate-data/random.ts';
import { ownAnswer } from './engine.ts';
import type { Piece } from './generator.ts';
import { generate, smaller, textOf } from './generator.ts';
import { grammarFor } from './grammar.ts';
import type { Answer, Mode, Oracle } from './oracle.ts';
import { startOracle } from './oracle.ts';
import { recordOf } from './record.ts';

const BATCH = 500;
const GOAL = 0.9995;

interface Difference {
  readonly piece: Piece | undefined;
  readonly template: string;
  readonly expected: Answer;
  readonly got: Answer;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      mode: { type: 'string', default: 'plain' },
      shown: { type: 'string', default: '40' },
      record: { type: 'string' },
    },
  });
  const mode = values.mode as Mode;
  const grammar = grammarFor(mode);
  const oracle = await startOracle(mode);
  const count = Number(values.count);
  const differences: Difference[] = [];
  const kept: { template: string; answer: Answer }[] = [];
  const tally = { compared: 0, equal: 0, values: 0, bound: 0 };
  for (let from = 0; from < count; from += BATCH) {
    const pieces = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) =>
      generate(grammar, randomFor(Number(values.seed), mode, from + index)),
    );
    const templates = pieces.map(textOf);
    // Python works on its batch while the engine works on the same one.
    const asked = oracle.ask(templates);
    const own = templates.map((template) => ownAnswer(template, mode));
    const answers = await asked;
    for (const [index, expected] of answers.entries()) {
      const got = own[index] as Answer;
      const template = templates[index] as string;
      if (expected[0] === 'bound' || got[0] === 'bound') {
        tally.bound++;
        continue;
      }
      tally.compared++;
      if (expected[0] !== 'error') tally.values++;
      if (isEqual(expected, got)) {
        tally.equal++;
        kept.push({ template, answer: expected });
      } else differences.push({ piece: pieces[index], template, expected, got });
    }
  }
  const shown = await shrunk(groups(differences).slice(0, Number(values.shown)), oracle, mode);
  oracle.close();
  if (values.record !== undefined) writeFileSync(values.record, recordOf(kept));
  for (const [times, difference] of shown) print(times, difference);
  const share = tally.equal / tally.compared;
  console.log(
    `compared ${tally.compared} (${percent(tally.values / tally.compared)} yield values), equal ${tally.equal} (${percent(share)}), ` +
      `not compared for their bounds ${tally.bound}; mode ${mode}, seed ${values.seed}`,
  );
  return share >= GOAL ? 0 : 1;
}

function percent(share: number): string {
  return `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
}

/** dbt wraps errors of its renderer in a class that is no business of the engine. */
function isEqual(expected: Answer, got: Answer): boolean {
  return expected.join('\0').replace('JinjaRenderingError', 'CompilationError') === got.join('\0');
}

/** Differences of one kind are told once, by the shortest template, with how many there are. */
function groups(differences: readonly Difference[]): (readonly [number, Difference])[] {
  const kinds = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { expected, got } = difference;
    const kind = `${masked(expected)} / ${masked(got)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), difference]);
  }
  return [...kinds.values()]
    .map((list) => {
      const [shortest] = list.sort((a, b) => a.template.length - b.template.length);
      return [list.length, shortest as Difference] as const;
    })
    .sort((a, b) => b[0] - a[0]);
}

function masked(answer: Answer): string {
  if (answer[0] !== 'error') return answer[0];
  return `${answer[1]} ${answer[2].replaceAll(/'[^']*'|"[^"]*"|\d+/gu, '?').slice(0, 60)}`;
}

async function shrunk(
  found: readonly (readonly [number, Difference])[],
  oracle: Oracle,
  mode: Mode,
): Promise<(readonly [number, Difference])[]> {
  const result: (readonly [number, Difference])[] = [];
  for (const [times, difference] of found) {
    let best = difference;
    if (difference.piece) {
      const candidates = smaller(difference.piece).slice(0, 600);
      const answers = await oracle.ask(candidates);
      for (const [index, expected] of answers.entries()) {
        const template = candidates[index] as string;
        const got = ownAnswer(template, mode);
        if (expected[0] === 'bound' || got[0] === 'bound' || isEqual(expected, got)) continue;
        // A smaller template of another kind of difference would hide this one.
        if (masked(expected) !== masked(difference.expected) || masked(got) !== masked(difference.got))
          continue;
        best = { piece: undefined, template, expected, got };
        break;
      }
    }
    result.push([times, best]);
  }
  return result;
}

function print(times: number, { template, expected, got }: Difference): void {
  console.log(`${times} × ${JSON.stringify(template)}`);
  console.log(`  python: ${JSON.stringify(expected).slice(0, 300)}`);
  console.log(`  here:   ${JSON.stringify(got).slice(0, 300)}`);
}
