/** One query put to the server: its columns, what is wrong with it, or that nobody can say. */

import { FailureError, type QueryFailure } from '../base/failure.ts';
import { parseSql, type SqlTree } from '../sql/parse-sql.ts';
import type { SqlParser } from '../sql/parser.ts';
import { statementKind } from '../sql/statement.ts';
import type { ResultColumn, Session } from '../warehouse/port.ts';
import { arrayParameter } from './array-parameter.ts';
import { firstStand, secondStand, type Parent, type ParentOf } from './parents.ts';
import { namesFrom } from './names-from.ts';
import { readsOf, type Reads } from './relation-reads.ts';
import { stubStatement, type StubStatement } from './stub-statement.ts';

export interface Asker {
  readonly session: Session;
  readonly parser: SqlParser;
  readonly parentOf: ParentOf;
  /** Whether hooks run before the query, which may create what the server lacks now. */
  readonly hasHooks: boolean;
  /** Columns of parts of the text, by what was put to the server. */
  readonly parts: PartColumns;
}

export interface PartColumns {
  readonly known: (statement: string) => readonly ResultColumn[] | undefined;
  readonly learn: (statement: string, columns: readonly ResultColumn[]) => void;
}

/** Postgres's refusal, with its place in the query as it was given. */
export interface Fault {
  readonly sqlstate: string;
  readonly message: string;
  readonly hint: string | null;
  /** Null where the server names no place. */
  readonly offset: number | null;
}

export type Answer =
  | { readonly kind: 'columns'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Question {
  readonly text: string;
  /** Whether it is one query, and nothing that writes or defines. */
  readonly isQuery: boolean;
  readonly reads: Reads;
  /** Parses anew: a tree takes a hundred times the memory of its text, and is wanted again only where something is wrong. */
  readonly tree: () => SqlTree;
}

/** Undefined where Postgres's grammar refuses the text. */
export function questionOf(parser: SqlParser, text: string): Question | undefined {
  const { tree } = parseSql(parser, text);
  if (!tree) return undefined;
  return {
    text,
    isQuery:
      tree.statements.length === 1 && tree.statements.every(({ node }) => statementKind(node) === 'query'),
    reads: readsOf(tree),
    tree: () => parseSql(parser, text).tree ?? tree,
  };
}

/** The statement that is put first. */
export function firstStatement(parentOf: ParentOf, { text, reads }: Question): StubStatement {
  return stubStatement(text, reads, (read) => firstStand(read, parentOf(read)));
}

/** The same for a part of a text, which may have been asked about before. */
export async function askPart(asker: Asker, question: Question): Promise<Answer> {
  const first = firstStatement(asker.parentOf, question);
  const key = first.kind === 'statement' ? first.statement.text : undefined;
  const known = key === undefined ? undefined : asker.parts.known(key);
  const answer: Answer = known ? { kind: 'columns', columns: known } : await ask(asker, question);
  if (key !== undefined && answer.kind === 'columns') asker.parts.learn(key, answer.columns);
  return answer;
}

/** Throws a FailureError where the session is lost or cancelled. */
export async function ask(asker: Asker, question: Question): Promise<Answer> {
  const { parentOf } = asker;
  const first = await put(asker, firstStatement(parentOf, question), question);
  const parents = question.reads.relations.flatMap((read) => parentOf(read) ?? []);
  if (first.kind === 'columns' && parents.length > 0 && first.columns.some(isRow))
    return askForRows(asker, question, parents);
  if (first.kind !== 'failed') return first;
  if (parents.some(({ trust }) => trust === 'stale'))
    return { kind: 'unknown', reason: 'a model that it reads has faults of its own' };
  const { failure, offset } = first;
  const world = troubleOf(failure);
  if (world !== undefined) return { kind: 'unknown', reason: world };
  const fault = faultOf(failure, offset);
  if (isDoubtful(first, question, parents)) {
    const { text, reads } = question;
    const statement = stubStatement(text, reads, (read) => secondStand(read, parentOf(read)));
    const second = await put(asker, statement, question);
    if (second.kind !== 'failed') return second;
    if (
      second.failure.sqlstate !== failure.sqlstate ||
      !parents.every((parent) => isSettled(parent, first, question))
    )
      return { kind: 'unknown', reason: 'it depends on a relation that is not built as its text has it' };
  }
  // The relation may be of an older text than the one that cannot be asked.
  if (failure.sqlstate === '42703' && parents.some(({ trust }) => trust === 'built'))
    return {
      kind: 'unknown',
      reason: 'the columns of a model that it reads are known only as it was last built',
    };
  return isMissingObject(asker, question, fault);
}

const ROW_TYPES: ReadonlySet<number> = new Set([2249, 2287]);

function isRow({ typeOid }: ResultColumn): boolean {
  return ROW_TYPES.has(typeOid);
}

/** A whole row of a relation has a type of the relation's own, one of a stub has none. */
async function askForRows(asker: Asker, question: Question, parents: readonly Parent[]): Promise<Answer> {
  const unknown: Answer = { kind: 'unknown', reason: 'it gives a whole row of a relation that is not built' };
  if (!parents.every(({ stands }) => stands)) return unknown;
  const { text, reads } = question;
  const statement = stubStatement(text, reads, (read) => secondStand(read, asker.parentOf(read)));
  const real = await put(asker, statement, question);
  return real.kind === 'failed' ? unknown : real;
}

type Put =
  | Exclude<Answer, { kind: 'refused' }>
  | {
      readonly kind: 'failed';
      readonly failure: QueryFailure;
      /** Undefined inside of a stub, and where the server names no place. */
      readonly offset: number | undefined;
      readonly isInStub: boolean;
    };

type Failed = Extract<Put, { kind: 'failed' }>;

async function put({ session }: Asker, stubbed: StubStatement, question: Question): Promise<Put> {
  if (stubbed.kind === 'unknown')
    return { kind: 'unknown', reason: `the columns of "${stubbed.relation.name}" are not known` };
  const { statement } = stubbed;
  try {
    const { columns, parameterTypes } = await session.describe(statement.text);
    if (parameterTypes.length === 0) return { kind: 'columns', columns };
    const offset = question.tree().tokens.find(({ name }) => name === 'PARAM')?.range.start;
    const failure: QueryFailure = { kind: 'query', sqlstate: '42P02', message: 'there is no parameter $1' };
    return { kind: 'failed', failure, offset, isInStub: false };
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.kind !== 'query') throw error;
    const { failure } = error;
    const offset = failure.offset === undefined ? undefined : statement.originalOffset(failure.offset);
    return {
      kind: 'failed',
      failure,
      offset,
      isInStub: offset === undefined && failure.offset !== undefined,
    };
  }
}

