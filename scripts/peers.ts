/**
 * What other tools say of the same queries: `node --import tsx scripts/peers.ts [--differences]`.
 *
 * The queries are those of test/cases/grain. The tools are installed from PyPI into the ignored cache, and told in their own terms what the
 * schema guarantees: columns, unique tests, not_null tests, views as models.
 */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { FailureError } from '../server/src/base/failure.ts';
import { readRelations } from '../server/src/describe/read-schema.ts';
import { analyzeQuery, type QueryReport } from '../server/src/prove/analyze-query.ts';
import { inScratch } from '../server/src/prove/scratch.ts';
import { loadSqlParser, type SqlParser } from '../server/src/sql/parser.ts';
import type { Relation } from '../server/src/sql/plan/schema.ts';
import { ensureEmbedded } from '../server/src/warehouse/embedded/launcher.ts';
import type { Session } from '../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../server/src/warehouse/postgres/warehouse.ts';
import { readGrainCases, type GrainCase } from './peers/read-cases.ts';

const RELEASES = { dblect: '0.1.0', grainguard: '0.1.0', graincheck: '0.1.1' };
const OURS = 'grainline';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

/** A query that repeats rows, one that does not though it looks so, or neither. */
type Kind = 'wrong' | 'right' | 'no aggregate';

interface Query {
  readonly id: string;
  readonly kind: Kind;
  readonly schema: string;
  readonly sql: string;
  readonly claims: readonly { readonly columns: readonly string[]; readonly isKey: boolean }[];
}

interface Answer {
  readonly id: string;
  readonly tool: string;
  readonly found: readonly string[];
  /** By claim of the query. */
  readonly proven: readonly boolean[];
  readonly refuted?: readonly boolean[];
  readonly ms: number | null;
  readonly failed: string | null;
}

const queries = readGrainCases(join(root, 'test', 'cases', 'grain')).flatMap(queriesOf);
const session = await postgresWarehouse({
  ...(await ensureEmbedded({ stateFolder: join(root, '.cache', 'test-warehouse') })),
  database: 'postgres',
}).open('peers');
try {
  const parser = await loadSqlParser();
  const told: unknown[] = [];
  const answers: Answer[] = [];
  for (const query of queries) {
    told.push({ ...query, tables: await tablesOf(session, query) });
    answers.push(await ourAnswer(session, parser, query).catch((error: unknown) => refusal(query, error)));
  }
  answers.push(...(await peerAnswers(await peersPython(), told)));
  print(answers);
} finally {
  await session.close();
}

function queriesOf(one: GrainCase): readonly Query[] {
  const has = (kind: string): boolean => one.claims.some((claim) => claim.kind === kind);
  const claims = one.claims.flatMap((claim) =>
    claim.kind === 'key' || claim.kind === 'no key'
      ? [{ columns: claim.columns, isKey: claim.kind === 'key' }]
      : [],
  );
  const kind = has('repeats') ? 'wrong' : has('right') ? 'right' : 'no aggregate';
  const { id, schema, sql, instead } = one;
  const query = { id, kind, schema, sql, claims } as const;
  if (instead === undefined) return [query];
  return [query, { id: `${id} (instead)`, kind: 'right', schema, sql: instead, claims: [] }];
}

