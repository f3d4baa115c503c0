/** What a predicate that is true of every row adds to what holds. */

import type { Scalar } from '../plan/plan.ts';
import { conjuncts, scalarKey } from '../plan/scalars.ts';
import { isStrict } from '../plan/traits.ts';
import { baseType, type Attribute, type Attributes } from './attributes.ts';
import {
  dependency,
  withDependencies,
  type Bound,
  type Dependency,
  type Facts,
  type Pending,
} from './facts.ts';
import { implies, testOf } from './implies.ts';

/** `subquery` says what holds of the rows that EXISTS or IN found, beside the row that asked. */
export function assume(
  attributes: Attributes,
  facts: Facts,
  predicate: Scalar | undefined,
  subquery: (facts: Facts, scalar: Scalar) => Facts = (same) => same,
): Facts {
  let result = facts;
  for (const conjunct of conjuncts(predicate)) result = assumeOne(attributes, result, conjunct, subquery);
  return settle(attributes, result);
}

function assumeOne(
  attributes: Attributes,
  facts: Facts,
  predicate: Scalar,
  subquery: (facts: Facts, scalar: Scalar) => Facts,
): Facts {
  if (predicate.kind === 'or') {
    const shared = sharedTerms(predicate.arguments);
    if (shared.length > 0)
      return shared.reduce((all, term) => assumeOne(attributes, all, term, subquery), facts);
  }
  const known: Facts = { ...facts, known: [...facts.known, predicate] };
  const rejected = withNotNull(known, nullRejected(attributes, predicate));
  const { dependencies, values } = consequences(attributes, rejected, predicate);
  const told: Facts = {
    ...withDependencies(rejected, dependencies),
    values: values.size === 0 ? rejected.values : new Map([...rejected.values, ...values]),
    bounds: withBound(attributes, rejected.bounds, predicate),
  };
  if (predicate.kind === 'subquery') return subquery(told, predicate);
  const meant = predicate.kind === 'column' ? facts.predicates.get(predicate.column) : undefined;
  return meant === undefined ? told : assume(attributes, told, attributes.scalarOf(meant), subquery);
}

function withBound(attributes: Attributes, bounds: Facts['bounds'], predicate: Scalar): Facts['bounds'] {
  const test = testOf(attributes, predicate);
  if (!test) return bounds;
  const { attribute, sign, isNumber } = test;
  if (sign === '=' || sign === '<>' || sign === 'in') return bounds;
  const bound: Bound = { sign, text: test.constants[0] ?? '', isNumber };
  return new Map([...bounds, [attribute, [...(bounds.get(attribute) ?? []), bound]]]);
}

/** What all arms of an OR say. */
function sharedTerms(arms: readonly Scalar[]): readonly Scalar[] {
  const [first, ...others] = arms.map((arm) => conjuncts(arm));
  const keys = others.map((terms) => new Set(terms.map(scalarKey)));
  return (first ?? []).filter((term) => keys.every((set) => set.has(scalarKey(term))));
}

function withNotNull(facts: Facts, added: ReadonlySet<Attribute>): Facts {
  return added.size === 0 ? facts : { ...facts, notNull: new Set([...facts.notNull, ...added]) };
}

/** What follows from conditions that are now known: partial indexes, counts, matched sides of outer joins. */
export function settle(attributes: Attributes, facts: Facts): Facts {
  let result = facts;
  for (;;) {
    const next = settlePending(attributes, settleExtensions(attributes, result));
    if (next === result) return result;
    result = next;
  }
}

/** A side of which a column that had no NULL is not null was matched, in every row. */
function settleExtensions(attributes: Attributes, facts: Facts): Facts {
  const settled = facts.extensions.filter(
    ({ flag, notNull }) =>
      facts.notNull.has(flag) || [...notNull].some((attribute) => facts.notNull.has(attribute)),
  );
  const fresh = settled.filter(
    ({ flag, notNull }) =>
      !facts.notNull.has(flag) || [...notNull].some((attribute) => !facts.notNull.has(attribute)),
  );
  if (fresh.length === 0) return facts;
  const notNull = new Set(facts.notNull);
  for (const extension of fresh) {
    notNull.add(extension.flag);
    for (const attribute of [...extension.notNull, ...extension.whereMatched]) notNull.add(attribute);
  }
  const fixed = fresh.map(({ flag }) => dependency([], [flag]));
  return { ...withDependencies(facts, fixed), notNull };
}

function settlePending(attributes: Attributes, facts: Facts): Facts {
  const given = facts.pending.map((pending) => gained(attributes, facts, pending));
  if (given.every((dependencies) => dependencies.length === 0)) return facts;
  return {
    ...withDependencies(facts, given.flat()),
    pending: facts.pending.filter((_, index) => given[index]?.length === 0),
  };
}

