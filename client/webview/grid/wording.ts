/** How the grid says things: counts, times, types, filters as SQL. */

import type { Filter, PreviewColumn, PreviewState, Sort } from '../../../server/src/lsp/protocol.ts';

const counts = new Intl.NumberFormat('en');

export function count(number: number): string {
  return counts.format(number);
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** While it grows: a figure that changes ten times a second should not have more places. */
export function elapsed(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : duration(milliseconds);
}

const SHORT: readonly (readonly [long: string, short: string])[] = [
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp without time zone', 'timestamp'],
  ['time with time zone', 'timetz'],
  ['time without time zone', 'time'],
  ['character varying', 'varchar'],
  ['double precision', 'float8'],
];

/** The names that people write, where the standard's are long. */
export function shortType(type: string): string {
  const modifier = /\([^)]*\)/u.exec(type)?.[0] ?? '';
  const plain = type.replace(modifier, '').replace(/\s+/gu, ' ');
  const found = SHORT.find(([long]) => plain === long || plain === `${long}[]`);
  if (!found) return type;
  return plain.endsWith('[]') ? `${found[1]}${modifier}[]` : `${found[1]}${modifier}`;
}

/** Exact decimal text with its thousands set apart, rounded to so many places. */
export function decimal(text: string, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/u.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', part = ''] = match;
  const kept = part.slice(0, places);
  const scaled = BigInt(whole + kept) + ((part[places] ?? '0') >= '5' ? 1n : 0n);
  const digits = scaled.toString().padStart(kept.length + 1, '0');
  const point = digits.length - kept.length;
  const grouped = digits.slice(0, point).replace(/\B(?=(\d{3})+$)/gu, ',');
  return `${sign}${grouped}${kept.length > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** The value as it stands in SQL. */
export function filterValue(filter: Filter, column: PreviewColumn): string {
  if (filter.operator === 'is null' || filter.operator === 'is not null') return '';
  const value = filter.value ?? '';
  if (column.isNumeric && value.trim() !== '' && !Number.isNaN(Number(value))) return value;
  if (column.type === 'boolean') return value;
  return `'${value.replaceAll("'", "''")}'`;
}

export function filterText(filter: Filter, column: PreviewColumn): string {
  return `${column.name} ${filter.operator} ${filterValue(filter, column)}`.trimEnd();
}

/** Not yet sorted, ascending, descending, not sorted; `add` keeps the other columns. */
export function cycleSort(sort: readonly Sort[], column: number, how: 'alone' | 'add'): readonly Sort[] {
  const known = sort.find((one) => one.column === column);
  const next: Sort[] =
    known === undefined
      ? [{ column, direction: 'ascending' }]
      : known.direction === 'ascending'
        ? [{ column, direction: 'descending' }]
        : [];
  if (how === 'alone') return next;
  if (known === undefined) return [...sort, ...next];
  return sort.flatMap((one) => (one.column === column ? next : [one]));
}

/** For those who hear it: how far a preview is. */
export function phaseText(state: PreviewState): string {
  switch (state.phase) {
    case 'fetching':
      return `Fetching rows of ${state.title}`;
    case 'done':
      return `${plural(state.rows, 'row')} in ${duration(state.elapsed)}`;
    case 'stopped':
      return `Stopped after ${plural(state.rows, 'row')}`;
    case 'failed':
      return 'The query failed';
  }
}

/** Now, as a clock shows it. */
export function timeOfDay(): string {
  return new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** A name that every file system takes. */
export function fileName(title: string, ending: string): string {
  return `${title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/gu, '') || 'rows'}.${ending}`;
}
