/** GROUP BY: its expressions, its grouping sets, and the expressions above it in terms of its columns. */

import type { Node, SelectStmt } from 'libpg-query';
import type { Collector } from './bind-call.ts';
import { bindScalar, type ScalarContext } from './bind-scalar.ts';
import { namedTarget, type Target } from './bind-select.ts';
import { NotBound } from './names.ts';
import type { Aggregate, Computed, Plan, Scalar } from './plan.ts';
import { scalarKey, withParts } from './scalars.ts';
import { typeOfScalar } from './types.ts';

export interface Groups {
  readonly isGrouped: boolean;
  /** An expression of the input as one of the groups' columns. */
  within(scalar: Scalar): Scalar;
  aggregate(input: Plan, collector: Collector): Aggregate;
}

export function groupsOf(
  context: ScalarContext,
  { groupClause = [], groupDistinct }: SelectStmt,
  targets: readonly Target[],
  types: Map<number, string | undefined>,
): Groups {
  const list = new GroupList(context, targets, types);
  const sets = crossed(groupClause.map((node) => setsOf(node, (item) => list.indexOf(item))));
  const isPlain = !groupClause.some((node) => 'GroupingSet' in node);
  const kept = groupDistinct === true ? withoutRepeats(sets) : sets;
  if (!isPlain) list.renew();
  return {
    isGrouped: groupClause.length > 0,
    within: (scalar) => list.within(scalar),
    aggregate: (input, collector) => ({
      kind: 'aggregate',
      input,
      groups: list.groups,
      sets: isPlain ? undefined : kept,
      calls: collector.aggregates,
      grouping: collector.groupings.map(({ of, ...column }) => ({
        ...column,
        of: of.map((scalar) => list.placeOf(scalar)),
      })),
    }),
  };
}

class GroupList {
  groups: Computed[] = [];
  readonly #context: ScalarContext;
  readonly #targets: readonly Target[];
  readonly #types: Map<number, string | undefined>;
  readonly #byKey = new Map<string, number>();

  constructor(context: ScalarContext, targets: readonly Target[], types: Map<number, string | undefined>) {
    this.#context = context;
    this.#targets = targets;
    this.#types = types;
  }

  /** A bare name means a column of the input first, here. */
  indexOf(node: Node): number {
    return this.#add(this.#expression(node));
  }

  #expression(node: Node): Scalar {
    if ('A_Const' in node && node.A_Const.ival) {
      const target = namedTarget(node, this.#targets);
      if (target) return target.expression;
    }
    const { scope } = this.#context;
    if ('ColumnRef' in node && node.ColumnRef.fields?.length === 1) {
      const [field] = node.ColumnRef.fields;
      const name = field && 'String' in field ? field.String.sval : undefined;
      const isInput = scope.names.star.some((column) => column.name === name);
      const target = isInput ? undefined : namedTarget(node, this.#targets);
      if (target) return target.expression;
    }
    return bindScalar(this.#context, node);
  }

  #add(expression: Scalar): number {
    const key = scalarKey(expression);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const column =
      expression.kind === 'column'
        ? { id: expression.column, name: '', type: this.#types.get(expression.column) }
        : this.#newColumn(expression);
    this.groups.push({ ...column, expression });
    this.#byKey.set(key, this.groups.length - 1);
    return this.groups.length - 1;
  }

  #newColumn(expression: Scalar): { id: number; name: string; type: string | undefined } {
    const type = typeOfScalar(expression, (id) => this.#types.get(id));
    const column = this.#context.binder.newColumn('', type);
    this.#types.set(column.id, type);
    return column;
  }

  /** With grouping sets a group's column is another than the input's: it is NULL where its set leaves it out. */
  renew(): void {
    this.groups = this.groups.map((group) =>
      group.expression.kind === 'column' && group.expression.column === group.id
        ? { ...this.#newColumn(group.expression), expression: group.expression }
        : group,
    );
  }

  within(scalar: Scalar): Scalar {
    const place = this.#byKey.get(scalarKey(scalar));
    const group = place === undefined ? undefined : this.groups[place];
    if (group) return { kind: 'column', column: group.id, node: scalar.node };
    return withParts(scalar, (part) => this.within(part));
  }

  placeOf(scalar: Scalar): number {
    const place = this.#byKey.get(scalarKey(scalar));
    if (place === undefined) throw new NotBound('GROUPING is about what is not grouped by');
    return place;
  }
}

/** The grouping sets that one item of GROUP BY stands for. */
function setsOf(node: Node, indexOf: (node: Node) => number): readonly (readonly number[])[] {
  if (!('GroupingSet' in node)) return [rowOf(node, indexOf)];
  const { kind, content = [] } = node.GroupingSet;
  const elements = content.map((item) => rowOf(item, indexOf));
  switch (kind) {
    case 'GROUPING_SET_EMPTY':
      return [[]];
    case 'GROUPING_SET_ROLLUP':
      return [...elements.keys(), elements.length].reverse().map((count) => elements.slice(0, count).flat());
    case 'GROUPING_SET_CUBE':
      if (elements.length > 8) throw new NotBound('a CUBE of more than 8 is not understood');
      return subsets(elements);
    case 'GROUPING_SET_SETS':
      return content.flatMap((item) => setsOf(item, indexOf));
    default:
      return [elements.flat()];
  }
}

function rowOf(node: Node, indexOf: (node: Node) => number): readonly number[] {
  if ('RowExpr' in node && node.RowExpr.row_format === 'COERCE_IMPLICIT_CAST')
    return (node.RowExpr.args ?? []).map(indexOf);
  return 'GroupingSet' in node ? setsOf(node, indexOf).flat() : [indexOf(node)];
}

function subsets(elements: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** elements.length }, (_, bits) =>
    elements.filter((_element, index) => (bits & (1 << index)) === 0).flat(),
  );
}

/** Items side by side are combined, each set with each. */
function crossed(items: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (left, right) => left.flatMap((one) => right.map((other) => [...new Set([...one, ...other])])),
    [[]],
  );
}

function withoutRepeats(sets: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const seen = new Map(sets.map((set) => [[...set].sort((a, b) => a - b).join(','), set]));
  return [...seen.values()];
}
