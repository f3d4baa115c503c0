/** What holds of a plan's rows whatever the data, and what follows from it. */

import type { Scalar } from '../plan/plan.ts';
import { isNeverNull, isTotal } from '../plan/traits.ts';
import type { Attribute, Attributes } from './attributes.ts';

/** Rows that agree on `from` agree on `to` (NULL is like NULL), provided that `needs` are not null in any row. */
export interface Dependency {
  readonly from: readonly Attribute[];
  readonly to: readonly Attribute[];
  readonly needs: readonly Attribute[];
}

/** A side of an outer join, whose columns are NULL where nothing matched. */
export interface Extension {
  /** Null in the rows that were added, and one value in all others. */
  readonly flag: Attribute;
  /** What is null only where the flag is, and always there. */
  readonly notNull: ReadonlySet<Attribute>;
  /** What is not null in rows that were matched, of both sides. */
  readonly whereMatched: ReadonlySet<Attribute>;
  /** The side's rows. */
  readonly rows: readonly Attribute[];
}

/** A dependency that holds once a condition is known to. */
export interface Pending {
  readonly condition: PendingCondition;
  /** The predicate of a partial index, which has to be true as well. */
  readonly guard: Scalar | undefined;
  readonly gives: readonly Dependency[];
}

export type PendingCondition =
  | { readonly kind: 'guard' }
  /** `range @> point`: then the point stands for the range. `gives` lacks the point. */
  | {
      readonly kind: 'contains';
      readonly range: Attribute;
      readonly bounds: readonly [Attribute, Attribute] | undefined;
    }
  /** A count of rows that is 1. */
  | { readonly kind: 'one'; readonly count: Attribute };

/** The rows of a partition, or of a relation's group. */
export type RowCount =
  | {
      readonly kind: 'partition';
      readonly partition: readonly Attribute[];
      readonly rows: readonly Attribute[];
    }
  | { readonly kind: 'group'; readonly relations: readonly string[] };

export interface Bound {
  readonly sign: '<' | '<=' | '>' | '>=' | 'is null';
  readonly text: string;
  readonly isNumber: boolean;
}

export interface Facts {
  /** Together they tell a row from every other. None: there is at most one row. */
  readonly rows: readonly Attribute[];
  readonly dependencies: readonly Dependency[];
  readonly notNull: ReadonlySet<Attribute>;
  readonly extensions: readonly Extension[];
  readonly pending: readonly Pending[];
  /** Predicates that are true of every row. */
  readonly known: readonly Scalar[];
  /** The rows that a column's values were measured in; of an absent column they are not known. */
  readonly measured: ReadonlyMap<Attribute, readonly Attribute[]>;
  /** Constants that an attribute is above or below. */
  readonly bounds: ReadonlyMap<Attribute, readonly Bound[]>;
  /** The only values that an attribute can have, as texts of constants. */
  readonly values: ReadonlyMap<Attribute, ReadonlySet<string>>;
  /** Attributes that are whole numbers from 1 on. */
  readonly ordinals: ReadonlySet<Attribute>;
  /** Attributes that count rows, with what they count. */
  readonly counts: ReadonlyMap<Attribute, RowCount>;
  /** Attributes that are the truth of a predicate: the term of it. */
  readonly predicates: ReadonlyMap<Attribute, Attribute>;
}

export const NO_FACTS: Facts = {
  rows: [],
  dependencies: [],
  notNull: new Set(),
  extensions: [],
  pending: [],
  known: [],
  measured: new Map(),
  bounds: new Map(),
  values: new Map(),
  ordinals: new Set(),
  counts: new Map(),
  predicates: new Map(),
};

export function dependency(
  from: readonly Attribute[],
  to: readonly Attribute[],
  needs: readonly Attribute[] = [],
): Dependency {
  return { from, to, needs };
}

export function withDependencies(facts: Facts, added: readonly Dependency[]): Facts {
  return added.length === 0 ? facts : { ...facts, dependencies: [...facts.dependencies, ...added] };
}

