/** The methods of agate's Table: derived tables, and printing. */

import { then } from '../../../base/maybe-promise.ts';
import type { MaybePromise } from '../../../base/maybe-promise.ts';
import { foldMaybe } from '../../../base/maybe-promise.ts';
import {
  Dict,
  PySet,
  str,
  textOf,
  TemplateError,
  truthy,
  Tuple,
  typeError,
  valueError,
} from '../../../jinja/index.ts';
import type { HostFunction, Value } from '../../../jinja/index.ts';
import { HostObject } from '../../../jinja/index.ts';
import { define } from '../host.ts';
import type { Bound } from '../host.ts';
import { intArgument } from '../modules/integers.ts';
import { compareValues } from '../modules/order.ts';
import { uniqueNames } from './column-names.ts';
import { MappedSequence } from './mapped-sequence.ts';
import { structureText, tableText, usualPrintOptions } from './print-table.ts';
import type { DataType } from './data-type.ts';
import { dataTypes } from './data-type.ts';
import type { AgateTable, Cells } from './table.ts';
import { csvText, jsonText } from './table-text.ts';

export function tableMethod(table: AgateTable, name: string): HostFunction | undefined {
  switch (name) {
    case 'select':
      return define(name, 'key', (args) => select(table, namesOf(args.value('key'))));
    case 'exclude':
      return define(name, 'key', (args) => {
        const excluded = namesOf(args.value('key'));
        return select(
          table,
          table.columnNames.filter((column) => !excluded.includes(column)),
        );
      });
    case 'rename':
      return define(name, 'column_names=,row_names=,slug_columns=,slug_rows=', (args) => rename(table, args));
    case 'where':
      return define(name, 'test', (args) => where(table, args.value('test')));
    case 'find':
      return define(name, 'test', (args) =>
        then(matchingRows(table, args.value('test'), 'first'), ([row]) =>
          row === undefined ? null : (table.rows.getItem(row) ?? null),
        ),
      );
    case 'order_by':
      return define(name, 'key,reverse=', (args) =>
        orderBy(table, args.value('key'), truthy(args.value('reverse'))),
      );
    case 'limit':
      return define(name, 'start_or_stop=,stop=,step=', (args) => limit(table, args));
    case 'distinct':
      return define(name, 'key=', (args) => distinct(table, args.value('key')));
    case 'group_by':
      return define(name, 'key,key_name=,key_type=', (args) => groupBy(table, args.value('key')));
    case 'merge':
      return define(name, 'tables,row_names=,column_names=', (args) => merge(table, args.value('tables')));
    case 'to_csv':
    case 'to_json':
      return define(name, 'path,**rest', () => {
        throw new TemplateError(
          'security',
          'SecurityError',
          `${name}() would write a file, which templates may not do: use print_${name.slice(3)}()`,
        );
      });
    default:
      return printMethod(table, name);
  }
}

function printMethod(table: AgateTable, name: string): HostFunction | undefined {
  const prints = (signature: string, text: (args: Bound) => string): HostFunction =>
    define(name, signature, (args) => {
      table.onPrint?.(text(args));
      return null;
    });
  switch (name) {
    case 'print_table':
      return prints('max_rows=,max_columns=,output=,max_column_width=,locale=,max_precision=', (args) =>
        tableText(table, {
          maxRows: limitArgument(args.get('max_rows'), usualPrintOptions.maxRows),
          maxColumns: limitArgument(args.get('max_columns'), usualPrintOptions.maxColumns),
          maxColumnWidth: limitArgument(args.get('max_column_width'), usualPrintOptions.maxColumnWidth),
          maxPrecision: limitArgument(args.get('max_precision'), usualPrintOptions.maxPrecision),
          locale: args.text('locale') ?? usualPrintOptions.locale,
        }),
      );
    case 'print_structure':
      return prints('output=,max_rows=', (args) =>
        structureText(table, limitArgument(args.get('max_rows'), null)),
      );
    case 'print_csv':
      return prints('', () => csvText(table));
    case 'print_json':
      return prints('key=,newline=,indent=', (args) => {
        const indent = args.value('indent');
        return jsonText(table, {
          key: args.text('key') ?? undefined,
          isLines: truthy(args.value('newline')),
          indent: indent === null ? undefined : intArgument(indent),
        });
      });
    default:
      return undefined;
  }
}

