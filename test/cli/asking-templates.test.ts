/** Models that ask the warehouse while they are rendered, in a run: the slow question of one keeps no other waiting. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { done } from './program.ts';
import { withProject } from './scratch.ts';
import { query } from './state.ts';

/** Rendered only when the three others hold their locks, which they take while they are rendered. */
const FILES = {
  'models/a_waits.sql': "{% set waited = run_query('select waits.for_the_others()') %}select 1 as one",
  ...Object.fromEntries(
    ['1', '2', '3'].map((key) => [
      `models/holds_${key}.sql`,
      `{% set held = run_query('select pg_advisory_lock(${key})') %}select ${key} as one`,
    ]),
  ),
};

const WAITING = `create schema waits;
create function waits.for_the_others() returns int language plpgsql as $$
declare held int;
begin
  for turn in 1..1000 loop
    select count(distinct objid) into held from pg_locks
    where locktype = 'advisory' and granted and objid in (1, 2, 3)
      and database = (select oid from pg_database where datname = current_database());
    if held = 3 then return held; end if;
    perform pg_sleep(0.02);
  end loop;
  raise exception 'only % of the others were rendered', held;
end $$`;

for (const command of ['compile', 'run'])
  test(`${command}: four models interleave on four sessions, and a slow question of one blocks none`, () =>
    withProject(FILES, async (project) => {
      await query(project.settings, WAITING);
      const { text } = await done(project, [command, '--threads', '4']);
      assert.doesNotMatch(text, /ERROR [1-9]/u);
    }));
