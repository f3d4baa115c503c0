/** More than the first fault of a query: Postgres stops there, but each CTE can be asked about by itself. */

import type { CommonTableExpr, Node, SelectStmt } from 'libpg-query';
import type { Range } from '../base/text.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';
import type { SqlToken } from '../sql/scan-sql.ts';
import type { ResultColumn } from '../warehouse/port.ts';
import { askPart, questionOf, type Asker, type Fault, type Question } from './question.ts';
import { editedText, type TextEdit } from './edited-text.ts';
import { namesFrom } from './names-from.ts';
import { stubQuery } from './stub-statement.ts';
import { typeNames } from './type-names.ts';

/** Beyond these, a reader has enough to do. */
const MOST_FAULTS = 20;

/** In the order of the text; `first` is among them. */
export async function faultsOf(asker: Asker, question: Question, first: Fault): Promise<readonly Fault[]> {
  const found = new Map<string, Fault>([[keyOf(first), first]]);
  const known = new Map<string, string>();
  const unknown = new Set<string>();
  for (const section of sectionsOf(question)) {
    if (found.size >= MOST_FAULTS) break;
    const columns = await faultsOfSection(asker, question, section, known, unknown, found);
    if (section.cte === undefined) continue;
    const name = section.cte.ctename ?? '';
    if (columns) known.set(name, await cteStub(asker, section.cte, columns));
    else unknown.add(name);
  }
  return [...found.values()].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
}

function keyOf({ offset, sqlstate, message }: Fault): string {
  return JSON.stringify([offset, sqlstate, message]);
}

/** A query that can be asked about by itself: a CTE's, or what follows them. */
interface Section {
  readonly range: Range;
  readonly cte: CommonTableExpr | undefined;
}

function sectionsOf(question: Question): readonly Section[] {
  const tree = question.tree();
  const [statement] = tree.statements;
  const select = statement && 'SelectStmt' in statement.node ? statement.node.SelectStmt : undefined;
  if (!statement || !select) return [];
  const { withClause } = select;
  if (!withClause) return [{ range: statement.range, cte: undefined }];
  // A recursive CTE is described by itself only.
  if (withClause.recursive === true) return [];
  const words = tree.tokens.filter(({ isComment }) => !isComment);
  const sections: Section[] = [];
  let end = statement.range.start;
  for (const cte of (withClause.ctes ?? []).flatMap(cteOf)) {
    const range = bodyOf(tree.text, words, tree.positions.fromByte(cte.location ?? 0));
    if (!range) return [];
    sections.push({ range, cte });
    end = range.end + 1;
  }
  sections.push({ range: { start: end, end: statement.range.end }, cte: undefined });
  return sections;
}

function cteOf(node: Node): CommonTableExpr[] {
  return 'CommonTableExpr' in node ? [node.CommonTableExpr] : [];
}

/** Between the brackets behind a CTE's AS. */
function bodyOf(text: string, tokens: readonly SqlToken[], nameStart: number): Range | undefined {
  const name = tokens.findIndex(({ range }) => range.start === nameStart);
  const as = tokens.findIndex(
    ({ range, isKeyword }, index) =>
      index > name && isKeyword && text.slice(range.start, range.end).toLowerCase() === 'as',
  );
  const open = tokens.findIndex(({ name: token }, index) => index > as && token === 'ASCII_40');
  if (name < 0 || as < 0 || open < 0) return undefined;
  let depth = 0;
  for (const token of tokens.slice(open)) {
    if (token.name === 'ASCII_40') depth++;
    else if (token.name === 'ASCII_41') depth--;
    if (depth === 0) return { start: tokens[open]?.range.end ?? 0, end: token.range.start };
  }
  return undefined;
}

