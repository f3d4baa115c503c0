/** All places of one model that mean the same column, alias or CTE. */

import { describe, test } from 'node:test';
import { columnReferences } from '../../server/src/ide/columns/column-references.ts';
import { assertAnnotations } from '../support/fixture-project.ts';
import { catalogOf } from './columns-support.ts';
import { marks, moment } from './snapshots.ts';

const CATALOG = catalogOf(`raw.orders(order_id bigint, amount numeric)`);

function check(model: string): void {
  const { fixture, snapshot, cursor } = moment(
    `${model.trim()}
==> models/sources.yml
sources:
  - name: raw
    tables:
      - name: orders`,
    {},
    CATALOG,
  );
  assertAnnotations(fixture, marks(columnReferences(snapshot, cursor()), 'here'));
}

describe('references within a model', () => {
  test('of a parent’s column stop where it gets a new name', () => {
    check(`
select order$0_id as id, r.order_id + 1 as order_id
--     ^^^^^^^^^^ here
--                         ^^^^^^^^ here
from {{ source('raw', 'orders') }} r
where order_id > 1
--    ^^^^^^^^ here
order by order_id
`);
  });

  test('of a CTE’s column begin where it is named', () => {
    check(`
with a as (
    select order_id as id from {{ source('raw', 'orders') }}
--                     ^^ here
)
select a.id$0, 2 as id from a where id > 1
--       ^^ here
--                                  ^^ here
`);
  });

  test('of an alias are its qualifiers', () => {
    check(`
select r$0.order_id, r.*, x.amount
--     ^ here
--                   ^ here
from {{ source('raw', 'orders') }} r
--                                 ^ here
cross join {{ source('raw', 'orders') }} x
`);
  });

  test('of a CTE are where it is read', () => {
    check(`
with $0a as (select 1 as one)
--   ^ here
select a.one from a, (select a.one from a) b
--     ^ here
--                ^ here
--                           ^ here
--                                      ^ here
`);
  });
});
