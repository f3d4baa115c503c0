/** A catalog's columns as `adapter.get_columns_in_relation` gives them: the parts that information_schema would say. */

import type { CatalogColumn } from './catalog.ts';
import { Column, type ColumnParts } from './context/column.ts';
import type { MacroTable } from './macros.ts';
import { isBuiltin } from './macros.ts';

/** Undefined where one of them has a type of which information_schema says more than its oid tells, such as a domain. */
export function knownColumns(columns: readonly CatalogColumn[]): readonly Column[] | undefined {
  const found: Column[] = [];
  for (const { name, typeOid, typmod } of columns) {
    const type = partsOf(typeOid, typmod);
    if (!type) return undefined;
    found.push(new Column({ column: name, ...type }));
  }
  return found;
}

type TypeParts = Pick<ColumnParts, 'dtype'> & Partial<ColumnParts>;

const PLAIN: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  19: 'name',
  25: 'text',
  26: 'oid',
  114: 'json',
  142: 'xml',
  869: 'inet',
  1082: 'date',
  1083: 'time without time zone',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1266: 'time with time zone',
  2950: 'uuid',
  3802: 'jsonb',
};

const INTEGERS: Readonly<Record<number, readonly [string, number]>> = {
  20: ['bigint', 64],
  21: ['smallint', 16],
  23: ['integer', 32],
};

const FLOATS: Readonly<Record<number, readonly [string, number]>> = {
  700: ['real', 24],
  701: ['double precision', 53],
};

const STRINGS: Readonly<Record<number, string>> = { 1042: 'character', 1043: 'character varying' };

const NUMERIC = 1700;

/** Arrays of the types above. */
const ARRAYS = new Set([
  199, 1000, 1001, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1041, 1115, 1182, 1183, 1185,
  1187, 1231, 1270, 2951, 3807,
]);

/** A modifier counts from four on, as Postgres writes it. */
const MODIFIER = 4;

/** Beyond it the scale is a negative number, of which versions of the server say different things. */
const MOST_SCALE = 1000;

function partsOf(typeOid: number, typmod: number): TypeParts | undefined {
  const plain = PLAIN[typeOid];
  if (plain !== undefined) return { dtype: plain };
  const [integer, bits] = INTEGERS[typeOid] ?? [];
  if (integer !== undefined) return { dtype: integer, numericPrecision: bits ?? null, numericScale: 0 };
  const [float, precision] = FLOATS[typeOid] ?? [];
  if (float !== undefined) return { dtype: float, numericPrecision: precision ?? null };
  const text = STRINGS[typeOid];
  if (text !== undefined) return { dtype: text, charSize: typmod === -1 ? null : typmod - MODIFIER };
  if (typeOid === NUMERIC) return numericParts(typmod);
  return ARRAYS.has(typeOid) ? { dtype: 'ARRAY' } : undefined;
}

function numericParts(typmod: number): TypeParts | undefined {
  if (typmod === -1) return { dtype: 'numeric' };
  const numericScale = (typmod - MODIFIER) & 0xffff;
  if (numericScale > MOST_SCALE) return undefined;
  return { dtype: 'numeric', numericPrecision: ((typmod - MODIFIER) >> 16) & 0xffff, numericScale };
}

const own = new WeakMap<MacroTable, boolean>();

/** Whether a project has a say of its own in how columns are asked for: then its macro is what answers. */
export function asksColumnsItsOwnWay(table: MacroTable): boolean {
  let known = own.get(table);
  if (known === undefined) {
    known = [...table.packages].some(
      ([name, macros]) => !isBuiltin(name) && ASKING.some((macro) => macros.has(macro)),
    );
    own.set(table, known);
  }
  return known;
}

const ASKING = ['', 'postgres__', 'default__'].map((prefix) => `${prefix}get_columns_in_relation`);
