/** node-sql-parser's builds, one a dialect, each loaded when somebody first opens such a file. */

/** What is used of a build; its trees are taken as unknown values, because its types promise more than it gives. */
export interface DialectParser {
  parse(text: string, options: object): { readonly ast: unknown };
}

interface Build {
  readonly default: { readonly Parser: new () => DialectParser };
}

/** By the `type` of a profile's target. */
const BUILDS: Readonly<Record<string, () => Promise<unknown>>> = {
  snowflake: () => import('node-sql-parser/build/snowflake.js'),
  bigquery: () => import('node-sql-parser/build/bigquery.js'),
  redshift: () => import('node-sql-parser/build/redshift.js'),
  spark: () => import('node-sql-parser/build/hive.js'),
  databricks: () => import('node-sql-parser/build/hive.js'),
  hive: () => import('node-sql-parser/build/hive.js'),
  athena: () => import('node-sql-parser/build/athena.js'),
  trino: () => import('node-sql-parser/build/trino.js'),
  mysql: () => import('node-sql-parser/build/mysql.js'),
  mariadb: () => import('node-sql-parser/build/mariadb.js'),
  sqlite: () => import('node-sql-parser/build/sqlite.js'),
  sqlserver: () => import('node-sql-parser/build/transactsql.js'),
  fabric: () => import('node-sql-parser/build/transactsql.js'),
};

const loading = new Map<string, Promise<DialectParser>>();

export function isOtherDialect(dialect: string): boolean {
  return Object.hasOwn(BUILDS, dialect);
}

/** undefined for a dialect that nobody here reads. */
export function loadDialectParser(dialect: string): Promise<DialectParser> | undefined {
  const build = isOtherDialect(dialect) ? BUILDS[dialect] : undefined;
  if (!build) return undefined;
  let parser = loading.get(dialect);
  if (!parser) loading.set(dialect, (parser = load(build)));
  return parser;
}

async function load(build: () => Promise<unknown>): Promise<DialectParser> {
  const { default: module } = (await build()) as Build;
  return new module.Parser();
}
