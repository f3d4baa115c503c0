/** Candidate keys: the smallest sets of columns that tell each row from every other. */

import type { Attribute, Attributes } from './attributes.ts';
import { closure, determines, type Facts } from './facts.ts';

/** Whether no two rows agree on these columns, NULL being like NULL. */
export function isKey(
  attributes: Attributes,
  facts: Facts,
  columns: readonly Attribute[],
  given: readonly Attribute[] = [],
): boolean {
  return determines(attributes, facts, [...given, ...columns], facts.rows);
}

/** Wider than this, pairs and triples of columns are not tried. */
const WIDEST_FOR_PAIRS = 40;
const WIDEST_FOR_TRIPLES = 20;
/** Where a column is a key by itself, fewer pairs are worth the time. */
const WIDEST_BESIDE_OTHERS = 12;

/** The smaller ones first; not all of them where there are many columns. One empty key: there is one row at most. */
export function candidateKeys(
  attributes: Attributes,
  facts: Facts,
  columns: readonly Attribute[],
  given: readonly Attribute[] = [],
): readonly (readonly Attribute[])[] {
  const isUnique = (set: readonly Attribute[]): boolean => isKey(attributes, facts, set, given);
  const distinct = [...new Set(columns)];
  if (!isUnique(distinct)) return [];
  if (isUnique([])) return [[]];
  const singles = distinct.filter((column) => isUnique([column]));
  const rest = distinct.filter(
    (column) => !singles.includes(column) && matters(attributes, facts, column, given),
  );
  const found: (readonly Attribute[])[] = singles.map((column) => [column]);
  if (rest.length <= (found.length > 0 ? WIDEST_BESIDE_OTHERS : WIDEST_FOR_PAIRS))
    for (const [index, one] of rest.entries())
      for (const other of rest.slice(index + 1)) if (isUnique([one, other])) found.push([one, other]);
  if (found.length === 0 && rest.length <= WIDEST_FOR_TRIPLES)
    for (const triple of triples(rest)) if (isUnique(triple)) found.push(triple);
  if (found.length === 0) found.push(shrunk(distinct, isUnique));
  return found;
}

/** A column that is the same in all rows is part of no key. */
function matters(
  attributes: Attributes,
  facts: Facts,
  column: Attribute,
  given: readonly Attribute[],
): boolean {
  return !closure(attributes, facts, given).has(column);
}

function* triples(columns: readonly Attribute[]): Generator<readonly Attribute[]> {
  for (const [first, one] of columns.entries())
    for (const [second, other] of columns.slice(first + 1).entries())
      for (const third of columns.slice(first + second + 2)) yield [one, other, third];
}

/** Leaves out, from the end, whatever is not needed. */
function shrunk(
  columns: readonly Attribute[],
  isUnique: (set: readonly Attribute[]) => boolean,
): readonly Attribute[] {
  let kept = [...columns];
  for (const column of [...columns].reverse()) {
    const without = kept.filter((each) => each !== column);
    if (isUnique(without)) kept = without;
  }
  return kept;
}
