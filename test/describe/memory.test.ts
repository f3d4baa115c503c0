/** What is asked again when something changes, and what is done when the server does not answer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureError } from '../../server/src/base/failure.ts';
import { describeModels } from '../../server/src/describe/describe-models.ts';
import type { Catalog } from '../../server/src/project/catalog.ts';
import { projectWith, type Project } from '../../server/src/project/project.ts';
import type { Session } from '../../server/src/warehouse/port.ts';
import { withSession } from '../support/postgres.ts';
import { catalogOf, outcomes, parser, printed, projectOn } from './describing.ts';

const PROJECT = `
  ==> models/a.sql
  select 1 as id, 'x' as name
  ==> models/b.sql
  select id from {{ ref('a') }}
  ==> models/c.sql
  select id from {{ ref('b') }}
`;
const [A, B, C] = ['model.fixture.a', 'model.fixture.b', 'model.fixture.c'];

/** A session that counts the statements it describes. */
function counted(session: Session): { readonly session: Session; readonly sent: () => number } {
  let sent = 0;
  const counting = Object.assign(Object.create(session) as Session, {
    describe: (text: string) => {
      sent++;
      return session.describe(text);
    },
    queryWith: (...given: Parameters<Session['queryWith']>) => session.queryWith(...given),
  });
  return {
    session: counting,
    sent: () => {
      const before = sent;
      sent = 0;
      return before;
    },
  };
}

function edited(project: Project, path: string, text: string): Project {
  const { project: changed } = projectWith(project, path, text);
  assert.ok(changed);
  return changed;
}

test('a text that reads the same columns is not sent again, and a changed column reaches those below', () =>
  withSession(async (given, { settings }) => {
    const { session, sent } = counted(given);
    const { project } = projectOn(settings, PROJECT);
    const catalog = await catalogOf(session, project);
    await outcomes(session, project, catalog);
    assert.equal(sent(), 3);
    await outcomes(session, project, catalog);
    assert.equal(sent(), 0);

    const shifted = edited(project, 'models/a.sql', "{# first #}\nselect 1 as id, 'y' as name");
    await outcomes(session, shifted, catalog);
    assert.equal(sent(), 1, 'only the text that is another');

    const widened = edited(project, 'models/a.sql', "select 1::bigint as id, 'x' as name");
    const found = await outcomes(session, widened, catalog);
    assert.equal(sent(), 3);
    assert.equal(printed(found.get(C)), 'id bigint');

    await outcomes(session, widened, { ...catalog, readAt: 2 });
    assert.equal(sent(), 3, 'the warehouse may be another');
  }));

test('a configuration that makes a difference is asked about anew', () =>
  withSession(async (session, { settings }) => {
    const { project } = projectOn(settings, '==> models/d.sql\nselect 1 as id, 2 as id');
    const catalog = await catalogOf(session, project);
    const said = async (of: Project): Promise<string> =>
      printed((await outcomes(session, of, catalog)).get('model.fixture.d'));
    assert.match(await said(project), /specified more than once/u);
    const text = "{{ config(materialized='ephemeral') }}select 1 as id, 2 as id";
    assert.equal(await said(edited(project, 'models/d.sql', text)), 'id integer, id integer');
    assert.match(await said(project), /specified more than once/u);
  }));

test('the same fault is found again at the place where it stands by then', () =>
  withSession(async (given, { settings }) => {
    const { session, sent } = counted(given);
    const { project } = projectOn(
      settings,
      `${PROJECT}  ==> models/d.sql
  select nope from {{ ref('a') }}
`,
    );
    const catalog = await catalogOf(session, project);
    const placeOf = async (of: Project): Promise<number | undefined> => {
      const outcome = (await outcomes(session, of, catalog)).get('model.fixture.d');
      assert.ok(outcome?.kind === 'refused');
      return outcome.diagnostics[0]?.place?.range.start;
    };
    assert.equal(await placeOf(project), 'select '.length);
    sent();
    const text = "{# a note #}select nope from {{ ref('a') }}\n";
    assert.equal(await placeOf(edited(project, 'models/d.sql', text)), text.indexOf('nope'));
    assert.equal(sent(), 0);
  }));

