/** What a column reference and a star mean where they stand. */

import type { A_Indirection, ColumnRef, Node } from 'libpg-query';
import type { Range } from '../../base/text.ts';
import {
  UNKNOWN_COLUMNS,
  type Column,
  type ColumnReference,
  type Columns,
  type FromItem,
  type Resolution,
  type StarReference,
} from './columns.ts';
import { findBare, findIn, findItem, namespaceOf, starColumns } from './namespaces.ts';
import { partRanges } from './places.ts';
import { sight, type Environment, type Resolver } from './resolver.ts';

const NOWHERE: Range = { start: 0, end: 0 };

/** `quietly`: only asks; `noted`: the reference counts as one of the statement's. */
export function resolveColumn(
  resolver: Resolver,
  reference: ColumnRef,
  environment: Environment,
  mode: 'quietly' | 'noted',
): Resolution | undefined {
  const names = fieldNames(reference);
  const name = names.at(-1);
  if (name === undefined) {
    if (mode === 'noted') noteStar(resolver, reference, environment);
    return undefined;
  }
  const qualifier = names.slice(0, -1);
  const item = qualifier.length > 0 ? findItem(environment.scope, qualifier) : undefined;
  const resolution = resolutionOf(environment, name, qualifier, item);
  if (mode === 'quietly') return resolution;
  if (name === resolver.placeholder) sight(resolver, 'column', environment);
  const ranges = partRanges(resolver.places, reference.location, names.length);
  note(resolver, environment, {
    name,
    range: ranges.at(-1) ?? NOWHERE,
    qualifier: qualifier.length > 0 ? { item, range: ranges.at(-2) ?? NOWHERE } : undefined,
    resolution,
  });
  return resolution;
}

function resolutionOf(
  { scope }: Environment,
  name: string,
  qualifier: readonly string[],
  item: FromItem | undefined,
): Resolution {
  if (qualifier.length === 0) return findBare(scope, name);
  return item ? findIn(item, name) : { kind: 'unknown' };
}

function note(resolver: Resolver, environment: Environment, reference: ColumnReference): void {
  resolver.references.push(reference);
  const { resolution } = reference;
  if (resolution.kind === 'column') environment.sources?.push(...resolution.sources);
  if (resolution.kind === 'output') environment.sources?.push(...resolution.column.sources);
  if (resolution.kind === 'row')
    environment.sources?.push(
      ...resolution.item.columns.known.map((column) => ({ item: resolution.item, column })),
    );
}

/** A bare name that may be one of the query's own columns. */
export function resolveBareOrOutput(
  resolver: Resolver,
  reference: ColumnRef,
  outside: Environment,
  output: Columns,
  order: 'output first' | 'input first',
): void {
  const environment: Environment = { ...outside, output };
  const [name] = fieldNames(reference);
  if (name === undefined) return;
  if (name === resolver.placeholder) sight(resolver, 'column', environment);
  const input = findBare(environment.scope, name);
  const [range = NOWHERE] = partRanges(resolver.places, reference.location, 1);
  note(resolver, environment, {
    name,
    range,
    qualifier: undefined,
    resolution: choose(input, output, name, order),
  });
}

function choose(
  input: Resolution,
  output: Columns,
  name: string,
  order: 'output first' | 'input first',
): Resolution {
  if (order === 'input first' && input.kind === 'column') return input;
  const named = output.known.filter((column) => column.name === name);
  const [first] = named;
  // With an unknown input, GROUP BY may mean either.
  if (order === 'input first' && input.kind === 'unknown') return input;
  if (first) return areSame(named) ? { kind: 'output', column: first } : { kind: 'unknown' };
  if (input.kind !== 'missing') return input;
  if (!output.isComplete) return { kind: 'unknown' };
  const outputs = output.known.map((column) => column.name);
  return { ...input, candidates: [...new Set([...outputs, ...input.candidates])] };
}

/** The same column selected twice is not ambiguous. */
function areSame(columns: readonly Column[]): boolean {
  const source = ({ isPlain, sources }: Column): Column | undefined =>
    isPlain ? sources[0]?.column : undefined;
  const [first, ...others] = columns;
  return others.every((other) => first && source(first) !== undefined && source(other) === source(first));
}

/** What `*` or `t.*` gives; undefined for any other expression. */
export function resolveStar(resolver: Resolver, node: Node, environment: Environment): Columns | undefined {
  if ('A_Indirection' in node) return resolveRowStar(resolver, node.A_Indirection, environment);
  if (!('ColumnRef' in node)) return undefined;
  const last = node.ColumnRef.fields?.at(-1);
  if (!last || !('A_Star' in last)) return undefined;
  return noteStar(resolver, node.ColumnRef, environment).columns;
}

/** `(row).*` */
function resolveRowStar(
  resolver: Resolver,
  { arg, indirection = [] }: A_Indirection,
  environment: Environment,
): Columns | undefined {
  const last = indirection.at(-1);
  if (!last || !('A_Star' in last)) return undefined;
  if (!arg || !('ColumnRef' in arg) || indirection.length > 1) {
    resolver.visit(resolver, arg, environment);
    return UNKNOWN_COLUMNS;
  }
  const row = resolveColumn(resolver, arg.ColumnRef, environment, 'noted');
  return row?.kind === 'row' ? starColumns(namespaceOf(row.item), undefined) : UNKNOWN_COLUMNS;
}

function noteStar(resolver: Resolver, reference: ColumnRef, { scope, sources }: Environment): StarReference {
  const qualifier = fieldNames(reference, 'without the star');
  const ranges = partRanges(resolver.places, reference.location, qualifier.length + 1);
  const range = ranges.at(-1) ?? NOWHERE;
  const item = qualifier.length > 0 ? findItem(scope, qualifier) : undefined;
  const star: StarReference = {
    range,
    qualifier: qualifier.length > 0 ? { item, range: ranges.at(-2) ?? NOWHERE } : undefined,
    columns:
      qualifier.length === 0
        ? starColumns(scope.namespace, range)
        : item
          ? starColumns(namespaceOf(item), range)
          : UNKNOWN_COLUMNS,
  };
  sources?.push(...star.columns.known.flatMap((column) => column.sources));
  resolver.stars.push(star);
  return star;
}

/** No name where the last part is a star. */
function fieldNames({ fields = [] }: ColumnRef, star?: 'without the star'): readonly string[] {
  const last = fields.at(-1);
  if (last && 'A_Star' in last && star === undefined) return [];
  return fields.flatMap((field) => ('String' in field ? [field.String.sval ?? ''] : []));
}