/** All that is fixed once these are: what rows that agree on them agree on. */
export function closure(attributes: Attributes, facts: Facts, start: Iterable<Attribute>): Set<Attribute> {
  const reached = new Set<Attribute>();
  const queue: Attribute[] = [];
  const reach = (attribute: Attribute): void => {
    if (reached.has(attribute)) return;
    reached.add(attribute);
    queue.push(attribute);
  };
  const index = indexOf(attributes, facts);
  const missing = index.dependencies.map(({ from }) => new Set(from).size);
  for (const at of index.always) for (const to of index.dependencies[at]?.to ?? []) reach(to);
  for (const attribute of attributes.constants) reach(attribute);
  for (const attribute of start) reach(attribute);
  for (let attribute = queue.pop(); attribute !== undefined; attribute = queue.pop()) {
    for (const at of index.byAttribute.get(attribute) ?? []) {
      const left = (missing[at] ?? 0) - 1;
      missing[at] = left;
      if (left === 0) for (const to of index.dependencies[at]?.to ?? []) reach(to);
    }
    for (const over of attributes.termsOver(attribute)) {
      const term = attributes.term(over);
      if (term?.isFunction === true && term.arguments.every((part) => reached.has(part))) reach(over);
    }
    const tells = attributes.term(attribute)?.tells;
    if (tells?.needs.every((part) => isNotNull(attributes, facts, part)) === true) tells.what.forEach(reach);
  }
  return reached;
}

interface DependencyIndex {
  readonly dependencies: readonly Dependency[];
  readonly byAttribute: ReadonlyMap<Attribute, readonly number[]>;
  readonly always: readonly number[];
}

const indexes = new WeakMap<Facts, DependencyIndex>();

/** The dependencies that hold, by what they start from. */
function indexOf(attributes: Attributes, facts: Facts): DependencyIndex {
  const known = indexes.get(facts);
  if (known) return known;
  const dependencies = facts.dependencies.filter(({ needs }) =>
    needs.every((part) => isNotNull(attributes, facts, part)),
  );
  const byAttribute = new Map<Attribute, number[]>();
  const always: number[] = [];
  dependencies.forEach(({ from }, at) => {
    if (from.length === 0) always.push(at);
    for (const attribute of new Set(from)) {
      const list = byAttribute.get(attribute);
      if (list) list.push(at);
      else byAttribute.set(attribute, [at]);
    }
  });
  const index = { dependencies, byAttribute, always };
  indexes.set(facts, index);
  return index;
}

export function determines(
  attributes: Attributes,
  facts: Facts,
  from: Iterable<Attribute>,
  to: readonly Attribute[],
): boolean {
  const reached = closure(attributes, facts, from);
  return to.every((attribute) => reached.has(attribute));
}

/** Whether no row has NULL there. */
export function isNotNull(attributes: Attributes, facts: Facts, attribute: Attribute): boolean {
  if (facts.notNull.has(attribute)) return true;
  const term = attributes.term(attribute);
  return (
    term !== undefined && neverNull(term.scalar, term.arguments, (part) => isNotNull(attributes, facts, part))
  );
}

function neverNull(
  scalar: Scalar,
  parts: readonly Attribute[],
  isNotNullPart: (part: Attribute) => boolean,
): boolean {
  switch (scalar.kind) {
    case 'constant':
      return scalar.text !== null;
    case 'call':
      return callIsNotNull(scalar.name, parts.map(isNotNullPart));
    case 'cast':
    case 'and':
    case 'or':
    case 'not':
    case 'in':
      return parts.every(isNotNullPart);
    case 'coalesce':
      return parts.some(isNotNullPart);
    case 'is null':
    case 'is':
    case 'is distinct':
    case 'row':
    case 'array':
      return true;
    case 'case':
      // Conditions and results take turns; the last is what is left.
      return parts.every(
        (part, index) => (index % 2 === 0 && index < parts.length - 1) || isNotNullPart(part),
      );
    case 'subquery':
      return scalar.use === 'exists' || scalar.use === 'array';
    case 'column':
    case 'parameter':
    case 'other':
      return false;
  }
}

function callIsNotNull(name: string, parts: readonly boolean[]): boolean {
  if (isNeverNull(name)) return true;
  if (name === 'greatest' || name === 'least') return parts.includes(true);
  return isTotal(name) && parts.every(Boolean);
}
