/** What may be said aloud: rows repeat for certain only where it is known what each repeating relation has one row for. */

import type { Attribute } from '../../sql/grain/attributes.ts';
import type { Derivation } from '../../sql/grain/derive.ts';
import { closure, dependency, withDependencies, type Dependency, type Facts } from '../../sql/grain/facts.ts';
import { candidateKeys } from '../../sql/grain/keys.ts';
import { planColumns, type Join, type Plan, type Scalar } from '../../sql/plan/plan.ts';
import { inputsOf } from '../../sql/plan/reads.ts';
import { columnsIn, conjuncts } from '../../sql/plan/scalars.ts';
import type { Relation } from '../../sql/plan/schema.ts';

/** A relation whose rows come more than once. */
export interface Repeating {
  readonly row: Attribute;
  /** As a message calls it. */
  readonly name: string;
  /** What it has one row for; more than one list where there are several keys. */
  readonly keys: readonly (readonly string[])[];
  /** The columns that it is found by. */
  readonly joinedBy: readonly string[];
  readonly join: Join | undefined;
}

/**
 * The rows that `start` does not tell, each with what it is one row for. Undefined where that is not known of one of them: what nobody
 * guarantees may be true all the same. Whatever is compared by `=` is taken to be told by it, functions and casts included.
 */
export function repeatingRows(
  derivation: Derivation,
  plan: Plan,
  start: readonly Attribute[],
): readonly Repeating[] | undefined {
  const { attributes } = derivation;
  const facts = derivation.facts.get(plan);
  if (!facts) return undefined;
  const equalities = comparisonsBelow(plan);
  const told = closure(attributes, hopeful(facts, equalities, start), start);
  const missing = facts.rows.filter((row) => !told.has(row));
  const found = missing.map((row) => repeatingRow(derivation, plan, row, equalities));
  if (found.length === 0 || found.some((each) => each === undefined)) return undefined;
  return found.filter((each) => each !== undefined);
}

function hopeful(facts: Facts, equalities: readonly Scalar[], present: readonly Attribute[]): Facts {
  const added: Dependency[] = equalities.flatMap((equality) => {
    const [left = [], right = []] = sidesOf(equality);
    return [dependency(left, right), dependency(right, left)].filter(({ from }) => from.length > 0);
  });
  const flags = facts.extensions.map(({ flag }) => flag);
  const hoped = withDependencies(facts, [...added, dependency([], flags)]);
  return { ...hoped, notNull: new Set([...facts.notNull, ...present, ...equalities.flatMap((each) => sidesOf(each).flat())]) }; // prettier-ignore
}

function sidesOf(equality: Scalar): readonly (readonly Attribute[])[] {
  const sides =
    equality.kind === 'call'
      ? equality.arguments
      : equality.kind === 'is distinct'
        ? [equality.left, equality.right]
        : [];
  return sides.map((side) => [...columnsIn(side)]);
}

/** What joins and filters of one SELECT compare with `=` and `is not distinct from`, those in an OR included. */
function comparisonsBelow(plan: Plan): readonly Scalar[] {
  const own = plan.kind === 'join' || plan.kind === 'filter' ? equalitiesIn(plan.predicate) : [];
  return [...own, ...inputsOf(plan).flatMap(comparisonsBelow)];
}

function equalitiesIn(predicate: Scalar | undefined): readonly Scalar[] {
  return conjuncts(predicate).flatMap((part): readonly Scalar[] => {
    if (part.kind === 'call' && part.name === '=') return [part];
    return part.kind === 'not' && part.argument.kind === 'is distinct' ? [part.argument] : [];
  });
}

function repeatingRow(
  derivation: Derivation,
  plan: Plan,
  row: Attribute,
  equalities: readonly Scalar[],
): Repeating | undefined {
  const source = derivation.attributes.source(row);
  if (!source || source.name === '') return undefined;
  const join = joinOf(derivation, plan, row);
  const side = join && sideWith(derivation, join, row);
  const keys = keysOf(derivation, source.plan);
  if (!keys) return undefined;
  return { row, name: source.relation, keys, joinedBy: side ? comparedIn(side, equalities) : [], join };
}

/** Undefined where it is not known what it has one row for: that DISTINCT gives distinct rows says nothing of what they are for. */
export function keysOf(
  derivation: Derivation,
  plan: Plan | undefined,
): readonly (readonly string[])[] | undefined {
  switch (plan?.kind) {
    case 'scan': {
      const keys = relationKeys(plan.relation);
      return keys.length > 0 ? keys : undefined;
    }
    case 'aggregate':
      return [plan.groups.map(({ name }) => name)];
    case 'function':
    case 'values':
      return [];
    case 'set': {
      const facts = derivation.facts.get(plan);
      const columns = planColumns(plan);
      const keys = facts
        ? candidateKeys(
            derivation.attributes,
            facts,
            columns.map(({ id }) => id),
          )
        : [];
      if (keys.length === 0) return undefined;
      return keys.map((key) => key.map((id) => columns.find((column) => column.id === id)?.name ?? ''));
    }
    default:
      return undefined;
  }
}

/** The columns of each key that holds for all of its rows. */
export function relationKeys({ keys, columns: own }: Relation): readonly (readonly string[])[] {
  const names = new Set(own.map(({ name }) => name));
  return keys.flatMap(({ parts, where }) => {
    const columns = parts.flatMap(({ column, operator }) =>
      column !== undefined && operator === 'equals' && names.has(column) ? [column] : [],
    );
    return where === undefined && columns.length === parts.length ? [columns] : [];
  });
}

/** The innermost join that brings the row beside others. */
function joinOf(derivation: Derivation, plan: Plan, row: Attribute): Join | undefined {
  const holds = (below: Plan): boolean => derivation.facts.get(below)?.rows.includes(row) === true;
  for (const below of inputsOf(plan)) {
    if (!holds(below)) continue;
    const found = joinOf(derivation, below, row);
    if (found) return found;
  }
  return plan.kind === 'join' && holds(plan) ? plan : undefined;
}

function sideWith(derivation: Derivation, join: Join, row: Attribute): Plan | undefined {
  return [join.right, join.left].find((side) => derivation.facts.get(side)?.rows.includes(row) === true);
}

function comparedIn(side: Plan, equalities: readonly Scalar[]): readonly string[] {
  const compared = new Set(equalities.flatMap((equality) => sidesOf(equality).flat()));
  const names = planColumns(side).flatMap(({ id, name }) => (compared.has(id) ? [name] : []));
  return [...new Set(names)];
}
