/** Results of queries as tables: what dbt shows of the same texts, recorded from a server in New York. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { repr, Tuple } from '../../../server/src/jinja/index.ts';
import { rowDicts, tableFromQuery, tableText } from '../../../server/src/project/context/agate/index.ts';
import type { QueryResult } from '../../../server/src/project/context/agate/index.ts';
import { pythonJson } from '../../../server/src/project/context/modules/python-json.ts';

interface QueryCase extends QueryResult {
  readonly query: string;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly values: readonly string[];
  /** Null where agate itself fails at it. */
  readonly printed: string | null;
  readonly json: string;
}

const cases = JSON.parse(
  readFileSync(new URL('query-cases.json', import.meta.url), 'utf8'),
) as readonly QueryCase[];

for (const one of cases) {
  test(one.query, () => {
    const table = tableFromQuery(one);
    assert.deepEqual(
      {
        names: table.columnNames,
        types: table.columnTypes.map((type) => type.typeName),
        values: table.rowValues().map((row) => repr(new Tuple(row))),
        printed: one.printed && tableText(table, { maxColumns: null, maxColumnWidth: null }),
        json: pythonJson(rowDicts(table)),
      },
      { names: one.names, types: one.types, values: one.values, printed: one.printed, json: one.json },
    );
  });
}
