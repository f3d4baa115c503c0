/** What holds of set operations and of recursive CTEs. */

import type { BoundQuery, Recursive, SetOperation } from '../plan/plan.ts';
import type { Attribute } from './attributes.ts';
import { queryFacts, type Derivation } from './derive.ts';
import {
  NO_FACTS,
  closure,
  dependency,
  isNotNull,
  type Bound,
  type Dependency,
  type Facts,
} from './facts.ts';
import { candidateKeys } from './keys.ts';

interface Branch {
  readonly facts: Facts;
  readonly columns: readonly Attribute[];
}

export function setFacts(derivation: Derivation, plan: SetOperation, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  const branch = (query: BoundQuery): Branch => ({
    facts: queryFacts(derivation, query, given),
    columns: query.output.map((column) => column.id),
  });
  const left = branch(plan.left);
  const right = branch(plan.right);
  const row = attributes.row({ name: '', relation: '', plan });
  const columns = plan.columns.map((column) => column.id);
  const dependencies: Dependency[] = [dependency([row], columns)];
  if (!plan.all) dependencies.push(dependency([...given, ...columns], [row]));
  const notNull = new Set<Attribute>([row]);
  columns.forEach((column, index) => {
    const inLeft = isNotNullAt(derivation, left, index);
    const inRight = isNotNullAt(derivation, right, index);
    if (
      plan.operation === 'union' ? inLeft && inRight : inLeft || (plan.operation === 'intersect' && inRight)
    )
      notNull.add(column);
  });
  const measured = new Map<Attribute, readonly Attribute[]>(columns.map((column) => [column, [row]]));
  const values = new Map<Attribute, ReadonlySet<string>>();
  if (plan.operation === 'union') {
    const tag = attributes.hidden();
    dependencies.push(
      dependency([row], [tag]),
      ...unionDependencies(derivation, { left, right, columns, given, row, tag }),
    );
    columns.forEach((column, index) => {
      const texts = unitedValues(valuesAt(left, index), valuesAt(right, index));
      if (texts) values.set(column, texts);
      const [rows, added] = unionMeasured(derivation, { left, right, columns, given, row, tag }, index);
      if (plan.all) measured.set(column, rows);
      dependencies.push(...added);
    });
  } else dependencies.push(...sideDependencies(derivation, left, columns, row, given));
  if (plan.operation === 'intersect')
    dependencies.push(...sideDependencies(derivation, right, columns, row, given));
  return { ...NO_FACTS, rows: [row], dependencies, notNull, measured, values };
}

function isNotNullAt({ attributes }: Derivation, { facts, columns }: Branch, index: number): boolean {
  const column = columns[index];
  return column !== undefined && isNotNull(attributes, facts, column);
}

interface Union {
  readonly left: Branch;
  readonly right: Branch;
  readonly columns: readonly Attribute[];
  readonly given: readonly Attribute[];
  readonly row: Attribute;
  /** Tells which branch a row is of. */
  readonly tag: Attribute;
}

/** Wider than this, what columns say of each other is not carried through a union. */
const WIDEST = 60;

function unionDependencies(derivation: Derivation, union: Union): readonly Dependency[] {
  const { left, right, columns, given, row, tag } = union;
  const found: Dependency[] = [];
  if (isEmpty(left) || isEmpty(right)) found.push(dependency([], [tag]));
  columns.forEach((column, index) => {
    if (tellsBranch(union, index)) found.push(dependency([column], [tag]));
  });
  const [leftKeys, rightKeys] = [keysAt(derivation, left, given), keysAt(derivation, right, given)];
  for (const one of leftKeys)
    for (const other of rightKeys) {
      const places = [...new Set([...one, ...other])];
      found.push(dependency([...given, tag, ...places.flatMap((place) => columns[place] ?? [])], [row]));
    }
  if (columns.length <= WIDEST)
    columns.forEach((column, index) => {
      const told = toldBy(derivation, left, index, given);
      const both = toldBy(derivation, right, index, given).filter((place) => told.includes(place));
      const to = both.flatMap((place) => (place === index ? [] : (columns[place] ?? [])));
      if (to.length > 0) found.push(dependency([...given, tag, column], to));
    });
  return found;
}

function isEmpty({ facts }: Branch): boolean {
  return facts.known.some(
    (predicate) => predicate.kind === 'constant' && (predicate.text === 'false' || predicate.text === null),
  );
}

/** A column whose values in the one branch are none of the other's. */
function tellsBranch({ left, right }: Union, index: number): boolean {
  const one = valuesAt(left, index);
  const other = valuesAt(right, index);
  if (one && other && [...one].every((text) => !other.has(text))) return true;
  return (
    boundsAt(left, index).some((bound) => boundsAt(right, index).some((second) => areApart(bound, second))) ||
    isNullApart(left, right, index) ||
    isNullApart(right, left, index)
  );
}

