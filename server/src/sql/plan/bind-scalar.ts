/** Binds expressions: every name to its column, every subquery to its plan. */

import type { A_Expr, ColumnRef, Node, SubLink } from 'libpg-query';
import { typeText } from '../scopes/expression-types.ts';
import { bindCall, type Collector } from './bind-call.ts';
import type { Binder } from './bind.ts';
import { bindQuery, type CteScope } from './bind-query.ts';
import {
  NO_NAMES,
  NotBound,
  columnIn,
  findColumn,
  findItem,
  noted,
  type NamedItem,
  type Scope,
} from './names.ts';
import type { ColumnId, PlanColumn, Scalar } from './plan.ts';

export interface ScalarContext {
  readonly binder: Binder;
  readonly scope: Scope;
  readonly ctes: CteScope | undefined;
  /** Takes aggregates, window functions and set-returning ones out of the expression; without it there can be none. */
  readonly collector?: Collector;
}

export function bindScalar(context: ScalarContext, node: Node): Scalar {
  if ('ColumnRef' in node) return bindColumn(context, node.ColumnRef, node);
  if ('A_Const' in node) return constantOf(node);
  if ('A_Expr' in node) return bindOperator(context, node.A_Expr, node);
  if ('BoolExpr' in node) {
    const parts = bindAll(context, node.BoolExpr.args);
    const [first] = parts;
    if (node.BoolExpr.boolop === 'NOT_EXPR' && first) return { kind: 'not', argument: first, node };
    return { kind: node.BoolExpr.boolop === 'AND_EXPR' ? 'and' : 'or', arguments: parts, node };
  }
  if ('NullTest' in node && node.NullTest.arg)
    return nullTest(bindScalar(context, node.NullTest.arg), node.NullTest.nulltesttype === 'IS_NULL', node);
  if ('BooleanTest' in node && node.BooleanTest.arg) {
    const argument = bindScalar(context, node.BooleanTest.arg);
    const [, not, value = ''] = /^IS_(NOT_)?(\w+)$/.exec(node.BooleanTest.booltesttype ?? '') ?? [];
    const test: Scalar = { kind: 'is', argument, value: value.toLowerCase() as 'true', node };
    return not === undefined ? test : { kind: 'not', argument: test, node };
  }
  if ('FuncCall' in node) return bindCall(context, node.FuncCall, node);
  if ('TypeCast' in node && node.TypeCast.arg)
    return {
      kind: 'cast',
      argument: bindScalar(context, node.TypeCast.arg),
      type: typeText(node.TypeCast.typeName),
      node,
    };
  if ('CollateClause' in node && node.CollateClause.arg)
    return other(context, [node.CollateClause.arg], node);
  if ('CaseExpr' in node) return bindCase(context, node);
  if ('CoalesceExpr' in node)
    return { kind: 'coalesce', arguments: bindAll(context, node.CoalesceExpr.args), node };
  if ('MinMaxExpr' in node) {
    const name = node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest';
    return { kind: 'call', name, arguments: bindAll(context, node.MinMaxExpr.args), node };
  }
  if ('SQLValueFunction' in node) {
    const name = (node.SQLValueFunction.op ?? '').replace(/^SVFOP_|_N$/g, '').toLowerCase();
    return { kind: 'call', name, arguments: [], node };
  }
  if ('SubLink' in node) return bindSubLink(context, node.SubLink, node);
  if ('RowExpr' in node) return { kind: 'row', arguments: bindAll(context, node.RowExpr.args), node };
  if ('A_ArrayExpr' in node)
    return { kind: 'array', arguments: bindAll(context, node.A_ArrayExpr.elements), node };
  if ('ParamRef' in node) return { kind: 'parameter', node };
  if ('GroupingFunc' in node) {
    if (!context.collector) throw new NotBound('GROUPING stands where nothing is grouped');
    return context.collector.grouping(bindAll(context, node.GroupingFunc.args), node);
  }
  return other(context, childNodes(node), node);
}

export function bindAll(context: ScalarContext, nodes: readonly Node[] | undefined): readonly Scalar[] {
  return (nodes ?? []).map((node) => bindScalar(context, node));
}

function other(context: ScalarContext, nodes: readonly Node[], node: Node): Scalar {
  return { kind: 'other', arguments: bindAll(context, nodes), node };
}