function faultOf({ sqlstate, message, hint }: QueryFailure, offset: number | undefined): Fault {
  return { sqlstate, message, hint: hint ?? null, offset: offset ?? null };
}

/** Resources, limits, locks, rights, the server's own faults: no matter of the query's. */
function troubleOf({ sqlstate, message }: QueryFailure): string | undefined {
  return ['25', '42501', '53', '54', '55', '57', '58', 'XX'].some((code) => sqlstate.startsWith(code))
    ? `the server did not look at it: ${message}`
    : undefined;
}

const SYSTEM_COLUMNS = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);
/** What a stub in a relation's place may cause by itself: syntax, an alias twice, a row's type, a sampled query. */
const STUB_FAULTS = new Set(['42601', '42712', '42809', '42846', '0A000']);

function isDoubtful(failed: Failed, question: Question, parents: readonly Parent[]): boolean {
  const { failure, isInStub } = failed;
  if (parents.length === 0) return false;
  if (isInStub || STUB_FAULTS.has(failure.sqlstate)) return true;
  if (failure.sqlstate === '42803' && parents.some(({ mayHavePrimaryKey }) => mayHavePrimaryKey)) return true;
  if (asksForSystemColumn(failed, question)) return true;
  return parents.some(({ trust, keepsColumns }) => trust === 'stored' || trust === 'built' || keepsColumns);
}

/** Whether the server's own relation has spoken for a parent, as far as the doubt goes. */
function isSettled(parent: Parent, failed: Failed, question: Question): boolean {
  if (parent.stands) return true;
  const { failure, isInStub } = failed;
  if (failure.sqlstate === '42803') return !parent.mayHavePrimaryKey;
  return !isInStub && !STUB_FAULTS.has(failure.sqlstate) && !asksForSystemColumn(failed, question);
}

function asksForSystemColumn({ failure, offset }: Failed, question: Question): boolean {
  if (failure.sqlstate !== '42703' || offset === undefined) return false;
  return SYSTEM_COLUMNS.has(namesFrom(question.tree(), offset).at(-1)?.name ?? '');
}

/** A relation, function or type that is not there is a fault, unless a hook or the project itself may still create it. */
async function isMissingObject(asker: Asker, question: Question, fault: Fault): Promise<Answer> {
  const refused: Answer = { kind: 'refused', fault };
  const { sqlstate, offset } = fault;
  if (sqlstate === '42P01' || sqlstate === '3F000') {
    const read = question.reads.relations.find(({ range }) => range.start === offset);
    const token = question.tree().tokens.find(({ range }) => range.start === offset);
    if (token?.name === 'SCONST')
      return { kind: 'unknown', reason: 'it names a relation in a text, which may be built by then' };
    // A FROM clause that lacks a table has the same SQLSTATE, at a column.
    if (!read && sqlstate === '42P01') return refused;
    if (read && asker.parentOf(read))
      return { kind: 'unknown', reason: `the relation "${read.name}" is not there any more` };
  } else if (sqlstate === '42883') {
    const name = offset === null ? undefined : namesFrom(question.tree(), offset).at(-1)?.name;
    if (name === undefined || (await hasFunction(asker.session, name))) return refused;
  } else if (sqlstate !== '42704') {
    return refused;
  }
  return asker.hasHooks
    ? { kind: 'unknown', reason: `a hook may create what is missing: ${fault.message}` }
    : refused;
}

async function hasFunction(session: Session, name: string): Promise<boolean> {
  const { rows } = await session.queryWith(
    'select 1 from pg_catalog.pg_proc where proname = any($1::name[]) limit 1',
    [arrayParameter([name])],
  );
  return rows.length > 0;
}