function limitArgument(value: Value | undefined, usual: number | null): number | null {
  if (value === undefined) return usual;
  return value === null ? null : intArgument(value);
}

/** A name, or a sequence of names. */
function namesOf(key: Value): string[] {
  const items = sequenceOf(key);
  return (items ?? [key]).map((name) => str(name));
}

function sequenceOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  return value instanceof MappedSequence ? value.sequence() : undefined;
}

function columnIndex(table: AgateTable, name: Value): number {
  const index = table.columnNames.indexOf(textOf(name) ?? '');
  if (typeof name === 'number' && name < table.columnNames.length) return name;
  if (index < 0)
    throw valueError(`the table has no column "${str(name)}": it has ${table.columnNames.join(', ')}`);
  return index;
}

function select(table: AgateTable, names: readonly string[]): AgateTable {
  const indexes = names.map((name) => columnIndex(table, name));
  const { cells } = table;
  return table.with({
    columnNames: uniqueNames(names),
    columnTypes: indexes.map((index) => table.columnTypes[index] as DataType),
    cells: {
      rowCount: cells.rowCount,
      value: (row, column) => cells.value(row, indexes[column] as number),
      text: (row, column) => cells.text(row, indexes[column] as number),
    },
  });
}

function rename(table: AgateTable, args: Bound): AgateTable {
  if (truthy(args.value('slug_columns')) || truthy(args.value('slug_rows'))) {
    throw valueError('rename() makes no slugs here: give column_names');
  }
  const given = args.value('column_names');
  return table.with({ columnNames: renamed(table, given) });
}

function renamed(table: AgateTable, given: Value): readonly string[] {
  if (given === null) return table.columnNames;
  if (given instanceof Dict) {
    return uniqueNames(table.columnNames.map((name) => str(given.get(name) ?? name)));
  }
  const names = namesOf(given);
  if (names.length !== table.columnNames.length) {
    throw valueError('column_names and column_types must be the same length.');
  }
  return uniqueNames(names);
}

/** The same columns with other rows, or the same in another order. */
function withRows(table: AgateTable, rows: readonly number[]): AgateTable {
  const { cells } = table;
  const picked: Cells = {
    rowCount: rows.length,
    value: (row, column) => cells.value(rows[row] as number, column),
    text: (row, column) => cells.text(rows[row] as number, column),
  };
  return table.with({ cells: picked });
}

function allRows(table: AgateTable): number[] {
  return Array.from({ length: table.rowCount }, (_, row) => row);
}

function callWith(callee: Value, row: Value): MaybePromise<Value> {
  if (!(callee instanceof HostObject) || !callee.call)
    throw typeError('a macro or function that takes a row is needed');
  return callee.call({ positional: [row], keyword: new Map() });
}

function isCallable(value: Value): boolean {
  return value instanceof HostObject && value.call !== undefined;
}

function matchingRows(table: AgateTable, test: Value, which: 'all' | 'first'): MaybePromise<number[]> {
  return foldMaybe(allRows(table), [] as number[], (found, row) => {
    if (which === 'first' && found.length > 0) return found;
    return then(callWith(test, table.rows.getItem(row) ?? null), (verdict) =>
      truthy(verdict) ? [...found, row] : found,
    );
  });
}

function where(table: AgateTable, test: Value): MaybePromise<AgateTable> {
  return then(matchingRows(table, test, 'all'), (rows) => withRows(table, rows));
}

/** Each row's key by a column, several columns, or a function. */
function keysOf(table: AgateTable, key: Value): MaybePromise<Value[]> {
  if (isCallable(key) && !(key instanceof MappedSequence)) {
    return foldMaybe(allRows(table), [] as Value[], (keys, row) =>
      then(callWith(key, table.rows.getItem(row) ?? null), (value) => {
        keys.push(value);
        return keys;
      }),
    );
  }
  const columns = sequenceOf(key)?.map((name) => columnIndex(table, name));
  if (columns)
    return allRows(table).map((row) => new Tuple(columns.map((column) => table.value(row, column))));
  const column = columnIndex(table, key);
  return allRows(table).map((row) => table.value(row, column));
}

