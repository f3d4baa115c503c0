/** Going through bound expressions: their parts, their columns, a copy with some of it replaced, a key that tells equal ones. */

import type { ColumnId, Scalar } from './plan.ts';

/** The expressions right below; of a subquery those it is compared with. */
export function partsOf(scalar: Scalar): readonly Scalar[] {
  switch (scalar.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
      return [];
    case 'not':
    case 'is null':
    case 'is':
    case 'cast':
      return [scalar.argument];
    case 'is distinct':
      return [scalar.left, scalar.right];
    case 'in':
      return [scalar.argument, ...scalar.list];
    case 'case':
      return [...scalar.arms.flatMap(({ when, then }) => [when, then]), scalar.otherwise];
    case 'subquery':
      return scalar.test;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'row':
    case 'array':
    case 'other':
      return scalar.arguments;
  }
}

/** With each part made anew by `change`. */
export function withParts(scalar: Scalar, change: (part: Scalar) => Scalar): Scalar {
  switch (scalar.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
      return scalar;
    case 'not':
    case 'is null':
    case 'is':
    case 'cast':
      return { ...scalar, argument: change(scalar.argument) };
    case 'is distinct':
      return { ...scalar, left: change(scalar.left), right: change(scalar.right) };
    case 'in':
      return { ...scalar, argument: change(scalar.argument), list: scalar.list.map(change) };
    case 'case':
      return {
        ...scalar,
        arms: scalar.arms.map(({ when, then }) => ({ when: change(when), then: change(then) })),
        otherwise: change(scalar.otherwise),
      };
    case 'subquery':
      return { ...scalar, test: scalar.test.map(change) };
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'row':
    case 'array':
    case 'other':
      return { ...scalar, arguments: scalar.arguments.map(change) };
  }
}

/** Every column that it reads, those that its subqueries read from around them included. */
export function columnsIn(scalar: Scalar, found = new Set<ColumnId>()): Set<ColumnId> {
  if (scalar.kind === 'column') found.add(scalar.column);
  if (scalar.kind === 'subquery') for (const column of scalar.outer) found.add(column);
  for (const part of partsOf(scalar)) columnsIn(part, found);
  return found;
}

/** The terms of a conjunction. */
export function conjuncts(scalar: Scalar | undefined): readonly Scalar[] {
  if (!scalar) return [];
  return scalar.kind === 'and' ? scalar.arguments.flatMap(conjuncts) : [scalar];
}

const keys = new WeakMap<Scalar, string>();

/** Equal for expressions that are written alike over the same columns; a subquery is like itself alone. */
export function scalarKey(scalar: Scalar): string {
  let key = keys.get(scalar);
  if (key === undefined) keys.set(scalar, (key = makeKey(scalar)));
  return key;
}

let subqueries = 0;

function makeKey(scalar: Scalar): string {
  const parts = partsOf(scalar).map(scalarKey).join(',');
  switch (scalar.kind) {
    case 'column':
      return `#${String(scalar.column)}`;
    case 'constant':
      return `${scalar.type}:${JSON.stringify(scalar.text)}`;
    case 'call':
      return `${scalar.name}(${parts})`;
    case 'cast':
      return `cast(${parts} as ${scalar.type ?? `?${String(++subqueries)}`})`;
    case 'is':
      return `is ${scalar.value}(${parts})`;
    case 'case':
      return `case${String(scalar.arms.length)}(${parts})`;
    case 'parameter':
    case 'subquery':
    case 'other':
      return `${scalar.kind}${String(++subqueries)}(${parts})`;
    case 'and':
    case 'or':
    case 'not':
    case 'is null':
    case 'is distinct':
    case 'in':
    case 'coalesce':
    case 'row':
    case 'array':
      return `${scalar.kind}(${parts})`;
  }
}