function boundsAt({ facts, columns }: Branch, index: number): readonly Bound[] {
  const column = columns[index];
  return column === undefined ? [] : (facts.bounds.get(column) ?? []);
}

/** The one is NULL where the other never is. */
function isNullApart(one: Branch, other: Branch, index: number): boolean {
  const column = other.columns[index];
  return (
    column !== undefined &&
    other.facts.notNull.has(column) &&
    boundsAt(one, index).some((bound) => bound.sign === 'is null')
  );
}

/** Whether nothing is within both: `< a` and `>= b` with b no less than a. */
function areApart(one: Bound, other: Bound): boolean {
  const [below, above] = one.sign.startsWith('<') ? [one, other] : [other, one];
  if (!below.sign.startsWith('<') || !above.sign.startsWith('>')) return false;
  const order = compared(below, above);
  if (order === undefined) return false;
  return order < 0 || (order === 0 && (below.sign === '<' || above.sign === '>'));
}

/** Numbers, and dates written alike; of other texts the collation is not known. */
function compared(one: Bound, other: Bound): number | undefined {
  if (one.isNumber && other.isNumber) return Number(one.text) - Number(other.text);
  if (one.isNumber || other.isNumber) return undefined;
  if (one.text === other.text) return 0;
  const isDate = ({ text }: Bound): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
  return isDate(one) && isDate(other) ? (one.text < other.text ? -1 : 1) : undefined;
}

function valuesAt({ facts, columns }: Branch, index: number): ReadonlySet<string> | undefined {
  const column = columns[index];
  return column === undefined ? undefined : facts.values.get(column);
}

function unitedValues(
  one: ReadonlySet<string> | undefined,
  other: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  return one && other && new Set([...one, ...other]);
}

/** Candidate keys of a branch, as places among its columns. */
function keysAt(
  derivation: Derivation,
  { facts, columns }: Branch,
  given: readonly Attribute[],
): readonly (readonly number[])[] {
  return candidateKeys(derivation.attributes, facts, columns, given).map((key) =>
    key.map((column) => columns.indexOf(column)),
  );
}

function toldBy(
  { attributes }: Derivation,
  { facts, columns }: Branch,
  index: number,
  given: readonly Attribute[],
): readonly number[] {
  const column = columns[index];
  if (column === undefined) return [];
  const reached = closure(attributes, facts, [...given, column]);
  return columns.flatMap((other, place) => (reached.has(other) ? [place] : []));
}

/** The rows that a united column was measured in: those of its branch, which the union's row may repeat. */
function unionMeasured(
  { attributes }: Derivation,
  { left, right, columns, given, row }: Union,
  index: number,
): readonly [readonly Attribute[], readonly Dependency[]] {
  const isWhole = ({ facts, columns: own }: Branch): boolean => {
    const column = own[index];
    const rows = column === undefined ? undefined : facts.measured.get(column);
    // A constant is measured nowhere.
    if (!rows || rows.length === 0) return true;
    const reached = closure(attributes, facts, [...given, ...rows]);
    return facts.rows.every((each) => reached.has(each));
  };
  if (isWhole(left) && isWhole(right)) return [[row], []];
  const repeating = isWhole(left) ? right : left;
  const column = repeating.columns[index];
  const first = column === undefined ? undefined : repeating.facts.measured.get(column)?.[0];
  const source = first === undefined ? undefined : attributes.source(first);
  const measured = attributes.row(source ?? { name: '', relation: '', plan: undefined });
  return [
    [measured],
    [
      dependency([row], [measured]),
      ...(columns[index] === undefined ? [] : [dependency([measured], [columns[index]])]),
    ],
  ];
}

/** INTERSECT and EXCEPT give rows of their sides. */
function sideDependencies(
  derivation: Derivation,
  side: Branch,
  columns: readonly Attribute[],
  row: Attribute,
  given: readonly Attribute[],
): readonly Dependency[] {
  const keys = keysAt(derivation, side, given).map((places) =>
    dependency([...given, ...places.flatMap((place) => columns[place] ?? [])], [row]),
  );
  const told =
    columns.length > WIDEST
      ? []
      : columns.flatMap((column, index) => {
          const to = toldBy(derivation, side, index, given).flatMap((place) => columns[place] ?? []);
          return [dependency([...given, column], to)];
        });
  return [...keys, ...told];
}

export function recursiveFacts(derivation: Derivation, plan: Recursive, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  queryFacts(derivation, plan.start, given);
  queryFacts(derivation, plan.step, given);
  const row = attributes.row({ name: '', relation: '', plan });
  const columns = plan.columns.map((column) => column.id);
  return {
    ...NO_FACTS,
    rows: [row],
    dependencies: [
      dependency([row], columns),
      ...(plan.all ? [] : [dependency([...given, ...columns], [row])]),
    ],
    notNull: new Set([row]),
    measured: new Map(columns.map((column) => [column, [row]])),
  };
}
