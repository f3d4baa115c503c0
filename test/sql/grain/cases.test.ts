/** Keys and double countings against a specification in Markdown, whose every claim is first proven by running it on rows. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { analyzeQuery, type QueryReport } from '../../../server/src/prove/analyze-query.ts';
import { inScratch } from '../../../server/src/prove/scratch.ts';
import { loadSqlParser, type SqlParser } from '../../../server/src/sql/parser.ts';
import type { Session } from '../../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../../server/src/warehouse/postgres/warehouse.ts';
import { testWarehouse } from '../../support/postgres.ts';
import { readGrainCases } from '../../../scripts/peers/read-cases.ts';
import { judge, newFigures, type Figures } from './judge.ts';
import { proveClaims } from './prove-claims.ts';

const folder = fileURLToPath(new URL('../../cases/grain', import.meta.url));

describe('grain, as the specification says', () => {
  let session: Session;
  let parser: SqlParser;
  const figures = newFigures();

  before(async () => {
    session = await postgresWarehouse({ ...(await testWarehouse()), database: 'postgres' }).open('test');
    parser = await loadSqlParser();
  });

  after(async () => {
    await session.close();
    print(figures);
  });

  for (const one of readGrainCases(folder))
    test(one.id, async () => {
      const faults = await inScratch(session, one.schema, () => proveClaims(session, one));
      assert.deepEqual(faults, [], 'the specification itself is wrong');
      const report = (sql: string, key?: readonly string[]): Promise<QueryReport> =>
        inScratch(session, one.schema, () => analyzeQuery(session, parser, sql, key));
      assert.deepEqual(await judge(one, report, figures), []);
    });
});

function print({ wrong, right, keys, others }: Figures): void {
  console.log(
    [
      `wrong aggregates caught: ${String(wrong.named)} of ${String(wrong.all)}`,
      `right aggregates that were called wrong: ${String(right.named)} of ${String(right.all)}`,
      `true keys proven: ${String(keys.proven)} of ${String(keys.all)} (refuted ${String(keys.refuted)})`,
      `wrong keys called proven: ${String(others.proven)} of ${String(others.all)}; refuted: ${String(others.refuted)}`,
    ].join('\n'),
  );
}
