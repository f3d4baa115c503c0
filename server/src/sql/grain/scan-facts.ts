/** What holds of relations, of functions that give rows, and of VALUES. */

import { bindExpression } from '../plan/bind.ts';
import type { Expand, FunctionScan, Scalar, Scan, Values } from '../plan/plan.ts';
import type { ForeignKey, KeyPart, RelationKey } from '../plan/schema.ts';
import type { Attribute } from './attributes.ts';
import { factsOf, visitSubqueries, type Derivation } from './derive.ts';
import {
  NO_FACTS,
  dependency,
  withDependencies,
  type Dependency,
  type Facts,
  type Pending,
} from './facts.ts';

export function scanFacts(derivation: Derivation, plan: Scan): Facts {
  const { attributes } = derivation;
  const { relation, columns } = plan;
  const row = attributes.row({ name: plan.alias, relation: relation.name, plan });
  const own = columns.map((column) => column.id);
  const notNull = new Set<Attribute>([row]);
  relation.columns.forEach((column, index) => {
    const id = columns[index]?.id;
    if (column.notNull && id !== undefined) notNull.add(id);
  });
  const system = columns.slice(relation.columns.length);
  for (const column of system) notNull.add(column.id);
  const facts: Facts = {
    ...NO_FACTS,
    rows: [row],
    dependencies: [dependency([row], own)],
    notNull,
    measured: new Map(own.map((column) => [column, [row]])),
  };
  if (relation.hasChildren && !plan.only) return facts;
  const ctid = system.find((column) => column.name === 'ctid');
  const physical = ctid ? [dependency([ctid.id], [row])] : [];
  const keys = relation.keys.map((key) => keyFacts(derivation, plan, key, row));
  return {
    ...withDependencies(facts, [...physical, ...keys.flatMap((key) => key.dependencies)]),
    pending: keys.flatMap((key) => key.pending),
  };
}

interface KeyFacts {
  readonly dependencies: readonly Dependency[];
  readonly pending: readonly Pending[];
}

const NO_KEY: KeyFacts = { dependencies: [], pending: [] };

function keyFacts(derivation: Derivation, plan: Scan, key: RelationKey, row: Attribute): KeyFacts {
  const { attributes } = derivation;
  const parts = key.parts.map((part) => ({ part, attribute: partAttribute(derivation, plan, part) }));
  const equal: Attribute[] = [];
  let range: { readonly attribute: Attribute; readonly scalar: Scalar | undefined } | undefined;
  for (const { part, attribute } of parts) {
    if (attribute === undefined) return NO_KEY;
    if (part.operator === 'equals') equal.push(attribute);
    else if (range) return NO_KEY;
    else range = { attribute, scalar: attributes.term(attribute)?.scalar };
  }
  const needs = key.nulls === 'distinct' ? equal : [];
  const gives = [dependency(equal, [row], needs)];
  // A predicate that cannot be read may be anything.
  const guard =
    key.where === undefined
      ? undefined
      : (bindExpression(derivation.parser, key.where, plan.columns) ?? null);
  if (range) {
    const condition = {
      kind: 'contains' as const,
      range: range.attribute,
      bounds: boundsOf(derivation, range),
    };
    return guard === null ? NO_KEY : { dependencies: [], pending: [{ condition, guard, gives }] };
  }
  if (guard === undefined) return { dependencies: gives, pending: [] };
  return guard === null
    ? NO_KEY
    : { dependencies: [], pending: [{ condition: { kind: 'guard' }, guard, gives }] };
}

function partAttribute(derivation: Derivation, plan: Scan, part: KeyPart): Attribute | undefined {
  if (part.column !== undefined) {
    const index = plan.relation.columns.findIndex((column) => column.name === part.column);
    return plan.columns[index]?.id;
  }
  const scalar =
    part.expression === undefined
      ? undefined
      : bindExpression(derivation.parser, part.expression, plan.columns);
  return scalar && derivation.attributes.of(scalar);
}

