/** Runs commands over one project with dbt-core and with this engine, and says after each what differs. */

import { join } from 'node:path';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { Built, Reading } from './build.ts';
import { build } from './build.ts';
import { compareBuilds } from './compare.ts';
import type { Side, SideTarget } from './sides.ts';
import { dropSide, makeSide, withoutDatabase } from './sides.ts';

export interface ComparedProject extends SideTarget {
  readonly project: string;
  readonly oracle: readonly string[];
  readonly ours: readonly string[];
  readonly commands: readonly (readonly string[])[];
  readonly server: ConnectionSettings;
  /** Where both copies of the project are made. */
  readonly scratch: string;
  /** What becomes of the databases afterwards. */
  readonly databases: 'drop' | 'keep';
  /** Relations whose rows come from random(): they, and the tests on them, are not expected to be equal. */
  readonly random?: readonly string[];
}

export interface ComparedCommand {
  readonly equal: boolean;
  /** Compiled texts, of nodes and of files: how many there are on either side, and how many are equal. */
  readonly texts: number;
  readonly equalTexts: number;
}

const SHOWN = 20;

/** Rows beyond this many are compared by checksum. */
const MOST_ROWS = 100_000;

export async function compareProject(
  compared: ComparedProject,
  print: (line: string) => void,
): Promise<readonly ComparedCommand[]> {
  const { server, scratch } = compared;
  const sides: Side[] = [];
  try {
    const make = (name: string, program: readonly string[]) =>
      makeSide(name, program, compared.project, join(scratch, name), server, compared);
    // Names of one length: Postgres cuts long identifiers, and both sides must be cut alike.
    const core = await make('core', compared.oracle);
    sides.push(core);
    const ours = await make('ours', compared.ours);
    sides.push(ours);
    const outcomes: ComparedCommand[] = [];
    for (const command of compared.commands) {
      const expected = await build(core, command, readingOf(core));
      const actual = await build(ours, command, readingOf(ours));
      print(
        `${command.join(' ')}: dbt-core ${expected.seconds.toFixed(1)} s, ours ${actual.seconds.toFixed(1)} s`,
      );
      outcomes.push(compareCommand(expected, actual, compared.random ?? [], print));
    }
    return outcomes;
  } finally {
    if (compared.databases === 'drop') for (const side of sides) await dropSide(side, server);
  }
}

function compareCommand(
  expected: Built,
  actual: Built,
  random: readonly string[],
  print: (line: string) => void,
): ComparedCommand {
  const all = compareBuilds(expected, actual);
  const isRandom = (sentence: string): boolean =>
    random.some((name) => sentence.includes(`.${name}: rows `) || sentence.includes(`_${name}_`));
  const differences = {
    ...all,
    statuses: all.statuses.filter((sentence) => !isRandom(sentence)),
    relations: all.relations.filter((sentence) => !isRandom(sentence)),
  };
  let equal = true;
  for (const [heading, sentences] of Object.entries(differences)) {
    print(`  ${heading}: ${sentences.length === 0 ? 'equal' : `${sentences.length} differ`}`);
    for (const sentence of sentences.slice(0, SHOWN)) print(`    ${sentence}`);
    if (sentences.length > SHOWN) print(`    … and ${sentences.length - SHOWN} more`);
    if (sentences.length > 0) equal = false;
  }
  print(
    `  (${expected.statuses.size} nodes, ${expected.compiled.size} compiled, ${expected.files.size} compiled files, ${Object.keys(expected.relations).length} relations)`,
  );
  if (expected.statuses.size === 0) print(`dbt-core ran nothing:\n${expected.output.trimEnd()}`);
  else if (actual.statuses.size === 0) print(`Ours ran nothing:\n${actual.output.trimEnd()}`);
  const left =
    all.statuses.length + all.relations.length - differences.statuses.length - differences.relations.length;
  if (left > 0) print(`  (${left} differ by random())`);
  const texts =
    new Set([...expected.compiled.keys(), ...actual.compiled.keys()]).size +
    new Set([...expected.files.keys(), ...actual.files.keys()]).size;
  const different = differences['compiled SQL'].length + differences['compiled files'].length;
  return { equal, texts, equalTexts: texts - different };
}

function readingOf(side: Side): Reading {
  return { mostRows: MOST_ROWS, clean: (text) => withoutDatabase(side, text) };
}
