/** What stands dim at the end of a line: the words, and no more. */

import type { GrainVerdict, TestEntry } from '../../../server/src/lsp/protocol.ts';

/** “holds (1,204 rows)”: at its declaration, what holds need not be said again. */
export function grainWords({ verdict, figures, reason }: GrainVerdict): string {
  switch (verdict) {
    case 'holds':
      return figures ? `holds (${count(figures.rows, 'row')})` : 'holds';
    case 'refuted': {
      if (!figures) return 'does not hold';
      const repeats = figures.rows - figures.distinctKeys - figures.nullKeys;
      const found = [
        ...(repeats > 0 ? [count(repeats, 'repeat')] : []),
        ...(figures.nullKeys > 0 ? [count(figures.nullKeys, 'null key')] : []),
      ];
      return `does not hold (${found.join(', ')} in ${count(figures.rows, 'row')})`;
    }
    case 'unknown':
      return `unknown${reason ? ` (${reason})` : ''}`;
  }
}

/** The whole verdict, for a hover: figures and the worst repeats as a table. */
export function grainDetail(verdict: GrainVerdict): string {
  const lines = [
    `**${escape(verdict.name)}**, one row per ${escape(verdict.columns.join(', '))}: ${escape(grainWords(verdict))}`,
  ];
  if (verdict.figures) {
    const { rows, distinctKeys, nullKeys, worst } = verdict.figures;
    lines.push(
      `${count(rows, 'row')}, ${count(distinctKeys, 'distinct key')}, ${count(nullKeys, 'null key')}`,
    );
    if (worst.length > 0) {
      lines.push(
        [
          `| ${[...verdict.columns, 'rows'].map(escape).join(' | ')} |`,
          `|${' --- |'.repeat(verdict.columns.length)} ---: |`,
          ...worst.map(
            ({ key, count: times }) => `| ${[...key.map(cell), times.toLocaleString('en')].join(' | ')} |`,
          ),
        ].join('\n'),
      );
    }
  }
  return lines.join('\n\n');
}

/** “3 failing”, for all tests that begin on a line; nothing when none failed. */
export function testWords(tests: readonly TestEntry[]): string | null {
  const bad = tests.filter(({ last }) => last !== null && isBad(last.status));
  const warned = tests.filter(({ last }) => last?.status === 'warn');
  const rows = bad.reduce((sum, { last }) => sum + (last?.failures ?? 0), 0);
  if (bad.some(({ last }) => last?.status !== 'fail')) return 'could not be run';
  if (bad.length > 0) return rows > 0 ? `${rows.toLocaleString('en')} failing` : 'failing';
  const warnings = warned.reduce((sum, { last }) => sum + (last?.failures ?? 0), 0);
  return warned.length > 0 ? `${warnings > 0 ? `${warnings.toLocaleString('en')} ` : ''}warned` : null;
}

export function isBad(status: string): boolean {
  return status === 'fail' || status === 'error' || status === 'runtime error';
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}

/** A value of the warehouse as a cell of a Markdown table. */
export function cell(value: string | null): string {
  if (value === null) return '*NULL*';
  const line = value.replaceAll(/\s+/gu, ' ');
  return escape(line.length > 60 ? `${line.slice(0, 59)}…` : line);
}

/** Data is shown, never understood as Markdown. */
export function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&:@/]/gu, (sign) => `\\${sign}`);
}
