/** One resource described: each way in which it is rendered, put to the server unless the answer is remembered. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { unreachable } from '../base/unreachable.ts';
import { isOwn } from '../checks/check.ts';
import type { Renderings } from '../checks/renderings.ts';
import type { Catalog, CatalogColumn } from '../project/catalog.ts';
import { asList } from '../project/config.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { ResultColumn, Session } from '../warehouse/port.ts';
import { inContractOrder, ownRelation, seedColumns, standingColumns } from './built-columns.ts';
import { diagnosticOf } from './fault-diagnostic.ts';
import { faultsOf, unstorableColumn } from './faults.ts';
import {
  sameGrounds,
  type Grounds,
  type Memory,
  type Reasoned,
  type Remembered,
  type Verdict,
} from './memory.ts';
import { parentLookup, type Fresh, type ParentOf } from './parents.ts';
import { ask, questionOf, type Asker, type Question } from './question.ts';
import { seedQuery } from './seed-query.ts';
import { snapshotQuery } from './snapshot-query.ts';
import { typeNames } from './type-names.ts';

export type Outcome =
  | { readonly kind: 'columns'; readonly columns: readonly CatalogColumn[] }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** Not an error: nobody can say. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Said {
  readonly outcome: Outcome;
  /** What it means to those who read the resource. */
  readonly fresh: Fresh;
}

export interface Pass {
  readonly session: Session;
  readonly project: Project;
  readonly catalog: Catalog;
  readonly parser: SqlParser;
  readonly renderings: Renderings;
  readonly memory: Memory;
  /** Of the parents that are described in this pass. */
  readonly fresh: ReadonlyMap<string, Fresh>;
}

export async function describeNode(pass: Pass, node: ManifestNode): Promise<Said> {
  const { memory } = pass;
  const before = memory.get(node.unique_id);
  const answers: Answers = { before, verdicts: [], questions: new Map(), parts: new Map() };
  const isSeed = node.resource_type === 'seed';
  const said = await (isSeed ? describeSeed(pass, node, answers) : describeTexts(pass, node, answers));
  const columns = said.outcome.kind === 'columns' ? said.outcome.columns : before?.columns;
  memory.set(node.unique_id, { ...kept(answers), fresh: said.fresh, columns });
  return said;
}

interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
}

/** A text that is broken while it is typed asks nothing; it mostly becomes again what it was. */
function kept({ before, verdicts, questions, parts }: Answers): Omit<Remembered, 'fresh' | 'columns'> {
  if (before && verdicts.length === 0) return before;
  return { verdicts, questions, parts: before && parts.size === 0 ? before.parts : parts };
}

interface Answers {
  readonly before: Remembered | undefined;
  /** Those that were used or found this time. */
  readonly verdicts: Reasoned[];
  readonly questions: Map<string, Question>;
  readonly parts: Map<string, readonly ResultColumn[]>;
}

/** The types that its values or its configuration give it; faults are the run's to report. */
async function describeSeed(pass: Pass, node: ManifestNode, answers: Answers): Promise<Said> {
  const file = pass.project.origins.get(node.unique_id)?.raw?.file;
  const query = file && seedQuery(node, file);
  const question = query === undefined ? undefined : questionFor(pass, query, answers);
  const verdict = question && (await verdictOf(pass, node, question, undefined, answers));
  if (verdict?.kind === 'columns')
    return given(seedColumns(pass.project, pass.catalog, node, verdict.columns));
  return { outcome: { kind: 'unknown', reason: 'its file cannot be read' }, fresh: { kind: 'undecided' } };
}

function given(columns: readonly CatalogColumn[]): Said {
  return { outcome: { kind: 'columns', columns }, fresh: { kind: 'columns', columns } };
}

async function describeTexts(pass: Pass, node: ManifestNode, answers: Answers): Promise<Said> {
  const { project } = pass;
  let columns: readonly CatalogColumn[] | undefined;
  const diagnostics: Diagnostic[] = [];
  let unknown: string | undefined;
  for (const rendering of pass.renderings.of(node)) {
    if (rendering.kind === 'unknown') {
      unknown ??= rendering.reason;
      continue;
    }
    // Both are reported by the checks that need no server.
    if (rendering.kind === 'failed') return broken('its template fails');
    const question = questionFor(pass, rendering.sql.text, answers);
    if (!question) return broken('its SQL cannot be read');
    if (!question.isQuery) return broken('it is not one query');
    const verdict = await verdictOf(pass, node, question, columns, answers);
    switch (verdict.kind) {
      case 'columns':
        columns ??= verdict.columns;
        break;
      case 'refused':
        diagnostics.push(
          ...verdict.faults.map((fault) => diagnosticOf(project, node, rendering.sql, question, fault)),
        );
        break;
      case 'unknown':
        unknown ??= verdict.reason;
        break;
      default:
        return unreachable(verdict);
    }
  }
  if (diagnostics.length > 0) {
    if (!USUAL.has(String(node.config.materialized)))
      return {
        outcome: { kind: 'unknown', reason: 'a materialization of its own may change its SQL' },
        fresh: { kind: 'undecided' },
      };
    // Another's model is another's to repair.
    if (!isOwn(project, node)) return broken('it has faults, and belongs to a package');
    return {
      outcome: { kind: 'refused', diagnostics: withoutRepetition(diagnostics) },
      fresh: { kind: 'broken' },
    };
  }
  if (columns) return given(columns);
  return {
    outcome: { kind: 'unknown', reason: unknown ?? 'it has no SQL' },
    fresh: { kind: 'undecided' },
  };
}

function broken(reason: string): Said {
  return { outcome: { kind: 'unknown', reason }, fresh: { kind: 'broken' } };
}

