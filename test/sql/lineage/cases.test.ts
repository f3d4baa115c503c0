/** Column lineage as a specification in Markdown, and the server's word on every query of it. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serverConnection, type ServerConnection } from '../../../scripts/lineage/server-connection.ts';
import { compareWithServer } from '../../../scripts/lineage/truth.ts';
import { readSchema } from '../../../server/src/describe/read-schema.ts';
import { relationName } from '../../../server/src/sql/lineage/origins.ts';
import { sourcesOf, type SourceColumn } from '../../../server/src/sql/lineage/sources.ts';
import {
  statementLineage,
  type LineageQuery,
  type Link,
} from '../../../server/src/sql/lineage/statement-lineage.ts';
import { parseSql } from '../../../server/src/sql/parse-sql.ts';
import { loadSqlParser } from '../../../server/src/sql/parser.ts';
import { bindStatement } from '../../../server/src/sql/plan/bind.ts';
import type { Schema } from '../../../server/src/sql/plan/schema.ts';
import { parseCases, testCases, type Case } from '../../support/cases.ts';
import { withSession } from '../../support/postgres.ts';

const parser = await loadSqlParser();
const folder = fileURLToPath(new URL('../../cases/lineage/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** All files share one schema. */
const ddl = new Set(
  files.flatMap((name) => parseCases(readFileSync(join(folder, name), 'utf8')).map((one) => ddlOf(one))),
);

const schemas = new Map<string, Schema>();
await withSession(async (session) => {
  for (const text of ddl) {
    await session.query(text);
    schemas.set(text, await readSchema(session));
  }
});

function ddlOf({ shared }: Case): string {
  return shared.find(({ name }) => name === 'schema')?.text ?? '';
}

testCases(folder, (one, name) => {
  const { query, queries } = lineageOf(one);
  if (name === 'sources') return query.columns.map((column) => `${column.name}: ${sourcesOf(column).map(sourceText).join(', ') || 'nothing'}`).join('\n'); // prettier-ignore
  assert.equal(name, 'hops');
  return queries.map(queryText).join('\n');
});

function lineageOf(one: Case): ReturnType<typeof statementLineage> {
  const { tree } = parseSql(parser, one.input.text);
  const schema = schemas.get(ddlOf(one));
  assert.ok(tree && schema);
  const binding = bindStatement(parser, tree, schema);
  assert.equal(binding.kind, 'bound');
  return statementLineage(binding.statement.query, tree);
}

function sourceText({ relation, column = '*', how }: SourceColumn): string {
  return `${how} ${relationName(relation)}.${column}`;
}

function queryText(query: LineageQuery): string {
  const lines = query.columns.flatMap((column) => column.links.map((link) => linkText(column.name, link)));
  const rows = query.rows.map((link) => linkText('rows', link));
  return [query.kind === 'statement' ? 'the statement' : `${query.kind} ${query.name}`, ...lines, ...rows].join('\n  '); // prettier-ignore
}

function linkText(name: string, { how, expression, source }: Link): string {
  const from =
    source.kind === 'column'
      ? `${source.column.query.name}.${source.column.name}`
      : source.kind === 'rows'
        ? `${source.query.name}.*`
        : `${relationName(source.relation)}.${source.kind === 'relation column' ? source.column : '*'}`;
  return `${name}: ${how} ${from}${expression === undefined ? '' : ` «${expression}»`}`;
}

describe('Postgres agrees: the same columns, the same origins, the same columns read', () => {
  const cases = files.flatMap((name) =>
    parseCases(readFileSync(join(folder, name), 'utf8')).map((one) => ({ ...one, name })),
  );

  test('there are enough of them', () => {
    assert.ok(cases.length >= 60);
  });

  let connection: ServerConnection;
  before(async () => {
    connection = await serverConnection([...ddl].join('\n'));
  });
  after(async () => {
    await connection.close();
  });

  for (const one of cases)
    test(`${one.name}: ${one.title}`, async () => {
      const compared = await compareWithServer(connection.client, parser, connection.schema, one.input.text);
      assert.equal(compared.kind, 'compared', JSON.stringify(compared));
      // Of a whole row the server notes that the relation is read, and names no column.
      const isWholeRow = one.title.includes('whole row');
      const differences = compared.differences.filter(
        (text) => !isWholeRow || !text.endsWith('we say it is'),
      );
      assert.deepEqual(differences, []);
    });
});
