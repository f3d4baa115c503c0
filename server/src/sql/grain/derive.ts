/** Derives what holds of each plan from what holds of the plans below it. */

import type { SqlParser } from '../parser.ts';
import type { BoundQuery, NamedQuery, NamedScan, Plan, Scalar, SubqueryScalar } from '../plan/plan.ts';
import { planColumns } from '../plan/plan.ts';
import { partsOf } from '../plan/scalars.ts';
import { assume } from './assume.ts';
import { Attributes, isWithoutChoice, type Attribute } from './attributes.ts';
import { NO_FACTS, closure, dependency, withDependencies, type Facts } from './facts.ts';
import { aggregateFacts, distinctFacts, windowFacts } from './group-facts.ts';
import { joinFacts } from './join-facts.ts';
import { renamedFacts } from './rename.ts';
import { expansionFacts, functionFacts, scanFacts, valuesFacts } from './scan-facts.ts';
import { projectFacts } from './project-facts.ts';
import { recursiveFacts, setFacts } from './set-facts.ts';

/** What one statement's facts share. */
export interface Derivation {
  readonly attributes: Attributes;
  readonly parser: SqlParser;
  /** Of each plan in the statement, its CTEs' included, once it was asked for. */
  readonly facts: Map<Plan, Facts>;
  /** The rows around each plan that are fixed while it is evaluated. */
  readonly given: Map<Plan, readonly Attribute[]>;
  readonly named: Map<NamedQuery, Facts>;
}

export function newDerivation(parser: SqlParser): Derivation {
  return { attributes: new Attributes(), parser, facts: new Map(), given: new Map(), named: new Map() };
}

/** `given`: rows of the queries around it, which are fixed while this one is evaluated. */
export function factsOf(derivation: Derivation, plan: Plan, given: readonly Attribute[] = []): Facts {
  const known = derivation.facts.get(plan);
  if (known) return known;
  const facts = derive(derivation, plan, given);
  derivation.facts.set(plan, facts);
  if (given.length > 0) derivation.given.set(plan, given);
  return facts;
}

function derive(derivation: Derivation, plan: Plan, given: readonly Attribute[]): Facts {
  const { attributes } = derivation;
  for (const column of planColumns(plan)) attributes.setType(column.id, column.type);
  switch (plan.kind) {
    case 'one row':
      return NO_FACTS;
    case 'scan':
      return scanFacts(derivation, plan);
    case 'named':
      return namedFacts(derivation, plan);
    case 'function':
      return functionFacts(derivation, plan, given);
    case 'values':
      return valuesFacts(derivation, plan, given);
    case 'filter': {
      const input = factsOf(derivation, plan.input, given);
      return filterFacts(derivation, input, plan.predicate, given);
    }
    case 'join':
      return joinFacts(derivation, plan, given);
    case 'project': {
      const facts = projectFacts(derivation, factsOf(derivation, plan.input, given), plan.columns);
      if (plan.alias !== undefined) for (const row of facts.rows) attributes.nameRow(row, plan.alias);
      return facts;
    }
    case 'expand':
      return expansionFacts(derivation, plan, given);
    case 'aggregate':
      return aggregateFacts(derivation, plan, given);
    case 'window':
      return windowFacts(derivation, plan, given);
    case 'distinct':
      return distinctFacts(derivation, plan, given);
    case 'distinct on': {
      const input = factsOf(derivation, plan.input, given);
      const on = plan.on.map((scalar) => attributes.of(scalar));
      return withDependencies(input, [dependency([...given, ...on], input.rows)]);
    }
    case 'sort':
      return factsOf(derivation, plan.input, given);
    case 'limit':
      return limitFacts(derivation, plan, given);
    case 'set':
      return setFacts(derivation, plan, given);
    case 'recursive':
      return recursiveFacts(derivation, plan, given);
    case 'recursion': {
      const row = attributes.row({ name: plan.alias, relation: plan.alias, plan });
      return withDependencies({ ...NO_FACTS, rows: [row], notNull: new Set([row]) }, [
        dependency(
          [row],
          plan.columns.map((column) => column.id),
        ),
      ]);
    }
  }
}