/** What the tools can be told: keys of plain columns, those of partial indexes with their predicate, views as queries; no key that children break. */
async function tablesOf(of: Session, { schema }: Query): Promise<readonly unknown[]> {
  return inScratch(of, schema, async () => {
    const relations = [...(await readRelations(of, ['public'])).values()];
    const order = await of.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace order by oid`,
    );
    const places = new Map(order.rows.map(([name], index) => [name, index]));
    return relations
      .sort((one, other) => (places.get(one.name) ?? 0) - (places.get(other.name) ?? 0))
      .map(({ name, columns, keys, hasChildren, definition }) => ({
        name,
        columns: columns.map((column) => ({ name: column.name, type: column.type, notNull: column.notNull })),
        keys: hasChildren ? [] : keys.flatMap(toldKey),
        definition: definition ?? null,
      }));
  });
}

function toldKey({ parts, where }: Relation['keys'][number]): readonly unknown[] {
  if (parts.some((part) => part.column === undefined || part.operator !== 'equals')) return [];
  return [{ columns: parts.map((part) => part.column), where: where ?? null }];
}

async function ourAnswer(of: Session, parser: SqlParser, query: Query): Promise<Answer> {
  const ask = (key?: readonly string[]): Promise<QueryReport> => analyzeQuery(of, parser, query.sql, key);
  return inScratch(of, query.schema, async () => {
    await ask();
    const begin = performance.now();
    const report = await ask();
    const ms = performance.now() - begin;
    const verdicts: string[] = [];
    for (const claim of query.claims)
      verdicts.push((await ask(claim.columns)).declaredKey?.verdict ?? 'unknown');
    return {
      id: query.id,
      tool: OURS,
      found: report.diagnostics
        .filter(({ code }) => code === 'double-counting')
        .map(({ message }) => message),
      proven: verdicts.map((verdict) => verdict === 'proven'),
      refuted: verdicts.map((verdict) => verdict === 'refuted'),
      ms,
      failed: null,
    };
  });
}

/** As with the others, what we die of is our answer. */
function refusal({ id, claims }: Query, error: unknown): Answer {
  if (!(error instanceof FailureError)) throw error;
  return { id, tool: OURS, found: [], proven: claims.map(() => false), ms: null, failed: error.message };
}

/** Python's of an environment with the tools in it, made where there is none. */
async function peersPython(): Promise<string> {
  const folder = join(root, '.cache', 'peers');
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  // dblect does not load on earlier fixes of Python 3.11 and 3.12.
  const chosen = process.env.GRAINLINE_PYTHON ?? 'python3.13';
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  await run(chosen, ['-m', 'venv', folder]);
  const wanted = Object.entries(RELEASES).map(([name, release]) => `${name}==${release}`);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted]);
  writeFileSync(complete, '');
  return python;
}

async function peerAnswers(python: string, told: readonly unknown[]): Promise<readonly Answer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'grainline-peers-'));
  try {
    const file = join(folder, 'queries.json');
    writeFileSync(file, JSON.stringify(told));
    const { stdout } = await run(python, [join(import.meta.dirname, 'peers', 'run_peers.py'), file], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(answers: readonly Answer[]): void {
  const rows = [OURS, ...Object.keys(RELEASES)].map((tool) => row(tool, new Map(answers.filter((answer) => answer.tool === tool).map((answer) => [answer.id, answer])))); // prettier-ignore
  const head = ['', 'wrong aggregates caught', 'false alarms', 'true keys proven', 'wrong keys called proven', 'wrong keys refuted', 'not read', 'ms a model (median)', 'p99']; // prettier-ignore
  console.log([head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  if (process.argv.includes('--differences')) printDifferences(answers);
}

function row(tool: string, answers: ReadonlyMap<string, Answer>): readonly string[] {
  const found = (kind: Kind): readonly [number, number] => {
    const all = queries.filter((query) => query.kind === kind);
    return [all.filter(({ id }) => (answers.get(id)?.found.length ?? 0) > 0).length, all.length];
  };
  const keys = (isKey: boolean, of: 'proven' | 'refuted'): readonly [number, number] => {
    const verdicts = queries.flatMap(({ id, claims }) =>
      claims.flatMap((claim, index) =>
        claim.isKey === isKey ? [answers.get(id)?.[of]?.[index] ?? false] : [],
      ),
    );
    return [verdicts.filter((verdict) => verdict).length, verdicts.length];
  };
  const times = [...answers.values()]
    .flatMap(({ ms }) => (ms === null ? [] : [ms]))
    .sort((one, other) => one - other);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  const of = ([some, all]: readonly [number, number]): string => `${String(some)} of ${String(all)}`;
  const release = (RELEASES as Readonly<Record<string, string>>)[tool];
  return [
    release === undefined ? tool : `${tool} ${release}`,
    of(found('wrong')),
    of(found('right')),
    of(keys(true, 'proven')),
    of(keys(false, 'proven')),
    of(keys(false, 'refuted')),
    String([...answers.values()].filter(({ failed }) => failed !== null).length),
    at(0.5),
    at(0.99),
  ];
}

function printDifferences(answers: readonly Answer[]): void {
  for (const query of queries)
    for (const { tool, found, proven, failed } of answers.filter(({ id }) => id === query.id)) {
      const say = (what: string): void => {
        console.log(`${tool}\t${what}\t${query.id}\t${failed ?? ''}`);
      };
      if (query.kind === 'wrong' && found.length === 0) say('missed');
      if (query.kind === 'right' && found.length > 0) say('false alarm');
      query.claims.forEach(({ columns, isKey }, index) => {
        if (isKey && proven[index] !== true) say(`not proven (${columns.join(', ')})`);
        if (!isKey && proven[index] === true) say(`unsound (${columns.join(', ')})`);
      });
    }
}
