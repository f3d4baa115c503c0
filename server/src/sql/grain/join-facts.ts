/** What holds of joined rows: what holds of each side, what the condition equates, and what NULLs added to a side take away. */

import type { Join, Plan, Scalar, Scan } from '../plan/plan.ts';
import { columnsReadFrom, inputsOf, readsFrom } from '../plan/reads.ts';
import { columnsIn, conjuncts } from '../plan/scalars.ts';
import { settle } from './assume.ts';
import type { Attribute, Attributes } from './attributes.ts';
import { factsOf, filterFacts, fixedBy, type Derivation } from './derive.ts';
import {
  closure,
  dependency,
  determines,
  isNotNull,
  withDependencies,
  type Dependency,
  type Facts,
  type Pending,
} from './facts.ts';
import { projectFacts } from './project-facts.ts';
import { followsForeignKey } from './scan-facts.ts';

export function joinFacts(derivation: Derivation, plan: Join, given: readonly Attribute[]): Facts {
  const left = factsOf(derivation, plan.left, given);
  const right = factsOf(
    derivation,
    plan.right,
    fixedBy(plan.right, given, columnsReadFrom(plan.right, plan.left), left.rows),
  );
  const both = merged(left, right);
  const matched = filterFacts(derivation, both, plan.predicate, given);
  const facts = joined(derivation, plan, { left, right, both, matched });
  return plan.merged.length > 0 ? projectFacts(derivation, facts, plan.merged) : facts;
}

interface Sides {
  readonly left: Facts;
  readonly right: Facts;
  /** Side by side, before anything is compared. */
  readonly both: Facts;
  /** Of the pairs that the condition is true for. */
  readonly matched: Facts;
}

function joined(derivation: Derivation, plan: Join, sides: Sides): Facts {
  switch (plan.join) {
    case 'inner':
      return sides.matched;
    case 'left':
      return isAlwaysMatched(derivation, plan, plan.left, plan.right, sides.left)
        ? sides.matched
        : outer(derivation, plan, sides, { kept: sides.left, added: sides.right, keptPlan: plan.left });
    case 'right':
      return isAlwaysMatched(derivation, plan, plan.right, plan.left, sides.right)
        ? sides.matched
        : outer(derivation, plan, sides, { kept: sides.right, added: sides.left, keptPlan: plan.right });
    case 'full':
      return full(derivation, plan, sides);
  }
}

export function merged(left: Facts, right: Facts): Facts {
  return {
    rows: [...left.rows, ...right.rows],
    dependencies: [...left.dependencies, ...right.dependencies],
    notNull: new Set([...left.notNull, ...right.notNull]),
    extensions: [...left.extensions, ...right.extensions],
    pending: [...left.pending, ...right.pending],
    known: [...left.known, ...right.known],
    measured: new Map([...left.measured, ...right.measured]),
    bounds: new Map([...left.bounds, ...right.bounds]),
    values: new Map([...left.values, ...right.values]),
    ordinals: new Set([...left.ordinals, ...right.ordinals]),
    counts: new Map([...left.counts, ...right.counts]),
    predicates: new Map([...left.predicates, ...right.predicates]),
  };
}

interface OuterSides {
  readonly kept: Facts;
  readonly added: Facts;
  readonly keptPlan: Plan;
}