function limitFacts(
  derivation: Derivation,
  plan: Extract<Plan, { kind: 'limit' }>,
  given: readonly Attribute[],
): Facts {
  const input = factsOf(derivation, plan.input, given);
  const { count } = plan;
  const isOne = count?.kind === 'constant' && count.text !== null && Number(count.text) <= 1;
  if (!isOne) return input;
  if (plan.withTies) {
    // What ties is equal in all that it was ordered by.
    const order = plan.input.kind === 'sort' ? plan.input.order : [];
    const attributes = order.map((key) => derivation.attributes.of(key.expression));
    const reached = closure(derivation.attributes, input, [...given, ...attributes]);
    if (order.length === 0 || !input.rows.every((row) => reached.has(row))) return input;
  }
  return withDependencies(input, [dependency(given, input.rows)]);
}

export function filterFacts(
  derivation: Derivation,
  input: Facts,
  predicate: Scalar | undefined,
  given: readonly Attribute[],
): Facts {
  visitSubqueries(derivation, input, predicate, given);
  return assume(derivation.attributes, input, predicate, (facts, scalar) =>
    scalar.kind === 'subquery' ? foundFacts(derivation, facts, scalar, given) : facts,
  );
}

/** For EXISTS and IN each row has a row that was found; what holds of such rows holds beside it. */
function foundFacts(
  derivation: Derivation,
  facts: Facts,
  scalar: SubqueryScalar,
  given: readonly Attribute[],
): Facts {
  if (scalar.use !== 'exists' && (scalar.use !== 'any' || scalar.operator !== '=')) return facts;
  const { query } = scalar;
  const found = factsOf(derivation, query.plan, fixedBy(query.plan, given, scalar.outer, facts.rows));
  const beside: Facts = {
    ...facts,
    dependencies: [...facts.dependencies, ...found.dependencies],
    notNull: new Set([...facts.notNull, ...found.notNull]),
    pending: [...facts.pending, ...found.pending],
    extensions: [...facts.extensions, ...found.extensions],
    known: [...facts.known, ...found.known],
  };
  if (scalar.use === 'exists') return beside;
  const pairs = scalar.test.flatMap((left, index): Scalar[] => {
    const column = query.output[index];
    if (!column) return [];
    const right: Scalar = { kind: 'column', column: column.id, node: undefined };
    return [{ kind: 'call', name: '=', arguments: [left, right], node: undefined }];
  });
  return assume(derivation.attributes, beside, { kind: 'and', arguments: pairs, node: undefined });
}

/**
 * What is fixed while a plan is evaluated for a row around it: what it reads of that row, or, where the same values may
 * lead it to choose otherwise, the row itself.
 */
export function fixedBy(
  plan: Plan,
  given: readonly Attribute[],
  read: readonly Attribute[],
  rows: readonly Attribute[],
): readonly Attribute[] {
  if (read.length === 0) return given;
  // What a function gives belongs to the row that it was called for.
  return [...given, ...(plan.kind !== 'function' && isWithoutChoice(plan) ? read : rows)];
}

/** Subqueries anywhere in an expression have facts too: their aggregates are looked at like all others. */
export function visitSubqueries(
  derivation: Derivation,
  facts: Facts,
  scalar: Scalar | undefined,
  given: readonly Attribute[],
): void {
  if (!scalar) return;
  if (scalar.kind === 'subquery')
    factsOf(derivation, scalar.query.plan, fixedBy(scalar.query.plan, given, scalar.outer, facts.rows));
  for (const part of partsOf(scalar)) visitSubqueries(derivation, facts, part, given);
}

export function queryFacts(
  derivation: Derivation,
  query: BoundQuery,
  given: readonly Attribute[] = [],
): Facts {
  return factsOf(derivation, query.plan, given);
}

/** A CTE's facts are derived once; each place that reads it has rows of its own. */
function namedFacts(derivation: Derivation, plan: NamedScan): Facts {
  const { of, columns } = plan;
  let facts = derivation.named.get(of);
  if (!facts) {
    facts = queryFacts(derivation, of.query);
    derivation.named.set(of, facts);
  }
  const pairs = of.query.output.map((column, index): readonly [Attribute, Attribute] => [
    column.id,
    columns[index]?.id ?? column.id,
  ]);
  return renamedFacts(derivation.attributes, facts, new Map(pairs), plan);
}
