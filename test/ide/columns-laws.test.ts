/** Laws: no text and no cursor makes the verbs fail, and what is kept over an edit is what a fresh reading gives. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnDefinition } from '../../server/src/ide/columns/column-definition.ts';
import { completeColumn } from '../../server/src/ide/columns/complete-column.ts';
import { completeYamlColumn } from '../../server/src/ide/columns/complete-yaml-column.ts';
import { hoverColumn } from '../../server/src/ide/columns/hover-column.ts';
import { parentColumns, relationColumns } from '../../server/src/ide/columns/parent-columns.ts';
import { renderedSql, treeOf } from '../../server/src/ide/columns/rendered.ts';
import { unknownColumns } from '../../server/src/ide/columns/unknown-columns.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { fileSet } from '../../server/src/project/files.ts';
import { loadProject } from '../../server/src/project/project.ts';
import type { ColumnReference, Scope, Source } from '../../server/src/sql/scopes/columns.ts';
import { resolveScopes } from '../../server/src/sql/scopes/queries.ts';
import { scopeAt } from '../../server/src/sql/scopes/scope-at.ts';
import { sampleSnapshot } from './columns-support.ts';
import { withText } from './snapshots.ts';

/** The same texts as new files, so that nothing kept is found. */
function afresh({ project, ...rest }: Snapshot): Snapshot {
  const files = fileSet([...project.input.files].map(([path, { text }]) => [path, text] as const));
  const read = loadProject({ ...project.input, files }).project;
  assert.ok(read);
  return { ...rest, project: read };
}

function edited(snapshot: Snapshot, path: string, from: string, to: string): Snapshot {
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  assert.ok(text.includes(from), `${path} has no ${from}`);
  return withText(snapshot, path, text.replaceAll(from, to));
}

function everything(snapshot: Snapshot): unknown {
  const { manifest } = snapshot.project;
  return [...manifest.nodes.keys(), ...manifest.sources.keys()].map((id) => [
    id,
    parentColumns(snapshot, id),
    unknownColumns(snapshot, id),
  ]);
}

describe('what is kept over edits', () => {
  test('is what a fresh reading gives', async () => {
    let snapshot = await sampleSnapshot();
    everything(snapshot);
    const edits: readonly (readonly [string, string, string])[] = [
      ['models/staging/stg_orders.sql', 'order_id', 'order_number'],
      ['models/marts/weekly_sales.sql', 'from unioned', 'from union'],
      ['models/staging/stg_orders.sql', 'order_number', 'order_id'],
      ['models/marts/weekly_sales.sql', 'from union\n', 'from unioned\n'],
      ['models/intermediate/int_orders.sql', 'with orders', "{{ config(alias='renamed') }} with orders"],
      ['models/staging/_sources.yml', 'schema: raw', 'schema: elsewhere'],
      ['dbt_project.yml', 'models:', 'vars: {x: 1}\nmodels:'],
    ];
    const before = JSON.stringify(everything(snapshot));
    let changes = 0;
    for (const [path, from, to] of edits) {
      snapshot = edited(snapshot, path, from, to);
      const kept = everything(snapshot);
      assert.deepEqual(kept, everything(afresh(snapshot)), `${path}: ${to}`);
      if (JSON.stringify(kept) !== before) changes++;
    }
    assert.ok(changes > 0, 'the edits changed nothing');
  });

  test('follows a macro that a model uses', async () => {
    const snapshot = await sampleSnapshot();
    const path = 'models/marts/own.sql';
    const withModel = withText(snapshot, path, `select 1 as {{ own_name() }}`);
    const named = (name: string): Snapshot =>
      withText(withModel, 'macros/own_name.sql', `{% macro own_name() %}${name}{% endmacro %}`);
    const id = `model.${snapshot.project.world.root.name}.own`;
    const names = (moment: Snapshot): readonly string[] =>
      parentColumns(moment, id).columns.map(({ name }) => name);
    assert.deepEqual(names(named('first')), ['first']);
    assert.deepEqual(names(named('second')), ['second']);
  });
});

