/** Columns that a property file lists and that are not there. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedColumnProblems } from '../../server/src/describe/yaml-columns.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { withSession } from '../support/postgres.ts';
import { catalogOf, outcomes, projectOn } from './describing.ts';

test('each listed column that is not there is shown at its name, with what was meant', () =>
  withSession(async (session, { settings }) => {
    await session.query('create schema shop; create table shop.orders (id int, "Paid" numeric, note text)');
    const { project, fixture } = projectOn(
      settings,
      `
      ==> models/a.sql
      select 1 as id, 'x' as name, 2 as "Mixed"
      ==> models/asks.sql
      select {{ run_query('select 1') }}
      ==> models/many_v1.sql
      select 1 as id, 2 as old
      ==> models/many_v2.sql
      select 1 as id, 2 as renewed
      ==> models/properties.yml
      models:
        - name: a
          columns:
            - name: ID
            - name: nmae
      #             ^^^^ yaml-column -> name
            - name: mixed
            - name: mixed
      #             ^^^^^ yaml-column
              quote: true
            - name: "Mixed"
              quote: true
        - name: asks
          columns: [{ name: anything }]
        - name: many
          latest_version: 2
          columns:
            - name: id
            - name: old
      #             ^^^ yaml-column
          versions:
            - v: 1
            - v: 2
              columns:
                - include: all
                  exclude: []
                - name: renewd
      #                 ^^^^^^ yaml-column -> renewed
      sources:
        - name: shop
          tables:
            - name: orders
              columns:
                - name: id
                - name: paid
                - name: notes
      #                 ^^^^^ yaml-column -> note
            - name: not_there
              columns: [{ name: anything }]
      ==> seeds/s.csv
      code,label
      a,b
      ==> seeds/properties.yml
      seeds:
        - name: s
          columns: [{ name: code }, { name: lable }]
      #                                     ^^^^^ yaml-column -> label
      `,
    );
    const catalog = await catalogOf(session, project);
    assert.deepEqual(describedColumnProblems(project, { ...catalog, relations: new Map() }), []);
    const found = await outcomes(session, project, catalog);
    const described = new Map(
      [...found].flatMap(([id, outcome]) =>
        outcome.kind === 'columns' ? [[id, outcome.columns] as const] : [],
      ),
    );
    const problems = describedColumnProblems(project, { ...catalog, described });
    assertAnnotations(
      fixture,
      problems.flatMap(({ code, place, suggestion }) =>
        place ? [{ ...place, expectation: suggestion ? `${code} -> ${suggestion.text}` : code }] : [],
      ),
    );
    assert.equal(
      problems.find(({ place }) => place?.path === 'seeds/properties.yml')?.message,
      "the seed 's' has no column 'lable'. Did you mean 'label'?",
    );
  }));