/** Its columns; undefined where it has a fault, or reads what has. */
async function faultsOfSection(
  asker: Asker,
  { text }: Question,
  { range }: Section,
  known: ReadonlyMap<string, string>,
  unknown: ReadonlySet<string>,
  found: Map<string, Fault>,
): Promise<readonly ResultColumn[] | undefined> {
  const ctes = [...known].map(([name, query]) => `${quoteIdentifier(name)} as (${query})`).join(', ');
  const before = known.size > 0 ? `with ${ctes} (` : '(';
  const body = text.slice(range.start, range.end);
  const removed: TextEdit[] = [];
  // Each round takes out one column that is not there.
  while (found.size < MOST_FAULTS) {
    const edited = editedText(body, removed);
    // The body may end in a comment.
    const question = questionOf(asker.parser, `${before}${edited.text}\n)`);
    if (!question) return undefined;
    const { relations } = question.reads;
    if (relations.some(({ schema, name }) => schema === null && unknown.has(name))) return undefined;
    const answer = await askPart(asker, question);
    if (answer.kind === 'columns') return removed.length > 0 ? undefined : answer.columns;
    if (answer.kind === 'unknown' || answer.fault.offset === null) return undefined;
    const { fault } = answer;
    // With columns taken out, only names can still be told to be wrong.
    if (removed.length > 0 && fault.sqlstate !== '42703') return undefined;
    const at = answer.fault.offset;
    const toBody = (offset: number): number | undefined => edited.originalOffset(offset - before.length);
    const start = toBody(at);
    if (start === undefined) return undefined;
    const located = { ...fault, offset: range.start + start };
    found.set(keyOf(located), located);
    const last = namesFrom(question.tree(), at).at(-1);
    if (fault.sqlstate !== '42703' || !last) return undefined;
    removed.push({ start, end: start + last.range.end - at, text: 'null' });
  }
  return undefined;
}

async function cteStub(
  asker: Asker,
  cte: CommonTableExpr,
  columns: readonly ResultColumn[],
): Promise<string> {
  const types = await typeNames(asker.session, columns);
  const renamed = (cte.aliascolnames ?? []).map((name) => ('String' in name ? name.String.sval : undefined));
  return stubQuery(
    columns.map(({ name }, index) => ({ name: renamed[index] ?? name, type: types[index] ?? 'text' })),
  );
}

/** Types that a query may give and no relation may have. */
const PSEUDO_TYPES: ReadonlyMap<number, string> = new Map([
  [2249, 'record'],
  [2287, 'record[]'],
  [2275, 'cstring'],
  [2278, 'void'],
]);

/**
 * What Postgres says only when a relation is made of a query: two columns of one name, and columns that cannot be stored. At the
 * later one, or the star that brings it.
 */
export function unstorableColumn(question: Question, columns: readonly ResultColumn[]): Fault | undefined {
  const seen = new Set<string>();
  for (const { name, typeOid } of columns) {
    if (seen.has(name)) return atColumn(question, name, '42701', `column "${name}" specified more than once`);
    seen.add(name);
    const type = PSEUDO_TYPES.get(typeOid);
    if (type !== undefined)
      return atColumn(question, name, '42P16', `column "${name}" has pseudo-type ${type}`);
  }
  return undefined;
}

function atColumn(question: Question, column: string, sqlstate: string, message: string): Fault {
  const tree = question.tree();
  const [statement] = tree.statements;
  const select =
    statement && 'SelectStmt' in statement.node ? firstSelect(statement.node.SelectStmt) : undefined;
  const targets = (select?.targetList ?? []).flatMap((target) =>
    'ResTarget' in target ? [target.ResTarget] : [],
  );
  const giving = targets.filter(({ name, val }) => {
    const field = val && 'ColumnRef' in val ? val.ColumnRef.fields?.at(-1) : undefined;
    if (name !== undefined) return name === column;
    return field !== undefined && ('A_Star' in field || ('String' in field && field.String.sval === column));
  });
  const place = giving.at(-1)?.location;
  return {
    sqlstate,
    message,
    hint: null,
    offset: place === undefined ? null : tree.positions.fromByte(place),
  };
}

/** A union has the names of its first query. */
function firstSelect(select: SelectStmt): SelectStmt {
  return select.larg ? firstSelect(select.larg) : select;
}
