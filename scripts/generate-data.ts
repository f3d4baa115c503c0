/** Writes the sample's raw data: `node --import tsx scripts/generate-data.ts --scale 1 --seed 1 [--out data]`. */

import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { writeAccounts } from './generate-data/accounts.ts';
import { writeMerges } from './generate-data/customers.ts';
import { writeEvents, writeShowtimes } from './generate-data/events.ts';
import { writeOrders } from './generate-data/orders.ts';
import { writePages } from './generate-data/pages.ts';
import { worldOf } from './generate-data/size.ts';

const usage = `usage: node --import tsx scripts/generate-data.ts [--scale N] [--seed S] [--out DIR]

  --scale N   a whole number from 1: 1 is the committed set (480 orders), 1000 is millions of rows; default 1
  --seed S    a whole number; the same scale and seed give the same bytes; default 1
  --out DIR   where to write initial/ and incremental/; default the repository's data/`;

function main(): number {
  const options = optionsFrom(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${usage}\n`);
    return 2;
  }
  const { scale, seed, out } = options;
  const world = worldOf(scale, seed);
  const tables = [
    writeAccounts(world, out),
    writeEvents(world, out),
    writeShowtimes(world, out),
    ...writeOrders(world, out),
    writePages(world, out),
    writeMerges(world, out),
  ];
  for (const files of tables) {
    const [initial, ...batches] = files.close();
    process.stdout.write(
      `${files.table.padEnd(16)} ${String(initial).padStart(9)} + ${batches.join(' + ')}\n`,
    );
  }
  return 0;
}

interface Options {
  readonly scale: number;
  readonly seed: number;
  readonly out: string;
}

/** The options, or a sentence that says what is wrong with them. */
function optionsFrom(args: string[]): Options | string {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { scale: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const scale = Number(values.scale ?? '1');
  const seed = Number(values.seed ?? '1');
  if (!Number.isSafeInteger(scale) || scale < 1)
    return `--scale must be a whole number from 1, not '${String(values.scale)}'`;
  if (!Number.isSafeInteger(seed)) return `--seed must be a whole number, not '${String(values.seed)}'`;
  return { scale, seed, out: values.out ?? fileURLToPath(new URL('../data', import.meta.url)) };
}

process.exitCode = main();