/** The expressions right below a node whose meaning does not matter here. */
function childNodes(node: Node): readonly Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    else if (typeof value === 'object' && value !== null) {
      if (isExpression(value)) found.push(value);
      else for (const child of Object.values(value)) visit(child);
    }
  };
  visit(Object.values(node)[0]);
  return found;
}

const EXPRESSIONS = [
  'ColumnRef', 'A_Const', 'A_Expr', 'BoolExpr', 'NullTest', 'BooleanTest', 'FuncCall', 'TypeCast', 'CollateClause', 'CaseExpr', 'CoalesceExpr',
  'MinMaxExpr', 'SQLValueFunction', 'SubLink', 'RowExpr', 'A_ArrayExpr', 'A_Indirection', 'ParamRef', 'GroupingFunc',
]; // prettier-ignore

function isExpression(value: object): value is Node {
  return EXPRESSIONS.some((name) => name in value);
}

function bindColumn({ scope }: ScalarContext, { fields = [], location }: ColumnRef, node: Node): Scalar {
  const names = fields.map((field) => ('String' in field ? (field.String.sval ?? '') : '*'));
  const column = columnNamed(scope, names, location);
  if (column) return { kind: 'column', column: column.id, node };
  const row = rowNamed(scope, names);
  const [only] = row?.isValue === true ? row.columns : [];
  if (only) return { kind: 'column', column: only.id, node };
  if (row) return { kind: 'row', arguments: row.columns.map(({ id }) => ({ kind: 'column', column: id, node: undefined })), node }; // prettier-ignore
  throw new NotBound(`the column "${names.join('.')}" is not known`, location);
}

function columnNamed(
  scope: Scope,
  names: readonly string[],
  location: number | undefined,
): PlanColumn | undefined {
  const name = names.at(-1) ?? '';
  if (names.length === 1) return findColumn(scope, name, location) ?? systemColumn(scope, name);
  const found = findItem(scope, names.at(-2) ?? '', names.at(-3));
  const column = found && columnIn(found.item, name, location);
  return column && noted(scope, found.at, column);
}