/** `tstzrange(a, b)` holds all from a on that is before b. */
function boundsOf(
  derivation: Derivation,
  { attribute, scalar }: { readonly attribute: Attribute; readonly scalar: Scalar | undefined },
): readonly [Attribute, Attribute] | undefined {
  if (scalar?.kind !== 'call' || !scalar.name.endsWith('range')) return undefined;
  const [from, to, form] = derivation.attributes.term(attribute)?.arguments ?? [];
  const shape = scalar.arguments[2];
  if (form !== undefined && (shape?.kind !== 'constant' || shape.text !== '[)')) return undefined;
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Whether a foreign key leads from the one side's columns to all of the other's key. */
export function followsForeignKey(
  child: Scan,
  parent: Scan,
  pairs: readonly (readonly [Attribute, Attribute])[],
): ForeignKey | undefined {
  const nameOf = (scan: Scan, attribute: Attribute): string | undefined => {
    const index = scan.columns.findIndex((column) => column.id === attribute);
    return scan.relation.columns[index]?.name;
  };
  return child.relation.foreignKeys.find(
    ({ columns, to }) =>
      to.schema === parent.relation.schema &&
      to.name === parent.relation.name &&
      columns.length === pairs.length &&
      columns.every((column, index) =>
        pairs.some(
          ([one, other]) => nameOf(child, one) === column && nameOf(parent, other) === to.columns[index],
        ),
      ),
  );
}

/** Functions of which a call never gives the same value twice. */
const UNREPEATED = new Set([
  'generate_series',
  'generate_subscripts',
  'jsonb_object_keys',
  'jsonb_each',
  'jsonb_each_text',
]);

export function functionFacts(
  derivation: Derivation,
  plan: FunctionScan,
  given: readonly Attribute[],
): Facts {
  const { attributes } = derivation;
  for (const call of plan.calls) visitSubqueries(derivation, NO_FACTS, call, given);
  const row = attributes.row({ name: plan.alias, relation: plan.alias, plan });
  const own = plan.columns.map((column) => column.id);
  const dependencies = [dependency([row], [...own, ...given])];
  if (plan.returns === 'one row') dependencies.push(dependency(given, [row]));
  if (plan.ordinality !== undefined) dependencies.push(dependency([...given, plan.ordinality], [row]));
  const [only, ...more] = plan.calls;
  const [first] = own;
  if (only?.kind === 'call' && more.length === 0 && first !== undefined && isUnrepeated(only))
    dependencies.push(
      ...[first, ...spineTerms(derivation, only, first)].map((told) => dependency([...given, told], [row])),
    );
  const notNull = new Set<Attribute>([row]);
  if (plan.ordinality !== undefined) notNull.add(plan.ordinality);
  if (only?.kind === 'call' && UNREPEATED.has(only.name) && first !== undefined) notNull.add(first);
  return {
    ...NO_FACTS,
    rows: [row],
    dependencies,
    notNull,
    measured: new Map(own.map((column) => [column, [row]])),
    ordinals: new Set(plan.ordinality === undefined ? [] : [plan.ordinality]),
  };
}

/** What a series of days, months or hours can be cut to without two of its values becoming one. */
function spineTerms(
  { attributes }: Derivation,
  { name, arguments: [, , step] }: Extract<Scalar, { kind: 'call' }>,
  column: Attribute,
): readonly Attribute[] {
  const text = name === 'generate_series' ? constantText(step) : undefined;
  const unit = /^\s*[1-9]\d*\s*(hour|day|week|month|mon|year)s?\s*$/i.exec(text ?? '')?.[1]?.toLowerCase();
  if (unit === undefined) return [];
  const units = UNITS.slice(0, UNITS.indexOf(unit === 'mon' ? 'month' : unit) + 1);
  const argument: Scalar = { kind: 'column', column, node: undefined };
  const cuts = units.map((each) =>
    attributes.of({
      kind: 'call',
      name: 'date_trunc',
      arguments: [{ kind: 'constant', text: each, type: 'text', node: undefined }, argument],
      node: undefined,
    }),
  );
  return units.includes('day')
    ? [...cuts, attributes.of({ kind: 'cast', argument, type: 'date', node: undefined })]
    : cuts;
}

/** The finer ones first. */
const UNITS = ['hour', 'day', 'week', 'month', 'year'];

/** A step of mixed signs may come back to where it was. */
function isUnrepeated(call: Extract<Scalar, { kind: 'call' }>): boolean {
  if (!UNREPEATED.has(call.name)) return false;
  const [, , step] = call.arguments;
  if (call.name !== 'generate_series' || !step) return true;
  const text = constantText(step);
  return text !== undefined && !text.includes('-');
}

function constantText(scalar: Scalar | undefined): string | undefined {
  const inner = scalar?.kind === 'cast' ? scalar.argument : scalar;
  return inner?.kind === 'constant' ? (inner.text ?? undefined) : undefined;
}

export function expansionFacts(derivation: Derivation, plan: Expand, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  const input = factsOf(derivation, plan.input, given);
  const name = plan.columns.map((column) => column.name).join(', ');
  const row = attributes.row({ name, relation: name, plan });
  const own = plan.columns.map((column) => column.id);
  const dependencies = [dependency([...input.rows, row], own)];
  for (const { expression } of plan.columns) visitSubqueries(derivation, input, expression, given);
  const [only, ...more] = plan.columns;
  if (only?.expression.kind === 'call' && more.length === 0 && isUnrepeated(only.expression))
    dependencies.push(dependency([...input.rows, only.id], [row]));
  const rows = [...input.rows, row];
  return {
    ...withDependencies(input, dependencies),
    rows,
    notNull: new Set([...input.notNull, row]),
    measured: new Map([...input.measured, ...own.map((column) => [column, rows] as const)]),
  };
}

/** More rows than these are a table by themselves; which columns tell them apart is not looked for. */
const MOST_ROWS = 2000;

export function valuesFacts(derivation: Derivation, plan: Values, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  for (const cell of plan.rows.flat()) visitSubqueries(derivation, NO_FACTS, cell, given);
  const row = attributes.row({ name: '', relation: '', plan });
  const own = plan.columns.map((column) => column.id);
  const dependencies = [dependency([row], own)];
  if (plan.rows.length <= 1) dependencies.push(dependency(given, [row]));
  const notNull = new Set<Attribute>([row]);
  const values = new Map<Attribute, ReadonlySet<string>>();
  if (plan.rows.length <= MOST_ROWS) {
    const texts = plan.columns.map((_, index) => plan.rows.map((cells) => cellText(cells[index])));
    own.forEach((column, index) => {
      const cells = texts[index] ?? [];
      if (cells.every((text) => typeof text === 'string')) {
        notNull.add(column);
        values.set(column, new Set(cells));
      }
    });
    dependencies.push(...valueKeys(own, texts, row));
  }
  return {
    ...NO_FACTS,
    rows: [row],
    dependencies,
    notNull,
    measured: new Map(own.map((column) => [column, [row]])),
    values,
  };
}

/** A constant's text, by which numbers that are written unlike are told; null for NULL, undefined where it is computed. */
function cellText(cell: Scalar | undefined): string | null | undefined {
  const inner = cell?.kind === 'cast' ? cell.argument : cell;
  if (inner?.kind !== 'constant') return undefined;
  if (inner.text === null) return null;
  return inner.type === 'integer' || inner.type === 'numeric' ? String(Number(inner.text)) : inner.text;
}

function valueKeys(
  own: readonly Attribute[],
  texts: readonly (readonly (string | null | undefined)[])[],
  row: Attribute,
): readonly Dependency[] {
  const isKey = (places: readonly number[]): boolean => {
    const lists = places.map((place) => texts[place] ?? []);
    if (lists.some((list) => list.includes(undefined))) return false;
    const seen = new Set<string>();
    const count = lists[0]?.length ?? 0;
    for (let at = 0; at < count; at++) seen.add(JSON.stringify(lists.map((list) => list[at])));
    return seen.size === count;
  };
  const singles = own.flatMap((_, index) => (isKey([index]) ? [[index]] : []));
  const pairs =
    singles.length > 0 || own.length > 12
      ? []
      : own.flatMap((_, one) =>
          own.flatMap((__, other) => (one < other && isKey([one, other]) ? [[one, other]] : [])),
        );
  const whole = own.map((_, index) => index);
  const all = singles.length === 0 && pairs.length === 0 && isKey(whole) ? [whole] : [];
  return [...singles, ...pairs, ...all].map((places) =>
    dependency(
      places.map((place) => own[place] ?? row),
      [row],
    ),
  );
}