function outer(
  derivation: Derivation,
  plan: Join,
  sides: Sides,
  { kept, added, keptPlan }: OuterSides,
): Facts {
  const { attributes } = derivation;
  const { matched, both } = sides;
  const flag = attributes.hidden();
  const inside = universe(attributes, added, kept);
  const before = new Set(kept.dependencies);
  const extended = matched.dependencies
    .filter((each) => !before.has(each))
    .flatMap((each) => extendedDependency(attributes, each, flag, inside, matched));
  const notNull = new Set(
    nullableWith(attributes, matched).filter(
      (attribute) => !kept.notNull.has(attribute) && inside(attribute),
    ),
  );
  const facts: Facts = {
    ...both,
    dependencies: [
      ...kept.dependencies,
      ...extended,
      ...[...notNull].map((attribute) => dependency([attribute], [flag])),
      ...added.rows.map((row) => dependency([row], [flag])),
      ...onlyMatch(derivation, plan, sides, { kept, added, keptPlan }, flag),
      // A condition that is never true matches nothing.
      ...(isFalse(plan.predicate) ? [dependency([], [flag, ...added.rows])] : []),
    ],
    notNull: kept.notNull,
    extensions: [
      ...kept.extensions,
      ...added.extensions,
      { flag, notNull, whereMatched: matched.notNull, rows: added.rows },
    ],
    pending: [
      ...kept.pending,
      ...added.pending.map((pending) => extendedPending(attributes, pending, flag, inside, matched)),
    ],
    known: kept.known,
    bounds: kept.bounds,
    values: kept.values,
  };
  return settle(attributes, facts);
}

/** What is never null of a side, and would be NULL without it: columns, where a term (`coalesce(a, 0)`) may have a value of its own. */
function nullableWith(attributes: Attributes, facts: Facts): readonly Attribute[] {
  return [...facts.notNull].filter((attribute) => attributes.term(attribute) === undefined);
}

/** Whether an attribute belongs to a side: its columns, its rows, and terms over them; what it reads of the other is the other's. */
function universe(attributes: Attributes, facts: Facts, other?: Facts): (attribute: Attribute) => boolean {
  const own = mentioned(facts);
  if (other) for (const attribute of mentioned(other)) own.delete(attribute);
  const isOwn = (attribute: Attribute): boolean => {
    const term = attributes.term(attribute);
    if (!term) return own.has(attribute);
    return (term.arguments.length > 0 || own.has(attribute)) && term.arguments.every(isOwn);
  };
  return isOwn;
}

function mentioned(facts: Facts): Set<Attribute> {
  const found = new Set<Attribute>([...facts.rows, ...facts.measured.keys(), ...facts.notNull]);
  for (const { from, to } of facts.dependencies) {
    for (const attribute of from) found.add(attribute);
    for (const attribute of to) found.add(attribute);
  }
  return found;
}

/** In the rows that were added, all of the side is NULL, so that its attributes agree with each other there. */
function extendedDependency(
  attributes: Attributes,
  { from, to, needs }: Dependency,
  flag: Attribute,
  inside: (attribute: Attribute) => boolean,
  matched: Facts,
): readonly Dependency[] {
  const open = needs.filter((attribute) => !isNotNull(attributes, matched, attribute));
  const own = to.filter(inside);
  const others = to.filter((attribute) => !inside(attribute));
  return [
    ...(own.length > 0 ? [dependency([...from, flag], own, open)] : []),
    ...(others.length > 0 ? [dependency(from, others, [...open, flag])] : []),
  ];
}

function extendedPending(
  attributes: Attributes,
  { condition, guard, gives }: Pending,
  flag: Attribute,
  inside: (attribute: Attribute) => boolean,
  matched: Facts,
): Pending {
  return {
    condition,
    guard,
    gives: gives.flatMap((each) => extendedDependency(attributes, each, flag, inside, matched)),
  };
}

function isFalse(predicate: Scalar | undefined): boolean {
  return conjuncts(predicate).some(
    (part) => part.kind === 'constant' && (part.text === null || part.text === 'false'),
  );
}

