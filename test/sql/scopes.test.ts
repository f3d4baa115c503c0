/** What the names of a statement mean, in Markdown cases: its output, its references, and what a cursor can name. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import type {
  Column,
  ColumnReference,
  Columns,
  FromItem,
  RelationColumns,
  Resolution,
} from '../../server/src/sql/scopes/columns.ts';
import { resolveScopes } from '../../server/src/sql/scopes/queries.ts';
import { scopeAt } from '../../server/src/sql/scopes/scope-at.ts';
import { testCases, type Case } from '../support/cases.ts';

const parser = await loadSqlParser();
const folder = fileURLToPath(new URL('../cases/scopes/', import.meta.url));

/** `schema.name(column type, …)` a line. */
function relationsOf({ shared }: Case): RelationColumns {
  const known = new Map(
    (shared[0]?.text ?? '').split('\n').map((line) => {
      const [, name = '', columns = ''] = /^(\S+)\((.*)\)$/u.exec(line) ?? [];
      const list = columns.split(', ').map((column) => {
        const [own = '', ...type] = column.split(' ');
        return { name: own, type: type.join(' ') };
      });
      return [name, list];
    }),
  );
  return (schema, name) => known.get(schema === undefined ? name : `${schema}.${name}`);
}

testCases(folder, (one, name) => {
  const relations = relationsOf(one);
  if (name === 'cursor') return cursorPicture(one.input.text, relations);
  const text = one.input.text;
  const { tree, diagnostics } = parseSql(parser, text);
  if (!tree) return diagnostics.map(({ message }) => message).join('\n');
  const scopes = resolveScopes(tree, relations);
  if (name === 'columns') return columnsPicture(scopes.output, text);
  return scopes.references.map((reference) => referencePicture(reference, text)).join('\n');
});

function columnsPicture({ known, isComplete }: Columns, text: string): string {
  const lines = known.map((column) => columnPicture(column, text));
  return [...lines, ...(isComplete ? [] : ['…'])].join('\n');
}

function columnPicture({ name, type, sources, isPlain, nameRange }: Column, text: string): string {
  const from = sources.map(({ item, column }) => `${item.name}.${column.name}`).join(', ');
  const way = from === '' ? '' : isPlain ? ` = ${from}` : ` < ${from}`;
  const place = nameRange ? ` «${text.slice(nameRange.start, nameRange.end)}»` : '';
  return `${name} ${type ?? '?'}${way}${place}`;
}

function referencePicture({ range, qualifier, resolution }: ColumnReference, text: string): string {
  const by = qualifier ? `${text.slice(qualifier.range.start, qualifier.range.end)}.` : '';
  return `${by}${text.slice(range.start, range.end)} → ${resolutionPicture(resolution)}`;
}

function resolutionPicture(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'column':
      return resolution.sources.map(({ item, column }) => `${itemPicture(item)}.${column.name}`).join(' + ');
    case 'output':
      return `the output ${resolution.column.name}`;
    case 'row':
      return `the row of ${itemPicture(resolution.item)}`;
    case 'missing':
      return `missing${resolution.item ? ` in ${itemPicture(resolution.item)}` : ''}`;
    case 'unknown':
      return 'unknown';
  }
}

function itemPicture({ kind, name, relation }: FromItem): string {
  const full = relation
    ? [relation.schema, relation.name].filter((part) => part !== undefined).join('.')
    : '';
  return full === '' || full === name ? `${kind} ${name}` : `${kind} ${name} (${full})`;
}

function cursorPicture(marked: string, relations: RelationColumns): string {
  const offset = marked.indexOf('$0');
  const text = marked.replace('$0', '');
  const found = scopeAt(parser, text, offset, relations);
  if (!found) return 'nothing';
  const { kind, clause, qualifier, replace, scope, ctes } = found;
  const lines = [`${kind} in ${clause}, instead of «${text.slice(replace.start, replace.end)}»`];
  if (qualifier.length > 0) lines.push(`behind ${qualifier.join('.')}`);
  for (let at: typeof scope | undefined = scope; at; at = at.outer)
    for (const item of at.namespace.items) lines.push(`${itemPicture(item)}: ${namesPicture(item.columns)}`);
  if (ctes.length > 0) lines.push(`CTEs: ${ctes.map(({ name }) => name).join(', ')}`);
  return lines.join('\n');
}

function namesPicture({ known, isComplete }: Columns): string {
  return [...known.map(({ name }) => name), ...(isComplete ? [] : ['…'])].join(' ');
}

const inputs = readdirSync(folder).flatMap((file) =>
  [...readFileSync(folder + file, 'utf8').matchAll(/```sql\n([\s\S]*?)```/gu)].map(([, sql = '']) =>
    sql.replace('$0', ''),
  ),
);

describe('a text that is cut off anywhere', () => {
  test('never fails, at its end or elsewhere', () => {
    assert.ok(inputs.length > 20);
    for (const sql of inputs) {
      for (let end = 0; end <= sql.length; end++) {
        const found = scopeAt(parser, sql.slice(0, end), end, () => undefined);
        if (found) assert.ok(found.replace.start <= end && found.replace.end >= end);
      }
    }
  });
});

const BITS = ['(', ')', ',', "'", '"', '--', '/*', '*/', '$$', ' select ', ' from ', ' with a as (', '.', 'é😀', ' union ', ';', '\0', ' as ', ' join ', 'case when ', '\r\n', "E'", 'U&"', '::', '[', ' lateral (', ' values (1)', '*', ' using (', ' natural join x ', ' recursive ']; // prettier-ignore

describe('a text with anything typed into it', () => {
  test('never fails, and what is found can be found in it', () => {
    // Always the same walk, so that a failure comes again.
    let state = 7;
    const pick = (count: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * count);
    };
    let found = 0;
    for (let turn = 0; turn < 1500; turn++) {
      let sql = inputs[pick(inputs.length)] ?? '';
      let at = 0;
      for (let edits = 1 + pick(3); edits > 0; edits--) {
        at = pick(sql.length + 1);
        const isRemoved = pick(3) === 0;
        sql =
          sql.slice(0, at) +
          (isRemoved ? '' : (BITS[pick(BITS.length)] ?? '')) +
          sql.slice(isRemoved ? at + pick(20) : at);
      }
      const scope = scopeAt(parser, sql, at, () => [{ name: 'a', type: 'text' }]);
      if (scope) found++;
      const { tree } = parseSql(parser, sql);
      if (!tree) continue;
      for (const { range } of resolveScopes(tree, () => undefined).references)
        assert.ok(range.start < range.end && range.end <= sql.length, sql);
    }
    assert.ok(found > 300, `only ${String(found)} found`);
  });
});
