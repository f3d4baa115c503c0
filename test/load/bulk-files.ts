/** Data files of some thousand rows, made from numbers alone, so that two processes agree on them. */

import type { SourceFile } from '../../server/src/load/outcome.ts';
import { HEADERS, batch, file } from './files.ts';

export const ROWS_PER_BATCH = 3000;
export const INITIAL_ROWS = 10_000;

/** Orders (with a key) and merges (without) for each batch up to `count`; every row names its batch. */
export function batchFiles(count: number): readonly SourceFile[] {
  return Array.from({ length: count }, (_, index) => filesOfBatch(index + 1)).flat();
}

export function filesOfBatch(number: number): readonly SourceFile[] {
  const made = madeBatches.get(number);
  if (made) return made;
  const name = `batch_${String(number).padStart(3, '0')}`;
  const files = [
    batch(`orders/${name}`, orders(name, ROWS_PER_BATCH), CHUNK),
    batch(`identity_merges/${name}`, merges(name, ROWS_PER_BATCH), CHUNK),
  ];
  madeBatches.set(number, files);
  return files;
}

const madeBatches = new Map<number, readonly SourceFile[]>();

export function bulkInitialData(): readonly SourceFile[] {
  return Object.entries(HEADERS).map(([table, header]) => {
    const path = `data/initial/${table}.csv`;
    if (table === 'orders') return file(path, orders('initial', INITIAL_ROWS), CHUNK);
    if (table === 'identity_merges') return file(path, merges('initial', INITIAL_ROWS), CHUNK);
    return file(path, `${header}\n`, CHUNK);
  });
}

const CHUNK = 16 * 1024;

function orders(name: string, count: number): string {
  return lines('orders', count, (row) => `ord_${name}_${String(row)},${name},,2025-01-01T00:00:00,1.00`);
}

function merges(name: string, count: number): string {
  return lines('identity_merges', count, (row) => `cust_${String(row)},${name},2025-01-01T00:00:00`);
}

function lines(table: string, count: number, line: (row: number) => string): string {
  return `${HEADERS[table] ?? ''}\n${Array.from({ length: count }, (_, row) => line(row)).join('\n')}\n`;
}