/** What the condition reads of the kept side decides what is found, and where that is one row at most, which. */
function onlyMatch(
  derivation: Derivation,
  plan: Join,
  { matched, right, left, both }: Sides,
  { kept, added, keptPlan }: OuterSides,
  flag: Attribute,
): readonly Dependency[] {
  const { attributes } = derivation;
  const found: Dependency[] = [];
  if (determines(attributes, matched, kept.rows, added.rows))
    found.push(dependency(kept.rows, [...added.rows, flag]));
  if (!isWithoutSubquery(plan.predicate)) return found;
  const other = keptPlan === plan.left ? plan.right : plan.left;
  if (readsFrom(other, keptPlan)) return found;
  const read = new Set(
    [...columnsIn(plan.predicate ?? NOTHING)].filter((column) => !isOf(column, added, attributes)),
  );
  // The kept side's own dependencies say nothing of other rows that read the same.
  const apart: Facts = {
    ...(kept === left ? right : left),
    notNull: both.notNull,
    dependencies: matched.dependencies.filter((each) => !kept.dependencies.includes(each)),
  };
  if (added.rows.every((row) => closure(attributes, apart, read).has(row)))
    found.push(dependency([...read], [...added.rows, flag]));
  return found;
}

const NOTHING: Scalar = { kind: 'parameter', node: undefined };

function isOf(column: Attribute, facts: Facts, attributes: Attributes): boolean {
  return universe(attributes, facts)(column);
}

function isWithoutSubquery(predicate: Scalar | undefined): boolean {
  if (!predicate) return true;
  return conjuncts(predicate).every((part) => part.kind !== 'subquery' && part.kind !== 'other');
}

function full(derivation: Derivation, plan: Join, sides: Sides): Facts {
  const { attributes } = derivation;
  const { left, right, both, matched } = sides;
  const [leftFlag, rightFlag] = [attributes.hidden(), attributes.hidden()];
  const inLeft = universe(attributes, left);
  const inRight = universe(attributes, right);
  const side = (facts: Facts, flag: Attribute, inside: (attribute: Attribute) => boolean): Dependency[] => [
    ...facts.dependencies.flatMap((each) => extendedDependency(attributes, each, flag, inside, facts)),
    ...nullableWith(attributes, facts).map((attribute) => dependency([attribute], [flag])),
    ...facts.rows.map((row) => dependency([row], [flag])),
  ];
  const own = new Set([...left.dependencies, ...right.dependencies]);
  const across = matched.dependencies
    .filter((each) => !own.has(each))
    .map(({ from, to, needs }) => dependency(from, to, [...needs.filter((attribute) => !isNotNull(attributes, matched, attribute)), leftFlag, rightFlag])); // prettier-ignore
  const facts: Facts = {
    ...both,
    dependencies: [
      ...side(left, leftFlag, inLeft),
      ...side(right, rightFlag, inRight),
      ...across,
      ...(determines(attributes, matched, left.rows, right.rows)
        ? [dependency([...left.rows, leftFlag], right.rows, [leftFlag])]
        : []),
      ...(determines(attributes, matched, right.rows, left.rows)
        ? [dependency([...right.rows, rightFlag], left.rows, [rightFlag])]
        : []),
    ],
    notNull: new Set(),
    extensions: [
      ...left.extensions,
      ...right.extensions,
      {
        flag: leftFlag,
        notNull: new Set(nullableWith(attributes, left)),
        whereMatched: left.notNull,
        rows: left.rows,
      },
      {
        flag: rightFlag,
        notNull: new Set(nullableWith(attributes, right)),
        whereMatched: right.notNull,
        rows: right.rows,
      },
    ],
    pending: [
      ...left.pending.map((pending) => extendedPending(attributes, pending, leftFlag, inLeft, left)),
      ...right.pending.map((pending) => extendedPending(attributes, pending, rightFlag, inRight, right)),
    ],
    known: [],
    bounds: new Map(),
    values: new Map(),
  };
  return settle(attributes, withMergedKey(attributes, plan, sides, facts));
}