/** `ctid` without a qualifier, of the only relation there is. */
function systemColumn(scope: Scope, name: string): PlanColumn | undefined {
  const found = scope.names.items.flatMap((item) => item.system?.(name) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** The whole row of an item, by its name alone or as `t.*`. */
function rowNamed(scope: Scope, names: readonly string[]): NamedItem | undefined {
  const own = names.at(-1) === '*' ? names.slice(0, -1) : names;
  if (own.length === 0 || own.length > 2) return undefined;
  const found = findItem(scope, own.at(-1) ?? '', own.length === 2 ? own[0] : undefined);
  if (!found) return undefined;
  for (const column of found.item.columns) noted(scope, found.at, column);
  return found.item;
}

function constantOf(node: Extract<Node, { A_Const: unknown }>): Scalar {
  const { isnull, ival, fval, boolval, sval, bsval } = node.A_Const;
  if (isnull === true) return { kind: 'constant', text: null, type: 'null', node };
  // Zero, false and the empty string are left out of the tree.
  if (ival) return { kind: 'constant', text: String(ival.ival ?? 0), type: 'integer', node };
  if (fval) return { kind: 'constant', text: fval.fval ?? '0', type: 'numeric', node };
  if (boolval) return { kind: 'constant', text: String(boolval.boolval ?? false), type: 'boolean', node };
  if (bsval) return { kind: 'constant', text: bsval.bsval ?? '', type: 'bit', node };
  return { kind: 'constant', text: sval?.sval ?? '', type: 'text', node };
}

export const NULL: Scalar = { kind: 'constant', text: null, type: 'null', node: undefined };

function call(name: string, parts: readonly Scalar[], node: Node | undefined): Scalar {
  return { kind: 'call', name, arguments: parts, node };
}

function nullTest(argument: Scalar, isNull: boolean, node: Node): Scalar {
  // A row is NULL when all of it is, and not NULL when nothing of it is.
  if (argument.kind === 'row')
    return { kind: 'and', arguments: argument.arguments.map((part) => nullTest(part, isNull, node)), node };
  const test: Scalar = { kind: 'is null', argument, node };
  return isNull ? test : { kind: 'not', argument: test, node };
}

function bindOperator(context: ScalarContext, expression: A_Expr, node: Node): Scalar {
  const { kind, lexpr, rexpr } = expression;
  const last = expression.name?.at(-1);
  const name = last && 'String' in last ? (last.String.sval ?? '') : '';
  const left = lexpr && bindScalar(context, lexpr);
  const list = rexpr && 'List' in rexpr ? bindAll(context, rexpr.List.items) : undefined;
  const right = rexpr && !list ? bindScalar(context, rexpr) : undefined;
  switch (kind) {
    case 'AEXPR_OP':
      return compared(name, left, right, node);
    case 'AEXPR_IN': {
      if (!left || !list) break;
      const test: Scalar = { kind: 'in', argument: left, list, node };
      return name === '<>' ? { kind: 'not', argument: test, node } : test;
    }
    case 'AEXPR_OP_ANY':
      if (name === '=' && left && right?.kind === 'array')
        return { kind: 'in', argument: left, list: right.arguments, node };
      return { kind: 'other', arguments: present([left, right]), node };
    case 'AEXPR_DISTINCT':
      if (left && right) return { kind: 'is distinct', left, right, node };
      break;
    case 'AEXPR_NOT_DISTINCT':
      if (left && right)
        return { kind: 'not', argument: { kind: 'is distinct', left, right, node: undefined }, node };
      break;
    case 'AEXPR_NULLIF':
      return call('nullif', present([left, right]), node);
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return call(name, present([left, right]), node);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = list ?? [];
      if (!left || !low || !high) break;
      const within: Scalar = {
        kind: 'and',
        arguments: [call('>=', [left, low], undefined), call('<=', [left, high], undefined)],
        node: kind === 'AEXPR_BETWEEN' ? node : undefined,
      };
      return kind === 'AEXPR_BETWEEN' ? within : { kind: 'not', argument: within, node };
    }
    default:
      break;
  }
  return { kind: 'other', arguments: present([left, right, ...(list ?? [])]), node };
}

/** Rows are compared part by part where that is what equality means. */
function compared(name: string, left: Scalar | undefined, right: Scalar | undefined, node: Node): Scalar {
  if (name === '=' && left?.kind === 'row' && right?.kind === 'row' && left.arguments.length === right.arguments.length)
    return {
      kind: 'and',
      arguments: left.arguments.map((part, index) => call('=', present([part, right.arguments[index]]), undefined)),
      node,
    }; // prettier-ignore
  return call(name, present([left, right]), node);
}

function present(parts: readonly (Scalar | undefined)[]): readonly Scalar[] {
  return parts.filter((part) => part !== undefined);
}

function bindCase(context: ScalarContext, node: Extract<Node, { CaseExpr: unknown }>): Scalar {
  const { arg, args = [], defresult } = node.CaseExpr;
  const subject = arg && bindScalar(context, arg);
  const arms = args.flatMap((arm) => {
    if (!('CaseWhen' in arm) || !arm.CaseWhen.expr || !arm.CaseWhen.result) return [];
    const when = bindScalar(context, arm.CaseWhen.expr);
    return [
      {
        when: subject ? call('=', [subject, when], undefined) : when,
        then: bindScalar(context, arm.CaseWhen.result),
      },
    ];
  });
  return { kind: 'case', arms, otherwise: defresult ? bindScalar(context, defresult) : NULL, node };
}

function bindSubLink(context: ScalarContext, link: SubLink, node: Node): Scalar {
  const { binder, scope, ctes } = context;
  if (!link.subselect) throw new NotBound('a subquery is missing', link.location);
  const reads = new Set<ColumnId>();
  const query = bindQuery(binder, link.subselect, { scope: { names: NO_NAMES, outer: scope, reads }, ctes });
  const test = link.testexpr ? bindScalar(context, link.testexpr) : undefined;
  const last = link.operName?.at(-1);
  const common = {
    kind: 'subquery' as const,
    test: test ? (test.kind === 'row' ? test.arguments : [test]) : [],
    // IN is written without one.
    operator: last && 'String' in last ? (last.String.sval ?? '=') : '=',
    query,
    outer: [...reads],
    node,
  };
  switch (link.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { ...common, use: 'exists' };
    case 'ANY_SUBLINK':
      return { ...common, use: 'any' };
    case 'ALL_SUBLINK':
      return { ...common, use: 'all' };
    case 'ARRAY_SUBLINK':
      return { ...common, use: 'array' };
    case 'EXPR_SUBLINK':
      return { ...common, use: 'scalar' };
    default:
      throw new NotBound('a kind of subquery is not understood', link.location);
  }
}
