/** What a failed test says: its words, its first rows as a table, the difference of a unit test. Pure text. */

import type { TestOutcome, UnitTestDifference } from '../../../server/src/lsp/protocol.ts';
import { cell, escape } from '../inline/words.ts';
import type { FirstRows } from './first-rows.ts';

/** Wider tables do not fit where a message is read; the grid shows the rest. */
const COLUMNS = 8;

/** Markdown. `subject` is what a link to all rows needs. */
export function failureMessage(
  outcome: Pick<TestOutcome, 'message' | 'failures' | 'difference'>,
  rows: FirstRows | undefined,
  subject: { readonly folder: string; readonly uniqueId: string },
): string {
  const parts = [escape(outcome.message ?? 'Failed')];
  if (outcome.difference) parts.push(differenceTable(outcome.difference));
  if (rows) parts.push(rowsTable(rows));
  if (!outcome.difference && (outcome.failures ?? 0) > 0) {
    const argument = encodeURIComponent(JSON.stringify([subject]));
    const all = (outcome.failures ?? 0).toLocaleString('en');
    parts.push(
      `[Show ${outcome.failures === 1 ? 'the row' : `all ${all} rows`}](command:grainline.showFailures?${argument})`,
    );
  }
  return parts.join('\n\n');
}

function rowsTable({ columns, rows }: FirstRows): string {
  const shown = columns.slice(0, COLUMNS);
  const rest = columns.length - shown.length;
  const table = markdownTable(
    shown.map(escape),
    rows.map((cells) => cells.slice(0, COLUMNS).map(cell)),
  );
  return rest > 0 ? `${table}\n\nand ${rest} more column${rest === 1 ? '' : 's'}` : table;
}

/** `−` was expected and did not come, `+` came and was not expected. */
function differenceTable({ columns, rows }: UnitTestDifference): string {
  return markdownTable(
    ['', ...columns.map(escape)],
    rows.map(({ kind, cells }) => [SIGN[kind], ...cells.map(cell)]),
  );
}

const SIGN = { same: '', expected: '− expected', actual: '\\+ actual' } as const;

function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...body.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

/** The two sides of a unit test's difference as aligned text, for the editor's own comparison. */
export function differenceSides({ columns, rows }: UnitTestDifference): { expected: string; actual: string } {
  const sides = (own: 'expected' | 'actual'): readonly (readonly string[])[] => [
    columns,
    ...rows
      .filter(({ kind }) => kind === 'same' || kind === own)
      .map(({ cells }) => cells.map((value) => value ?? 'NULL')),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...[...sides('expected'), ...sides('actual')].map((cells) => (cells[index] ?? '').length)),
  );
  const write = (lines: readonly (readonly string[])[]): string =>
    lines
      .map((cells) =>
        cells
          .map((value, index) => value.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  return { expected: write(sides('expected')), actual: write(sides('actual')) };
}