/** Two sides that are each unique by what they are joined by meet in one row a value, whichever side has it. */
function withMergedKey(attributes: Attributes, plan: Join, { left, right }: Sides, facts: Facts): Facts {
  const pairs = conjuncts(plan.predicate).map((part) => equatedPair(attributes, part, left, right));
  if (pairs.length === 0 || pairs.some((pair) => pair === undefined)) return facts;
  const found = pairs.filter((pair) => pair !== undefined);
  const whole = (side: Facts, place: 'one' | 'other'): boolean =>
    found.every((pair) => isNotNull(attributes, side, attributes.of(pair[place])));
  const isKey = (side: Facts, place: 'one' | 'other'): boolean =>
    determines(
      attributes,
      side,
      found.map((pair) => attributes.of(pair[place])),
      side.rows,
    );
  if (!whole(left, 'one') || !whole(right, 'other')) return facts;
  const values = found.map(({ one, other }) => ({
    forth: coalesced(attributes, one, other),
    back: coalesced(attributes, other, one),
  }));
  const notNull = new Set([...facts.notNull, ...values.flatMap(({ forth, back }) => [forth, back])]);
  const alike = values.flatMap(({ forth, back }) => [
    dependency([forth], [back]),
    dependency([back], [forth]),
  ]);
  const forth = values.map((value) => value.forth);
  // A row of the many side stands by its value's row of the other; without one, the value stands alone.
  const unique = [
    ...(isKey(left, 'one') ? [dependency([...forth, ...right.rows], facts.rows)] : []),
    ...(isKey(right, 'other') ? [dependency([...forth, ...left.rows], facts.rows)] : []),
    ...(isKey(left, 'one') && isKey(right, 'other') ? [dependency(forth, facts.rows)] : []),
  ];
  return { ...withDependencies(facts, [...alike, ...unique]), notNull };
}

function coalesced(attributes: Attributes, one: Scalar, other: Scalar): Attribute {
  return attributes.of({ kind: 'coalesce', arguments: [one, other], node: undefined });
}

function equatedPair(
  attributes: Attributes,
  part: Scalar,
  left: Facts,
  right: Facts,
): { readonly one: Scalar; readonly other: Scalar } | undefined {
  if (part.kind !== 'call' || part.name !== '=') return undefined;
  const [one, other] = part.arguments;
  if (!one || !other) return undefined;
  const inLeft = universe(attributes, left);
  const inRight = universe(attributes, right);
  const [first, second] = [attributes.of(one), attributes.of(other)];
  if (inLeft(first) && inRight(second)) return { one, other };
  if (inLeft(second) && inRight(first)) return { one: other, other: one };
  return undefined;
}

/** A foreign key that is never null finds its row. */
function isAlwaysMatched(
  derivation: Derivation,
  plan: Join,
  child: Plan,
  parent: Plan,
  facts: Facts,
): boolean {
  if (parent.kind !== 'scan') return false;
  const { attributes } = derivation;
  const parts = conjuncts(plan.predicate);
  const pairs = parts.flatMap((part): (readonly [Attribute, Attribute])[] => {
    if (part.kind !== 'call' || part.name !== '=') return [];
    const [one, other] = part.arguments.map((argument) => attributes.of(argument));
    if (one === undefined || other === undefined) return [];
    const isParent = (attribute: Attribute): boolean =>
      parent.columns.some((column) => column.id === attribute);
    return isParent(other) ? [[one, other]] : isParent(one) ? [[other, one]] : [];
  });
  if (pairs.length === 0 || pairs.length !== parts.length) return false;
  if (!pairs.every(([column]) => isNotNull(attributes, facts, column))) return false;
  return scansBelow(child).some(
    (scan) =>
      (scan.only || !scan.relation.hasChildren) && followsForeignKey(scan, parent, pairs) !== undefined,
  );
}

/** Scans whose columns come up as they are. */
function scansBelow(plan: Plan): readonly Scan[] {
  if (plan.kind === 'scan') return [plan];
  if (plan.kind === 'join' || plan.kind === 'filter') return inputsOf(plan).flatMap(scansBelow);
  return [];
}