function gained(
  attributes: Attributes,
  facts: Facts,
  { condition, guard, gives }: Pending,
): readonly Dependency[] {
  if (!conjuncts(guard).every((wanted) => implies(attributes, facts, wanted))) return [];
  switch (condition.kind) {
    case 'guard':
      return gives;
    case 'one':
      return isOne(attributes, facts, condition.count) ? gives : [];
    case 'contains': {
      const point = containedPoint(attributes, facts, condition.range, condition.bounds);
      return point === undefined
        ? []
        : gives.map(({ from, to, needs }) => dependency([...from, point], to, needs));
    }
  }
}

/** `= 1`, `< 2` or `<= 1` of what is at least 1. */
function isOne(attributes: Attributes, facts: Facts, count: Attribute): boolean {
  return facts.known.some((predicate) => {
    const bound = constantBound(attributes, predicate, count);
    return bound !== undefined && ((bound.sign === '=' && bound.value === 1) || (bound.sign === '<=' && bound.value === 1) || (bound.sign === '<' && bound.value === 2)); // prettier-ignore
  });
}

function constantBound(
  attributes: Attributes,
  predicate: Scalar,
  attribute: Attribute,
): { readonly sign: string; readonly value: number } | undefined {
  if (predicate.kind !== 'call') return undefined;
  const [left, right] = predicate.arguments;
  if (!left || !right) return undefined;
  if (attributes.of(left) === attribute && right.kind === 'constant' && right.text !== null)
    return { sign: predicate.name, value: Number(right.text) };
  if (attributes.of(right) === attribute && left.kind === 'constant' && left.text !== null)
    return { sign: MIRRORED[predicate.name] ?? '', value: Number(left.text) };
  return undefined;
}

/** Comparisons with the operands exchanged. */
export const MIRRORED: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

/** The point of `range @> point`, or of `lower <= point and point < upper`. */
function containedPoint(
  attributes: Attributes,
  facts: Facts,
  range: Attribute,
  bounds: readonly [Attribute, Attribute] | undefined,
): Attribute | undefined {
  const lower = new Set<Attribute>();
  const upper = new Set<Attribute>();
  for (const predicate of facts.known) {
    if (predicate.kind !== 'call') continue;
    const [left, right] = predicate.arguments.map((part) => attributes.of(part));
    if (left === undefined || right === undefined) continue;
    if (predicate.name === '@>' && left === range) return right;
    if (predicate.name === '<@' && right === range) return left;
    if (!bounds) continue;
    const [from, to] = bounds;
    if (predicate.name === '<=' && left === from) lower.add(right);
    if (predicate.name === '>=' && right === from) lower.add(left);
    if (predicate.name === '<' && right === to) upper.add(left);
    if (predicate.name === '>' && left === to) upper.add(right);
  }
  return [...lower].find((point) => upper.has(point));
}

interface Consequences {
  readonly dependencies: readonly Dependency[];
  readonly values: ReadonlyMap<Attribute, ReadonlySet<string>>;
}

const NOTHING: Consequences = { dependencies: [], values: new Map() };

function consequences(attributes: Attributes, facts: Facts, predicate: Scalar): Consequences {
  switch (predicate.kind) {
    case 'call':
      return predicate.name === '='
        ? equal(attributes, predicate.arguments)
        : ordinal(attributes, facts, predicate);
    case 'is null':
      return nothing(facts, attributes.of(predicate.argument));
    case 'column':
      return fixed(attributes.of(predicate));
    case 'is':
      return fixed(attributes.of(predicate.argument));
    case 'in': {
      const attribute = attributes.of(predicate.argument);
      const texts = predicate.list.map((item) => (item.kind === 'constant' ? item.text : undefined));
      if (predicate.list.length === 1) return equal(attributes, [predicate.argument, ...predicate.list]);
      if (texts.some((text) => typeof text !== 'string')) return NOTHING;
      return { dependencies: [], values: new Map([[attribute, new Set(texts as string[])]]) };
    }
    case 'not': {
      const { argument } = predicate;
      if (argument.kind === 'is distinct') return equal(attributes, [argument.left, argument.right]);
      if (argument.kind === 'column') return fixed(attributes.of(argument));
      return NOTHING;
    }
    default:
      return NOTHING;
  }
}

