/** The facts of a query that is read at several places, in the attributes of one of them. */

import type { NamedScan, Scalar } from '../plan/plan.ts';
import { withParts } from '../plan/scalars.ts';
import type { Attribute, Attributes, RowSource } from './attributes.ts';
import type { Dependency, Facts, Pending, PendingCondition, RowCount } from './facts.ts';

/** `columns`: from the query's columns to the reader's; everything else gets a new number. */
export function renamedFacts(
  attributes: Attributes,
  facts: Facts,
  columns: ReadonlyMap<Attribute, Attribute>,
  place: NamedScan,
): Facts {
  const names = new Map(columns);
  const rename = (attribute: Attribute): Attribute => {
    const known = names.get(attribute);
    if (known !== undefined) return known;
    const fresh = attributes.renamed(attribute, rename) ?? freshAttribute(attributes, attribute, place);
    names.set(attribute, fresh);
    return fresh;
  };
  const all = (list: readonly Attribute[]): readonly Attribute[] => list.map(rename);
  const set = (list: ReadonlySet<Attribute>): ReadonlySet<Attribute> => new Set([...list].map(rename));
  const dependencies = facts.dependencies.map(({ from, to, needs }): Dependency => ({
    from: all(from),
    to: all(to),
    needs: all(needs),
  }));
  return {
    rows: all(facts.rows),
    dependencies,
    notNull: set(facts.notNull),
    extensions: facts.extensions.map(({ flag, notNull, whereMatched, rows }) => ({
      flag: rename(flag),
      notNull: set(notNull),
      whereMatched: set(whereMatched),
      rows: all(rows),
    })),
    pending: facts.pending.flatMap((pending) => renamedPending(pending, rename, all)),
    // Predicates are about the query's own columns; what they said is said by the dependencies.
    known: [],
    measured: new Map([...facts.measured].map(([column, rows]) => [rename(column), all(rows)])),
    bounds: new Map([...facts.bounds].map(([attribute, bounds]) => [rename(attribute), bounds])),
    values: new Map([...facts.values].map(([attribute, texts]) => [rename(attribute), texts])),
    ordinals: set(facts.ordinals),
    counts: new Map(
      [...facts.counts].map(([attribute, count]) => [rename(attribute), renamedCount(count, all)]),
    ),
    predicates: new Map([...facts.predicates].map(([attribute, term]) => [rename(attribute), rename(term)])),
  };
}

function freshAttribute(attributes: Attributes, attribute: Attribute, place: NamedScan): Attribute {
  const source = attributes.source(attribute);
  const fresh = source ? attributes.row(sourceAt(source, place)) : attributes.hidden();
  attributes.setType(fresh, attributes.typeOf(attribute));
  return fresh;
}

/** Rows that the query made are its own. */
function sourceAt(source: RowSource, { alias, of }: NamedScan): RowSource {
  return source.name === '' ? { ...source, name: alias, relation: of.name } : source;
}

function renamedCount(count: RowCount, all: (list: readonly Attribute[]) => readonly Attribute[]): RowCount {
  return count.kind === 'group'
    ? count
    : { ...count, partition: all(count.partition), rows: all(count.rows) };
}

function renamedPending(
  { condition, guard, gives }: Pending,
  rename: (attribute: Attribute) => Attribute,
  all: (list: readonly Attribute[]) => readonly Attribute[],
): readonly Pending[] {
  return [
    {
      condition: renamedCondition(condition, rename),
      guard: guard && renamedScalar(guard, rename),
      gives: gives.map(({ from, to, needs }): Dependency => ({
        from: all(from),
        to: all(to),
        needs: all(needs),
      })),
    },
  ];
}

function renamedCondition(
  condition: PendingCondition,
  rename: (attribute: Attribute) => Attribute,
): PendingCondition {
  switch (condition.kind) {
    case 'guard':
      return condition;
    case 'one':
      return { kind: 'one', count: rename(condition.count) };
    case 'contains': {
      const bounds =
        condition.bounds && ([rename(condition.bounds[0]), rename(condition.bounds[1])] as const);
      return { kind: 'contains', range: rename(condition.range), bounds };
    }
  }
}

function renamedScalar(scalar: Scalar, rename: (attribute: Attribute) => Attribute): Scalar {
  if (scalar.kind === 'column') return { ...scalar, column: rename(scalar.column) };
  return withParts(scalar, (part) => renamedScalar(part, rename));
}
