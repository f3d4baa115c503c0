/** Compares the rows of a unit test without regard to order, and draws what differs. */

import { str } from '../jinja/index.ts';
import type { AgateTable } from '../project/context/agate/index.ts';
import type { RowDifference } from './results.ts';

export interface UnitTestDifference {
  /** A table: `+++` before rows only in actual, `---` before rows only in expected, `→` before a changed pair. */
  readonly drawn: string;
  readonly rows: RowDifference;
}

/** Null when the rows are equal. */
export function unitTestDifference(table: AgateTable): UnitTestDifference | null {
  const names = table.columnNames.map((name) => name.toLowerCase());
  const side = names.indexOf('actual_or_expected');
  const columns = names.filter((_, index) => index !== side);
  const rows = (which: string): string[][] =>
    table
      .rowValues()
      .filter((row) => str(row[side] ?? '') === which)
      .map((row) =>
        row.filter((_, index) => index !== side).map((cell) => (cell === null ? 'NULL' : str(cell))),
      );
  const actual = rows('actual');
  const expected = rows('expected');
  const onlyActual = without(actual, expected);
  const onlyExpected = without(expected, actual);
  if (onlyActual.length === 0 && onlyExpected.length === 0) return null;
  const lines: string[][] = [['@@', ...columns]];
  const pairs = pairUp(onlyExpected, onlyActual);
  for (const [before, after] of pairs) {
    if (before && after)
      lines.push([
        '→',
        ...before.map((cell, index) => (cell === after[index] ? cell : `${cell}→${after[index] ?? ''}`)),
      ]);
    else if (after) lines.push(['+++', ...after]);
    else if (before) lines.push(['---', ...before]);
  }
  const same = without(actual, onlyActual).slice(0, 1);
  for (const row of same) lines.push(['', ...row]);
  return { drawn: drawn(lines), rows: { columns, rows: rowsOf(pairs, without(actual, onlyActual)) } };
}

/** A row as it was expected stands above the row that came in its place. */
function rowsOf(
  pairs: readonly (readonly [string[] | undefined, string[] | undefined])[],
  same: readonly string[][],
): RowDifference['rows'] {
  return [
    ...pairs.flatMap(([before, after]) => [
      ...(before ? [{ kind: 'expected' as const, cells: before }] : []),
      ...(after ? [{ kind: 'actual' as const, cells: after }] : []),
    ]),
    ...same.map((cells) => ({ kind: 'same' as const, cells })),
  ];
}

/** The rows of one list that the other lacks, with multiplicity. */
function without(rows: readonly string[][], others: readonly string[][]): string[][] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const key = JSON.stringify(row);
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left === 0;
  });
}

/** Rows that agree in most cells are one changed row; the rest came or went. */
function pairUp(
  before: readonly string[][],
  after: readonly string[][],
): [string[] | undefined, string[] | undefined][] {
  const left = [...after];
  const pairs: [string[] | undefined, string[] | undefined][] = before.map((row) => {
    const best = left.reduce(
      (found, candidate, index) =>
        agreement(row, candidate) > (found < 0 ? 0 : agreement(row, left[found] ?? [])) ? index : found,
      -1,
    );
    if (best < 0) return [row, undefined];
    return [row, left.splice(best, 1)[0]];
  });
  return [...pairs, ...left.map((row): [undefined, string[]] => [undefined, row])];
}

function agreement(a: readonly string[], b: readonly string[]): number {
  return a.filter((cell, index) => cell === b[index]).length;
}

function drawn(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(...lines.map((line) => [...(line[index] ?? '')].length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - [...cell].length)))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}