/** Where what is never null of an outer join's side is null, nothing was matched. */
function nothing(facts: Facts, attribute: Attribute): Consequences {
  const unmatched = facts.extensions.filter(({ notNull }) => notNull.has(attribute));
  const gone = unmatched.flatMap(({ flag, rows }) => [flag, ...rows]);
  return { dependencies: [dependency([], [attribute, ...gone])], values: new Map() };
}

function fixed(attribute: Attribute): Consequences {
  return { dependencies: [dependency([], [attribute])], values: new Map() };
}

function equal(attributes: Attributes, sides: readonly Scalar[]): Consequences {
  const [one, other] = sides;
  if (!one || !other) return NOTHING;
  const left = attributes.of(one);
  const right = attributes.of(other);
  const values = new Map<Attribute, ReadonlySet<string>>();
  if (one.kind === 'constant' && one.text !== null) values.set(right, new Set([one.text]));
  if (other.kind === 'constant' && other.text !== null) values.set(left, new Set([other.text]));
  return {
    dependencies: [
      ...(isTold(attributes, left, right) ? [dependency([left], [right])] : []),
      ...(isTold(attributes, right, left) ? [dependency([right], [left])] : []),
    ],
    values,
  };
}

const EXACT = /^(smallint|integer|bigint|oid|numeric)/;
const INEXACT = /^(real|double precision)/;

/** Whether the one's value fixes the other's where `=` calls them equal: a float is equal to more than one whole number. */
function isTold(attributes: Attributes, from: Attribute, to: Attribute): boolean {
  const source = attributes.typeOf(from);
  const target = attributes.typeOf(to);
  if (source === undefined || target === undefined) return true;
  const [one, other] = [baseType(source), baseType(target)];
  if (one === other) return true;
  if (INEXACT.test(one) && EXACT.test(other)) return false;
  if (one === 'citext' || other === 'citext') return other === 'citext';
  if (one === 'timestamp with time zone' && other === 'timestamp without time zone') return false;
  return true;
}

/** The first of a numbering is one number. */
function ordinal(attributes: Attributes, facts: Facts, predicate: Scalar): Consequences {
  if (predicate.kind !== 'call') return NOTHING;
  for (const part of predicate.arguments) {
    const attribute = attributes.of(part);
    if (!facts.ordinals.has(attribute)) continue;
    const bound = constantBound(attributes, predicate, attribute);
    if (bound && ((bound.sign === '<=' && bound.value < 2) || (bound.sign === '<' && bound.value <= 2)))
      return fixed(attribute);
  }
  return NOTHING;
}

/** Attributes whose NULL keeps the predicate from being true. */
function nullRejected(attributes: Attributes, predicate: Scalar): Set<Attribute> {
  switch (predicate.kind) {
    case 'and':
      return union(predicate.arguments.map((part) => nullRejected(attributes, part)));
    case 'or': {
      const [first, ...others] = predicate.arguments.map((part) => nullRejected(attributes, part));
      return new Set([...(first ?? [])].filter((attribute) => others.every((other) => other.has(attribute))));
    }
    case 'not': {
      const { argument } = predicate;
      if (argument.kind === 'is null') return strictParts(attributes, argument.argument);
      if (argument.kind === 'is')
        return argument.value === 'unknown' ? strictParts(attributes, argument.argument) : new Set();
      if (argument.kind === 'or') return union(argument.arguments.map((part) => nullRejected(attributes, { kind: 'not', argument: part, node: undefined }))); // prettier-ignore
      return strictParts(attributes, argument);
    }
    case 'is':
      return predicate.value === 'unknown' ? new Set() : strictParts(attributes, predicate.argument);
    case 'in':
      return strictParts(attributes, predicate.argument);
    case 'subquery':
      return predicate.use === 'any'
        ? union(predicate.test.map((part) => strictParts(attributes, part)))
        : new Set();
    case 'call':
    case 'column':
    case 'cast':
      return strictParts(attributes, predicate);
    default:
      return new Set();
  }
}

function union(sets: readonly Set<Attribute>[]): Set<Attribute> {
  return new Set(sets.flatMap((set) => [...set]));
}

/** The attributes whose NULL makes the expression NULL, and the expression itself. */
export function strictParts(attributes: Attributes, scalar: Scalar): Set<Attribute> {
  const found = new Set<Attribute>([attributes.of(scalar)]);
  const add = (part: Scalar): void => {
    for (const attribute of strictParts(attributes, part)) found.add(attribute);
  };
  switch (scalar.kind) {
    case 'call':
      if (isStrict(scalar.name)) scalar.arguments.forEach(add);
      break;
    case 'cast':
    case 'not':
      add(scalar.argument);
      break;
    case 'in':
      add(scalar.argument);
      break;
    default:
      break;
  }
  return found;
}
