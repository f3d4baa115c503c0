/** The relations a statement reads or writes, told apart from the CTEs it defines itself. */

import type { CommonTableExpr, Node, RangeVar, WithClause } from 'libpg-query';
import type { Range } from '../base/text.ts';
import type { SqlTree } from './parse-sql.ts';

/** A relation as named in the text; names are folded and cut as the server reads them. */
export interface NamedRelation {
  readonly database: string | null;
  readonly schema: string | null;
  readonly name: string;
  /** Where the name starts (its first part where it is qualified). */
  readonly offset: number;
}

export interface NamedCte {
  readonly name: string;
  /** From the name to the CTE query's start. */
  readonly range: Range;
}

export interface StatementRelations {
  readonly relations: readonly NamedRelation[];
  readonly ctes: readonly NamedCte[];
}

/** In the order of the text. A name that a CTE in scope has is not a relation, unless it is qualified. */
export function relationsOf(tree: SqlTree): StatementRelations {
  const found: Found = { tree, relations: [], ctes: [] };
  for (const { node } of tree.statements) visit(node, new Set(), found);
  found.relations.sort((a, b) => a.offset - b.offset);
  return found;
}

interface Found {
  readonly tree: SqlTree;
  readonly relations: NamedRelation[];
  readonly ctes: NamedCte[];
}

/** `inScope` are the CTE names that the value's surroundings define. */
function visit(value: unknown, inScope: ReadonlySet<string>, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, inScope, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const { withClause } = value as { withClause?: WithClause };
  const scope = withClause ? enterWith(withClause, inScope, found) : inScope;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'withClause') continue;
    if (isRangeVar(child)) addRelation(child, scope, found);
    else visit(child, scope, found);
  }
}

/** FROM clauses hold it under its name, statements hold their target bare (`InsertStmt.relation`, `IntoClause.rel`). */
function isRangeVar(value: unknown): value is RangeVar {
  return typeof value === 'object' && value !== null && 'relname' in value;
}

/** A CTE sees those before it; all of them, and itself, where the clause is recursive. */
function enterWith(clause: WithClause, outer: ReadonlySet<string>, found: Found): ReadonlySet<string> {
  const ctes = (clause.ctes ?? []).flatMap(cteOf);
  const all = new Set([...outer, ...ctes.map((cte) => cte.ctename ?? '')]);
  let seen = outer;
  for (const cte of ctes) {
    addCte(cte, found);
    visit(cte.ctequery, clause.recursive === true ? all : seen, found);
    seen = new Set([...seen, cte.ctename ?? '']);
  }
  return all;
}

function cteOf(node: Node): CommonTableExpr[] {
  return 'CommonTableExpr' in node ? [node.CommonTableExpr] : [];
}

function addCte({ ctename = '', location = 0 }: CommonTableExpr, { tree, ctes }: Found): void {
  const start = tree.positions.fromByte(location);
  const open = tree.text.indexOf('(', start);
  ctes.push({ name: ctename, range: { start, end: open < 0 ? tree.text.length : open } });
}

function addRelation(
  { catalogname, schemaname, relname = '', location = 0 }: RangeVar,
  scope: ReadonlySet<string>,
  found: Found,
): void {
  if (schemaname === undefined && scope.has(relname)) return;
  found.relations.push({
    database: catalogname ?? null,
    schema: schemaname ?? null,
    name: relname,
    offset: found.tree.positions.fromByte(location),
  });
}