function orderBy(table: AgateTable, key: Value, isReversed: boolean): MaybePromise<AgateTable> {
  return then(keysOf(table, key), (keys) => {
    const rows = allRows(table);
    if (isReversed) rows.reverse();
    rows.sort((left, right) => compareKeys(keys[left] ?? null, keys[right] ?? null));
    if (isReversed) rows.reverse();
    return withRows(table, rows);
  });
}

/** Nulls come last. */
function compareKeys(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (!(left instanceof Tuple && right instanceof Tuple)) return compareValues(left, right);
  for (let index = 0; index < left.items.length; index++) {
    const order = compareKeys(left.items[index] as Value, right.items[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function limit(table: AgateTable, args: Bound): AgateTable {
  const number = (name: string): number | undefined => {
    const value = args.value(name);
    return value === null ? undefined : intArgument(value);
  };
  const first = number('start_or_stop');
  const stop = number('stop');
  const step = number('step');
  const rows = allRows(table);
  const isRange = (stop ?? 0) !== 0 || (step ?? 0) !== 0;
  if (!isRange) return withRows(table, rows.slice(0, first));
  if (step !== undefined && step < 0) throw valueError('limit() takes a step from 1 up');
  return withRows(
    table,
    rows.slice(first ?? 0, stop).filter((_, index) => index % (step ?? 1) === 0),
  );
}

function distinct(table: AgateTable, key: Value): MaybePromise<AgateTable> {
  // agate compares generators where it is given several columns, and so finds every row unique.
  if (sequenceOf(key)) return withRows(table, allRows(table));
  const keys =
    key === null ? allRows(table).map((row) => new Tuple(table.rowValues()[row] ?? [])) : keysOf(table, key);
  return then(keys, (found) => {
    const seen = new PySet();
    return withRows(
      table,
      allRows(table).filter((row) => {
        const own = found[row] ?? null;
        if (seen.has(own)) return false;
        seen.add(own);
        return true;
      }),
    );
  });
}

function groupBy(table: AgateTable, key: Value): MaybePromise<MappedSequence> {
  return then(keysOf(table, key), (keys) => {
    const groups = new Map<string, number[]>();
    keys.forEach((value, row) => {
      const name = str(value);
      const rows = groups.get(name);
      if (rows) rows.push(row);
      else groups.set(name, [row]);
    });
    return new MappedSequence('TableSet', () => [...groups.values()].map((rows) => withRows(table, rows)), [
      ...groups.keys(),
    ]);
  });
}

function isTable(value: Value): value is AgateTable {
  return value instanceof HostObject && 'cells' in value;
}

function merge(table: AgateTable, given: Value): AgateTable {
  const tables = (sequenceOf(given) ?? []).map((one) => {
    if (!isTable(one)) throw typeError('merge() takes a list of tables');
    return one;
  });
  const types = new Map<string, DataType>();
  for (const one of tables) {
    one.columnNames.forEach((name, index) => {
      const type = one.columnTypes[index] ?? dataTypes.Text;
      const known = types.get(name);
      if (known && known !== type) {
        throw new TemplateError(
          'type',
          'DataTypeError',
          'Tables contain columns with the same names, but different types.',
        );
      }
      types.set(name, type);
    });
  }
  const columnNames = [...types.keys()];
  const places = tables.flatMap((one) => {
    const columns = columnNames.map((name) => one.columnNames.indexOf(name));
    return allRows(one).map((row) => ({ cells: one.cells, row, columns }));
  });
  const columnIn = (place: (typeof places)[number], column: number): number => place.columns[column] ?? -1;
  return table.with({
    columnNames,
    columnTypes: [...types.values()],
    cells: {
      rowCount: places.length,
      value(row, column) {
        const place = places[row] as (typeof places)[number];
        return columnIn(place, column) < 0 ? null : place.cells.value(place.row, columnIn(place, column));
      },
      text(row, column) {
        const place = places[row] as (typeof places)[number];
        return columnIn(place, column) < 0 ? null : place.cells.text(place.row, columnIn(place, column));
      },
    },
  });
}
