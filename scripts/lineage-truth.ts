/**
 * Asks Postgres about every query of a folder, and compares what it says with what we say: `lineage-truth.ts FOLDER [SCHEMA.sql]`.
 * The schema is FOLDER/schema.sql unless named; each other .sql file below is one query.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadSqlParser } from '../server/src/sql/parser.ts';
import { serverConnection } from './lineage/server-connection.ts';
import { compareWithServer } from './lineage/truth.ts';

const [folder, schemaFile] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: lineage-truth.ts FOLDER [SCHEMA.sql]');
const ddl = resolve(schemaFile ?? join(folder, 'schema.sql'));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql') && resolve(folder, file) !== ddl)
  .sort();
const parser = await loadSqlParser();
const counts = { queries: 0, columns: 0, types: 0, plain: 0, read: 0, differences: 0 };
const refused: string[] = [];
const unknown: string[] = [];

const server = await serverConnection(readFileSync(ddl, 'utf8'));
try {
  for (const file of files) {
    const result = await compareWithServer(
      server.client,
      parser,
      server.schema,
      readFileSync(join(folder, file), 'utf8'),
    );
    if (result.kind === 'refused by the server') refused.push(`${file}: ${result.message}`);
    else if (result.kind === 'not understood') unknown.push(`${file}: ${result.reason}`);
    else {
      counts.queries += 1;
      for (const key of ['columns', 'types', 'plain', 'read'] as const) counts[key] += result[key];
      counts.differences += result.differences.length;
      for (const difference of result.differences) console.log(`${file}: ${difference}`);
    }
  }
} finally {
  await server.close();
}

for (const line of refused) console.log(`refused by the server: ${line}`);
for (const line of unknown) console.log(`not understood: ${line}`);
console.log(
  `queries: ${String(counts.queries)} of ${String(files.length - refused.length)}, columns: ${String(counts.columns)}, types known without the server: ${String(counts.types)}, ` +
    `origins by RowDescription: ${String(counts.plain)}, columns read by pg_depend: ${String(counts.read)}, differences: ${String(counts.differences)}`,
);