function questionFor({ parser }: Pass, text: string, answers: Answers): Question | undefined {
  const question =
    answers.before?.questions.get(text) ?? answers.questions.get(text) ?? questionOf(parser, text);
  if (question) answers.questions.set(text, question);
  return question;
}

async function verdictOf(
  pass: Pass,
  node: ManifestNode,
  question: Question,
  own: readonly CatalogColumn[] | undefined,
  answers: Answers,
): Promise<Verdict | Unknown> {
  const { session, project, catalog, parser } = pass;
  const parentOf = parentsOf(pass, node, own);
  const asker: Asker = {
    session,
    parser,
    parentOf,
    hasHooks: hasHooks(project, node),
    parts: {
      known: (statement) => answers.before?.parts.get(partKey(catalog, statement)),
      learn: (statement, columns) => answers.parts.set(partKey(catalog, statement), columns),
    },
  };
  const grounds = groundsOf(asker, node, question, catalog);
  const known = answers.before?.verdicts.find((each) => sameGrounds(each.grounds, grounds));
  if (known) {
    answers.verdicts.push(known);
    return known.verdict;
  }
  const answer = await ask(asker, question);
  if (answer.kind === 'unknown') return answer;
  let verdict: Verdict | Unknown =
    answer.kind === 'refused'
      ? { kind: 'refused', faults: await faultsOf(asker, question, answer.fault) }
      : await columnsVerdict(asker, node, question, answer.columns);
  if (verdict.kind === 'columns' && node.resource_type === 'snapshot')
    verdict = await asSnapshot(pass, asker, node, question, verdict);
  if (verdict.kind === 'unknown') return verdict;
  answers.verdicts.push({ grounds, verdict });
  return verdict;
}

async function columnsVerdict(
  asker: Asker,
  node: ManifestNode,
  question: Question,
  described: readonly ResultColumn[],
): Promise<Verdict> {
  const unstorable = isBuilt(node) ? unstorableColumn(question, described) : undefined;
  if (unstorable) return { kind: 'refused', faults: [unstorable] };
  const types = await typeNames(asker.session, described);
  const columns = described.map((column, index) => ({
    ...column,
    type: types[index] ?? '???',
    notNull: false,
    comment: null,
  }));
  return { kind: 'columns', columns: inContractOrder(node, columns) };
}

/** A snapshot's table has columns of its own, and keeps those that its query has lost. */
async function asSnapshot(
  { project, catalog, parser }: Pass,
  asker: Asker,
  node: ManifestNode,
  question: Question,
  verdict: Extract<Verdict, { kind: 'columns' }>,
): Promise<Verdict | Unknown> {
  const standing = standingColumns(project, catalog, node);
  if (standing) {
    const names = new Set(standing.map(({ name }) => name));
    return {
      kind: 'columns',
      columns: [...standing, ...verdict.columns.filter(({ name }) => !names.has(name))],
    };
  }
  const whole = snapshotQuery(node, question.text);
  const wholeQuestion = whole === undefined ? undefined : questionOf(parser, whole);
  const answer = wholeQuestion && (await ask(asker, wholeQuestion));
  if (answer?.kind === 'columns') return columnsVerdict(asker, node, question, answer.columns);
  return { kind: 'unknown', reason: 'the columns that its strategy adds are not known' };
}

/** What is known of the relations that a resource reads; its own too, which a first run will have made. */
function parentsOf(
  { project, catalog, memory, fresh }: Pass,
  node: ManifestNode,
  own: readonly CatalogColumn[] | undefined,
): ParentOf {
  const lookup = parentLookup(project, catalog, node, (id) => fresh.get(id) ?? notAnsweredSince(memory, id));
  return (read) => {
    const parent = lookup(read);
    if (!parent) return undefined;
    if (parent.id === node.unique_id) return { ...parent, ...ownRelation(own, parent.columns) };
    return parent.columns ? parent : { ...parent, columns: memory.get(parent.id)?.columns };
  };
}

/** Described in an earlier pass: what had columns then is in the catalog, what had none is still the same. */
function notAnsweredSince(memory: Memory, id: string): Fresh | undefined {
  const known = memory.get(id)?.fresh;
  return known?.kind === 'columns' ? undefined : known;
}

function groundsOf(
  { parentOf, hasHooks }: Asker,
  node: ManifestNode,
  { text, reads }: Question,
  { readAt }: Catalog,
): Grounds {
  const { config, contract, columns, resource_type: type } = node;
  const settings = [
    config.materialized,
    contract.enforced ? Object.keys(columns) : null,
    type === 'snapshot' ? config : null,
  ];
  return {
    text,
    settings: JSON.stringify(settings),
    hasHooks,
    catalogReadAt: readAt,
    parents: reads.relations.map((read) => parentOf(read)),
  };
}

function partKey({ readAt }: Catalog, statement: string): string {
  return `${String(readAt)} ${statement}`;
}

/** Whether anything runs before the query that may create what it uses. */
function hasHooks({ world }: Project, node: ManifestNode): boolean {
  const atStart = [...world.packages.values()].some(({ onRunStart }) => onRunStart.length > 0);
  const { 'pre-hook': before, sql_header: header } = node.config;
  return atStart || asList(before).length > 0 || (header !== undefined && header !== null);
}

const MATERIALIZED_AS_RELATION = new Set(['view', 'table', 'incremental', 'materialized_view', 'snapshot']);

/** Those that run the SQL as it is. */
const USUAL = new Set([...MATERIALIZED_AS_RELATION, 'ephemeral', 'test']);

function isBuilt({ config }: ManifestNode): boolean {
  return MATERIALIZED_AS_RELATION.has(String(config.materialized));
}

/** Two renderings of one text mostly have the same faults. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
}