describe('a text cut off anywhere', () => {
  test('never makes a verb fail, and every answer is about the cursor', async () => {
    const snapshot = await sampleSnapshot();
    // Strides without a common divisor meet each kind of place without reading the project a thousand times.
    for (const [path, stride] of [
      ['models/marts/weekly_sales.sql', 3],
      ['models/staging/stg_orders.sql', 3],
      ['models/staging/_staging.yml', 23],
    ] as const) {
      const whole = snapshot.project.input.files.get(path)?.text ?? '';
      assert.ok(whole.length > 0, path);
      for (let end = 0; end <= whole.length; end += stride * 17)
        askAll(withText(snapshot, path, whole.slice(0, end)), path, end);
      for (let offset = 0; offset <= whole.length; offset += stride) askAll(snapshot, path, offset);
    }
  });
});

describe('what is typed around a name', () => {
  test('leaves what the name could mean in sight', async () => {
    const snapshot = await sampleSnapshot();
    const relations = relationColumns(snapshot, 'likely');
    let places = 0;
    for (const node of snapshot.project.manifest.nodes.values()) {
      if (node.resource_type !== 'model') continue;
      const [rendered] = renderedSql(snapshot, node);
      const tree = rendered && treeOf(snapshot.parser, rendered);
      assert.ok(tree);
      const { references } = resolveScopes(tree, relations);
      for (let index = 0; index < references.length; index += 5) {
        const reference = references[index];
        if (reference?.resolution.kind !== 'column') continue;
        const [source] = reference.resolution.sources;
        assert.ok(source);
        for (const { text, offset } of typings(rendered.sql.text, reference)) {
          places++;
          const found = scopeAt(snapshot.parser, text, offset, relations);
          const shown = `${text.slice(0, offset)}⟂${text.slice(offset)}`;
          assert.ok(found && sees(found.scope, source), shown);
        }
      }
    }
    assert.ok(places > 200);
  });
});

/** The text with the name gone and something typed around it. */
function typings(
  sql: string,
  { range, qualifier }: ColumnReference,
): readonly { readonly text: string; readonly offset: number }[] {
  const start = qualifier?.range.start ?? range.start;
  const dotted = sql.slice(start, range.start);
  const before = (typed: string): { text: string; offset: number } => ({
    text: sql.slice(0, start) + typed + dotted + sql.slice(range.end),
    offset: range.start + typed.length,
  });
  const behind = (typed: string): { text: string; offset: number } => ({
    text: sql.slice(0, range.start) + typed + sql.slice(range.end),
    offset: range.start,
  });
  return [
    behind(''),
    before('coalesce('),
    before('coalesce(sum('),
    behind(','),
    behind(' +'),
    { text: `${sql.slice(0, range.start)}${sql.slice(range.end)} where where (`, offset: range.start },
  ];
}

function sees(scope: Scope, { item, column }: Source): boolean {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = at.namespace.items.find(({ name }) => name === item.name);
    if (found?.columns.known.some(({ name }) => name === column.name)) return true;
  }
  return false;
}

function askAll(snapshot: Snapshot, path: string, offset: number): void {
  const cursor = { path, offset };
  for (const { replace } of [...completeColumn(snapshot, cursor), ...completeYamlColumn(snapshot, cursor)])
    assert.ok(replace.start <= offset && offset <= replace.end, `${path} at ${String(offset)}`);
  const hover = hoverColumn(snapshot, cursor);
  if (hover)
    assert.ok(hover.range.start <= offset && offset <= hover.range.end, `${path} at ${String(offset)}`);
  for (const { place, name } of columnDefinition(snapshot, cursor)) {
    const text = snapshot.project.input.files.get(place.path)?.text ?? '';
    assert.ok(place.range.start <= name.start && name.end <= place.range.end && name.end <= text.length);
  }
}
