/** The name that Postgres gives to an expression without an alias, by the rules of its FigureColname. */

import type { Node, SelectStmt } from 'libpg-query';

/** `weak` names give way to a type's, as in `(case … end)::text`. */
interface Figured {
  readonly name: string;
  readonly strength: 'strong' | 'weak';
}

export const NO_NAME = '?column?';

export function outputName(expression: Node | undefined): string {
  return figure(expression)?.name ?? NO_NAME;
}

const strong = (name: string): Figured => ({ name, strength: 'strong' });
const weak = (name: string): Figured => ({ name, strength: 'weak' });

function figure(node: Node | undefined): Figured | undefined {
  if (!node) return undefined;
  if ('ColumnRef' in node) return lastName(node.ColumnRef.fields);
  if ('A_Indirection' in node)
    return lastName(node.A_Indirection.indirection) ?? figure(node.A_Indirection.arg);
  if ('FuncCall' in node) return lastName(node.FuncCall.funcname);
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? strong('nullif') : undefined;
  if ('CollateClause' in node) return figure(node.CollateClause.arg);
  if ('TypeCast' in node) {
    const inner = figure(node.TypeCast.arg);
    if (inner?.strength === 'strong') return inner;
    const type = lastName(node.TypeCast.typeName?.names);
    return type ? weak(type.name) : inner;
  }
  if ('CaseExpr' in node) {
    const inner = figure(node.CaseExpr.defresult);
    return inner?.strength === 'strong' ? inner : weak('case');
  }
  if ('SubLink' in node) return figureSubLink(node.SubLink.subLinkType, node.SubLink.subselect);
  return figureByKind(node);
}

function figureSubLink(kind: string | undefined, query: Node | undefined): Figured | undefined {
  if (kind === 'EXISTS_SUBLINK') return strong('exists');
  if (kind === 'ARRAY_SUBLINK') return strong('array');
  if (kind !== 'EXPR_SUBLINK' || !query || !('SelectStmt' in query)) return undefined;
  let select: SelectStmt = query.SelectStmt;
  while (select.larg) select = select.larg;
  const [target] = select.targetList ?? [];
  if (!target || !('ResTarget' in target))
    // The server names a subquery of VALUES by its column.
    return select.valuesLists ? strong('column1') : undefined;
  const { name, val } = target.ResTarget;
  if (name !== undefined) return strong(name);
  const inner = figure(val);
  return inner ? strong(inner.name) : strong(NO_NAME);
}

const BY_KIND: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  CoalesceExpr: 'coalesce',
  GroupingFunc: 'grouping',
  MergeSupportFunc: 'merge_action',
  XmlSerialize: 'xmlserialize',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
};

const BY_OPERATION: Readonly<Record<string, string>> = {
  IS_GREATEST: 'greatest',
  IS_LEAST: 'least',
  IS_XMLCONCAT: 'xmlconcat',
  IS_XMLELEMENT: 'xmlelement',
  IS_XMLFOREST: 'xmlforest',
  IS_XMLPARSE: 'xmlparse',
  IS_XMLPI: 'xmlpi',
  IS_XMLROOT: 'xmlroot',
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
};

function figureByKind(node: Node): Figured | undefined {
  const [[kind, content] = ['', undefined]] = Object.entries(node) as [string, unknown][];
  const known = BY_KIND[kind];
  if (known !== undefined) return strong(known);
  const { op } = (content ?? {}) as { op?: unknown };
  if (typeof op !== 'string') return undefined;
  // SVFOP_CURRENT_TIMESTAMP_N is current_timestamp with a precision.
  if (kind === 'SQLValueFunction') return strong(op.replace(/^SVFOP_|_N$/g, '').toLowerCase());
  const named = BY_OPERATION[op];
  return named === undefined ? undefined : strong(named);
}

function lastName(fields: readonly Node[] | undefined): Figured | undefined {
  for (const field of [...(fields ?? [])].reverse()) {
    if ('String' in field && field.String.sval !== undefined) return strong(field.String.sval);
  }
  return undefined;
}
