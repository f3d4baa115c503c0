/** `union-grain`: branches of a UNION ALL that have one row for different columns, and nothing that tells their rows apart. */

import type { Derivation } from '../../sql/grain/derive.ts';
import { closure } from '../../sql/grain/facts.ts';
import { candidateKeys, isKey } from '../../sql/grain/keys.ts';
import type { BoundQuery, Plan, SetOperation } from '../../sql/plan/plan.ts';
import { wordOf } from '../../sql/written-scalar.ts';
import { placeIn, type Finding, type Subject } from './subject.ts';
import { rowPer } from './words.ts';

export function findUnionGrain(subject: Subject): readonly Finding[] {
  const { analysis, tree } = subject.model;
  const { derivation, statement } = analysis;
  const union = unionOf(statement.query.plan);
  const grains = union && differentGrains(derivation, union);
  const keywords = grains
    ? tree.tokens.filter((token) => token.isKeyword && wordOf(tree, token) === 'union')
    : [];
  const [keyword] = keywords;
  // With more than one UNION, which of them it is would be a guess.
  if (!grains || !keyword || keywords.length > 1) return [];
  const place = placeIn(subject, keyword.range);
  if (!place) return [];
  return [
    {
      message: `The first branch has ${grains[0]}, the second ${grains[1]}, and no column tells which branch a row is of: select a constant in each that names it.`,
      place,
    },
  ];
}

/** The one that gives the query's rows, as they are. */
function unionOf(plan: Plan): SetOperation | undefined {
  switch (plan.kind) {
    case 'set':
      return plan.operation === 'union' && plan.all ? plan : undefined;
    case 'sort':
      return unionOf(plan.input);
    case 'project':
      return plan.columns.every(({ expression }) => expression.kind === 'column')
        ? unionOf(plan.input)
        : undefined;
    case 'named':
      return plan.of.kind === 'cte' ? unionOf(plan.of.query.plan) : undefined;
    default:
      return undefined;
  }
}

function differentGrains(derivation: Derivation, union: SetOperation): readonly [string, string] | undefined {
  const { attributes, facts } = derivation;
  const { left, right, columns } = union;
  const whole = facts.get(union);
  if (
    whole &&
    isKey(
      attributes,
      whole,
      columns.map(({ id }) => id),
    )
  )
    return undefined;
  const [one, other] = [left, right].map((branch) => keysOf(derivation, branch));
  if (!one || !other || one.length === 0 || other.length === 0) return undefined;
  // Total rows beside those that they are the totals of: the columns of the one key, and more.
  const isWithin = (few: readonly number[], many: readonly number[]): boolean =>
    few.length < many.length && few.every((place) => many.includes(place));
  const [first, second] = [one[0] ?? [], other[0] ?? []];
  if (one.length > 1 || other.length > 1 || first.length === 0 || second.length === 0) return undefined;
  if (!isWithin(first, second) && !isWithin(second, first)) return undefined;
  if (columns.some((_, place) => isFixed(derivation, left, place) || isFixed(derivation, right, place)))
    return undefined;
  const words = (key: readonly number[]): string => rowPer(key.map((place) => columns[place]?.name ?? ''));
  return [words(first), words(second)];
}

function keysOf(
  { attributes, facts }: Derivation,
  { plan, output }: BoundQuery,
): readonly (readonly number[])[] {
  const own = facts.get(plan);
  const ids = output.map(({ id }) => id);
  return own ? candidateKeys(attributes, own, ids).map((key) => key.map((id) => ids.indexOf(id))) : [];
}

/** A constant in one branch may be meant to tell it from the other. */
function isFixed({ attributes, facts }: Derivation, { plan, output }: BoundQuery, place: number): boolean {
  const [own, column] = [facts.get(plan), output[place]];
  return own !== undefined && column !== undefined && closure(attributes, own, []).has(column.id);
}
