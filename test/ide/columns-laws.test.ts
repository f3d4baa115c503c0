/** Laws: no text and no cursor makes the verbs fail, and what is kept over an edit is what a fresh reading gives. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnDefinition } from '../../server/src/ide/columns/column-definition.ts';
import { completeColumn } from '../../server/src/ide/columns/complete-column.ts';
import { completeYamlColumn } from '../../server/src/ide/columns/complete-yaml-column.ts';
import { hoverColumn } from '../../server/src/ide/columns/hover-column.ts';
import { parentColumns } from '../../server/src/ide/columns/parent-columns.ts';
import { unknownColumns } from '../../server/src/ide/columns/unknown-columns.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { fileSet } from '../../server/src/project/files.ts';
import { loadProject } from '../../server/src/project/project.ts';
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
    const paths = [
      'models/marts/weekly_sales.sql',
      'models/staging/stg_orders.sql',
      'models/staging/_staging.yml',
    ];
    for (const path of paths) {
      const whole = snapshot.project.input.files.get(path)?.text ?? '';
      assert.ok(whole.length > 0, path);
      // Every few characters, so that each kind of place is met, but the project is not read a thousand times.
      for (let end = 0; end <= whole.length; end += 13) {
        askAll(withText(snapshot, path, whole.slice(0, end)), path, end);
      }
      for (let offset = 0; offset <= whole.length; offset++) askAll(snapshot, path, offset);
    }
  });
});

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
