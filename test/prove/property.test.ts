/**
 * Random queries over random schemas: no key that is proven ever repeats, and no aggregate counts twice unless it is said to.
 *
 * `GRAIN_SCHEMAS=500` tries as many schemas, of twenty queries each; `GRAIN_FROM=100` begins with another one.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readSchema } from '../../server/src/describe/read-schema.ts';
import { inScratch } from '../../server/src/prove/scratch.ts';
import { searchMissed } from '../../server/src/prove/search-missed.ts';
import { Seeded } from '../../server/src/prove/seeded.ts';
import { analyze } from '../../server/src/sql/grain/analyze.ts';
import { parseSql } from '../../server/src/sql/parse-sql.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { withSession } from '../support/postgres.ts';
import { aggregateQuery, query, randomSchema } from './random-queries.ts';

const QUERIES = 20;
const TRIES = 15;

test('what is proven of random queries holds on all rows that are tried', async () => {
  const from = Number(process.env.GRAIN_FROM ?? 0);
  const schemas = Number(process.env.GRAIN_SCHEMAS ?? 6);
  const parser = await loadSqlParser();
  const faults: string[] = [];
  const figures = { queries: 0, keys: 0, doubts: 0, unseen: 0 };
  await withSession(async (session) => {
    for (let seed = from; seed < from + schemas; seed++) {
      const random = new Seeded(seed + 1);
      const { ddl, tables } = randomSchema(random);
      await inScratch(session, ddl, async () => {
        const schema = await readSchema(session);
        for (let index = 0; index < QUERIES; index++) {
          const depth = random.below(3);
          const sql = random.happens(0.5)
            ? query(random, tables, depth)
            : aggregateQuery(random, tables, Math.max(0, depth - 1));
          const { tree } = parseSql(parser, sql);
          const analyzed = tree && analyze(parser, tree, schema);
          assert.ok(analyzed?.kind === 'analyzed', sql);
          const { analysis } = analyzed;
          const options = { tries: TRIES, milliseconds: 60_000, seed, now: () => performance.now() };
          const missed = await searchMissed(session, parser, sql, analysis, options);
          figures.queries++;
          figures.keys += analysis.keys.length;
          figures.doubts += analysis.doubleCountings.length;
          figures.unseen += missed.unseen.length;
          for (const { columns, witness } of missed.keys)
            faults.push([`(${columns.join(', ')}) is no key: ${witness.seen}`, ddl, sql, ...witness.rows].join(';\n')); // prettier-ignore
          for (const { aggregate, witness } of missed.aggregates)
            faults.push([`${aggregate}: ${witness.seen}`, ddl, sql, ...witness.rows].join(';\n'));
        }
      });
    }
  });
  console.log(JSON.stringify(figures));
  assert.deepEqual(faults, []);
  assert.ok(figures.keys > figures.queries / 3, 'hardly anything is proven');
});
