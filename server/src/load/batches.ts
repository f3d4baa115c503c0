/** Which file is which: `<table>.csv` of the initial load, `<table>/batch_NNN.csv` of the incremental ones. */

import type { Outcome, SourceFile } from './outcome.ts';
import { RAW_TABLES, rawTable } from './raw-tables.ts';
import type { RawTable } from './raw-tables.ts';

export interface InitialFile {
  readonly table: RawTable;
  readonly file: SourceFile;
}

export interface Batch {
  readonly table: RawTable;
  /** Such as `batch_001`. */
  readonly name: string;
  readonly file: SourceFile;
}

/** One file for each raw table, in the tables' order. */
export function initialFiles(files: readonly SourceFile[]): Outcome<readonly InitialFile[]> {
  const byTable = new Map<string, SourceFile>();
  for (const file of files) {
    const name = /([^/]+)\.csv$/.exec(file.path)?.[1] ?? '';
    if (!rawTable(name)) {
      return refused(`"${name}" is no table of the raw layer: the tables are ${tableNames()}.`, file.path);
    }
    if (byTable.has(name))
      return refused(`There is a second file for "${name}": keep one of them.`, file.path);
    byTable.set(name, file);
  }
  const missing = RAW_TABLES.filter((table) => !byTable.has(table.name)).map((table) => `${table.name}.csv`);
  if (missing.length > 0) {
    return refused(
      `The initial data lacks ${missing.join(', ')}: add what is missing (a header alone will do).`,
    );
  }
  const report = RAW_TABLES.flatMap((table) => {
    const file = byTable.get(table.name);
    return file ? [{ table, file }] : [];
  });
  return { kind: 'done', report };
}

/**
 * All batches in the order of their names, or the one that is wanted, as `events/batch_001`. A name that does not exist
 * is refused with what does.
 */
export function selectBatches(files: readonly SourceFile[], wanted?: string): Outcome<readonly Batch[]> {
  const batches: Batch[] = [];
  for (const file of files) {
    const [, tableName = '', name = ''] = /([^/]+)\/([^/]+)\.csv$/.exec(file.path) ?? [];
    const table = rawTable(tableName);
    if (!table) {
      return refused(
        `"${tableName}" is no table of the raw layer: the tables are ${tableNames()}.`,
        file.path,
      );
    }
    if (!/^batch_\d+$/.test(name)) {
      return refused(
        `"${name}" is no name of a batch: call the file batch_ and a number, such as batch_001.csv.`,
        file.path,
      );
    }
    batches.push({ table, name, file });
  }
  batches.sort(inOrder);
  if (wanted === undefined) return { kind: 'done', report: batches };
  const [, tableName = '', name = ''] = /([^/]+)\/([^/]+?)(?:\.csv)?$/.exec(wanted) ?? ['', wanted, ''];
  const found = batches.filter((batch) => batch.table.name === tableName && batch.name === name);
  return found.length > 0
    ? { kind: 'done', report: found }
    : refused(unknownBatch(wanted, tableName, batches));
}

function unknownBatch(wanted: string, tableName: string, batches: readonly Batch[]): string {
  if (!rawTable(tableName)) {
    return `There is no batch "${wanted}": name it as table/batch, where the tables are ${tableNames()}.`;
  }
  const there = batches
    .filter((batch) => batch.table.name === tableName)
    .map((batch) => `${tableName}/${batch.name}`);
  return there.length === 0
    ? `There is no batch "${wanted}": ${tableName} has none.`
    : `There is no batch "${wanted}": ${tableName} has ${there.join(', ')}.`;
}

function inOrder(one: Batch, other: Batch): number {
  const byNumber = batchNumber(one) - batchNumber(other);
  return byNumber === 0 ? RAW_TABLES.indexOf(one.table) - RAW_TABLES.indexOf(other.table) : byNumber;
}

function batchNumber(batch: Batch): number {
  return Number(batch.name.slice('batch_'.length));
}

function tableNames(): string {
  return RAW_TABLES.map((table) => table.name).join(', ');
}

function refused(
  message: string,
  path?: string,
): { kind: 'refused'; problem: { message: string; path?: string } } {
  return { kind: 'refused', problem: { message, ...(path === undefined ? {} : { path }) } };
}
