/** Microbatch models: which spans of time a run builds, what it must be told, what it reads. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { batchesOf, batchId, batchName, parseTime, timeText } from '../../server/src/project/microbatch.ts';
import type { BatchOptions } from '../../server/src/project/microbatch.ts';
import { eventTimeFilter } from '../../server/src/run/run-batches.ts';
import { projectFromFixture } from '../support/project.ts';

function spans(options: Partial<BatchOptions>): string[] {
  return batchesOf({
    size: 'day',
    begin: at('2020-01-01'),
    lookback: 1,
    isIncremental: false,
    asked: null,
    now: at('2020-01-03 13:57:00'),
    ...options,
  }).map(([start, end]) => `${timeText(start)} – ${timeText(end)}`.replaceAll(':00+00:00', ''));
}

function at(written: string): number {
  const time = parseTime(written);
  assert.ok(time !== undefined, written);
  return time;
}

describe('a run builds', () => {
  test('every batch since the beginning, the first time', () => {
    assert.deepEqual(spans({}), [
      '2020-01-01 00:00 – 2020-01-02 00:00',
      '2020-01-02 00:00 – 2020-01-03 00:00',
      '2020-01-03 00:00 – 2020-01-04 00:00',
    ]);
  });
  test('the current batch and those of the lookback, later', () => {
    assert.deepEqual(spans({ isIncremental: true, begin: at('2019-01-01') }), [
      '2020-01-02 00:00 – 2020-01-03 00:00',
      '2020-01-03 00:00 – 2020-01-04 00:00',
    ]);
    assert.deepEqual(spans({ isIncremental: true, lookback: 0 }), ['2020-01-03 00:00 – 2020-01-04 00:00']);
  });
  test('whole batches of the span it is asked for', () => {
    const asked = [at('2020-01-01 10:30'), at('2020-01-01T12:01')] as const;
    assert.deepEqual(spans({ size: 'hour', asked }), [
      '2020-01-01 10:00 – 2020-01-01 11:00',
      '2020-01-01 11:00 – 2020-01-01 12:00',
      '2020-01-01 12:00 – 2020-01-01 13:00',
    ]);
  });
  test('months and years of their own lengths', () => {
    const months = spans({ size: 'month', begin: at('2020-01-31'), now: at('2020-03-01') });
    assert.deepEqual(months, ['2020-01-01 00:00 – 2020-02-01 00:00', '2020-02-01 00:00 – 2020-03-01 00:00']);
    assert.deepEqual(spans({ size: 'year', isIncremental: true }), [
      '2019-01-01 00:00 – 2020-01-01 00:00',
      '2020-01-01 00:00 – 2021-01-01 00:00',
    ]);
  });
});

test('batches are named after their start', () => {
  const start = at('2020-01-02 08:00');
  assert.deepEqual(
    (['year', 'month', 'day', 'hour'] as const).map((size) => batchName(start, size)),
    ['2020', '2020-01', '2020-01-02', '2020-01-02T08'],
  );
  assert.equal(batchId(start, 'hour'), '20200102T08');
});

test('a time that is none is none', () => {
  assert.equal(parseTime('2020-01-01 11 PM'), undefined);
  assert.equal(parseTime('2020-13-01'), undefined);
  assert.equal(timeText(at('2020-01-01 00:00:00.250')), '2020-01-01 00:00:00.250000+00:00');
});

describe('a microbatch model must say', () => {
  const problems = (config: string, more = ''): string[] => {
    const { project } = projectFromFixture(`==> dbt_project.yml
name: shop
profile: shop
==> models/events.sql
{{ config(materialized='incremental', incremental_strategy='microbatch'${config}) }}
select 1 as id
${more}`);
    return project.diagnostics.filter(({ code }) => code === 'microbatch').map(({ message }) => message);
  };
  const complete = ", event_time='at', batch_size='day', begin='2020-01-01'";
  test('which column is the time, since when, and in which steps', () => {
    assert.match(problems('')[0] ?? '', /must provide an 'event_time'/);
    assert.match(problems(", event_time='at'")[0] ?? '', /must provide a 'begin'/);
    assert.match(
      problems(", event_time='at', begin='yesterday'")[0] ?? '',
      /valid datetime .* got: yesterday/,
    );
    assert.match(
      problems(", event_time='at', begin='2020-01-01', batch_size='week'")[0] ?? '',
      /one of \['hour', 'day', 'month', 'year'\], but got: week/,
    );
    assert.deepEqual(problems(complete), []);
  });
  test('nothing of the kind, where the project brings the strategy', () => {
    const own = `==> macros/strategy.sql
{% macro get_incremental_microbatch_sql(arg_dict) %}select 1{% endmacro %}
`;
    assert.deepEqual(problems('', own), []);
  });
});

test('a batch reads the rows of its time from inputs that have one', () => {
  const { project } = projectFromFixture(`==> dbt_project.yml
name: shop
profile: shop
==> models/timed.sql
{{ config(event_time='at') }}
select now() as at
==> models/quoted.sql
{{ config(event_time='At') }}
select now() as "At"
==> models/plain.sql
select 1 as id
==> models/schema.yml
models:
  - name: quoted
    columns:
      - name: At
        quote: true
`);
  const span = [at('2020-01-01'), at('2020-01-02')] as const;
  const filter = (name: string) => {
    const node = project.manifest.nodes.get(`model.shop.${name}`);
    assert.ok(node);
    return eventTimeFilter(node, span);
  };
  assert.deepEqual(filter('timed'), {
    field: 'at',
    start: '2020-01-01 00:00:00+00:00',
    end: '2020-01-02 00:00:00+00:00',
  });
  assert.equal(filter('quoted')?.field, '"At"');
  assert.equal(filter('plain'), null);
});