test('a text with faults asks anew about the part that was changed', () =>
  withSession(async (given, { settings }) => {
    const { session, sent } = counted(given);
    const ctes =
      "with one as (select id from {{ ref('a') }}), two as (select id from one), three as (select id from two) ";
    const { project } = projectOn(
      settings,
      `${PROJECT}  ==> models/d.sql\n  ${ctes}select nope from three\n`,
    );
    const catalog = await catalogOf(session, project);
    await outcomes(session, project, catalog);
    assert.equal(
      sent(),
      3 + 1 + 3 + 2,
      'the others, the whole, its CTEs, the rest of it without and with its fault',
    );
    const typing = edited(project, 'models/d.sql', `${ctes}select nope2, from three`);
    await outcomes(session, typing, catalog);
    assert.equal(sent(), 0);
    const other = edited(project, 'models/d.sql', `${ctes}select nope2 from three`);
    assert.match(
      printed((await outcomes(session, other, catalog)).get('model.fixture.d')),
      /"nope2" does not exist/u,
    );
    assert.equal(sent(), 1 + 1, 'the rest without its fault is the same');
  }));

test('while a parent is broken, those below keep their columns and are not blamed', () =>
  withSession(async (session, { settings }) => {
    const { project } = projectOn(settings, PROJECT);
    const catalog = await catalogOf(session, project);
    const found = await outcomes(session, project, catalog);
    const described = new Map(
      [...found].flatMap(([id, outcome]) =>
        outcome.kind === 'columns' ? [[id, outcome.columns] as const] : [],
      ),
    );
    const known: Catalog = { ...catalog, described };
    const typing = edited(project, 'models/a.sql', 'select 1 as id, ');
    const during = await outcomes(session, typing, known);
    assert.equal(printed(during.get(A)), 'unknown: its SQL cannot be read');
    assert.equal(printed(during.get(B)), 'id integer');
    const below = edited(typing, 'models/b.sql', "select id, fresh from {{ ref('a') }}");
    const after = await outcomes(session, below, known, [B]);
    assert.equal(printed(after.get(B)), 'unknown: a model that it reads has faults of its own');
  }));

test('a lock that another session holds makes it unknown, in time', () =>
  withSession(async (session, { warehouse, settings }) => {
    await session.query('create schema shop; create table shop.orders (id int)');
    await session.query("set lock_timeout = '100ms'");
    const { project } = projectOn(
      settings,
      `
      ==> models/sources.yml
      sources:
        - name: shop
          tables: [{ name: orders }]
      ==> models/locked.sql
      select id from {{ source('shop', 'orders') }} tablesample system (10)
      ==> models/free.sql
      select id from {{ source('shop', 'orders') }}
      `,
    );
    const catalog = await catalogOf(session, project);
    const other = await warehouse.open('test');
    try {
      await other.query('begin; lock table shop.orders in access exclusive mode');
      const found = await outcomes(session, project, catalog);
      assert.match(printed(found.get('model.fixture.locked')), /^unknown: the server did not look at it/u);
      assert.equal(printed(found.get('model.fixture.free')), 'id integer');
    } finally {
      await other.close();
    }
  }));

test('a lost session ends the pass with a failure, an abort without one', () =>
  withSession(async (session, { settings }) => {
    const { project } = projectOn(settings, PROJECT);
    const catalog = await catalogOf(session, project);
    const abort = new AbortController();
    const seen: string[] = [];
    const ids = project.manifest.nodes.keys();
    for await (const { uniqueId } of describeModels(session, project, catalog, ids, {
      parser,
      signal: abort.signal,
    })) {
      seen.push(uniqueId);
      abort.abort();
    }
    assert.deepEqual(seen, [A]);
    await session.close();
    await assert.rejects(outcomes(session, project, { ...catalog, readAt: 2 }), FailureError);
  }));
