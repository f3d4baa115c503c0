/** What FROM makes visible: items side by side, joined, renamed; and the look-up of a name among them. */

import type { Range } from '../../base/text.ts';
import type { Column, Columns, FromItem, Namespace, Resolution, Scope, Visible } from './columns.ts';

export function namespaceOf(item: FromItem): Namespace {
  return {
    items: [item],
    star: item.columns.known.map((column) => ({
      name: column.name,
      type: column.type,
      sources: [{ item, column }],
    })),
    isComplete: item.columns.isComplete,
  };
}

/** Items side by side: `a, b`, `a cross join b`, `a join b on …`. */
export function beside(left: Namespace, right: Namespace): Namespace {
  return {
    items: [...left.items, ...right.items],
    star: [...left.star, ...right.star],
    isComplete: left.isComplete && right.isComplete,
  };
}

/** The columns that a NATURAL join compares; undefined where a side is not known. */
export function commonNames(left: Namespace, right: Namespace): readonly string[] | undefined {
  if (!left.isComplete || !right.isComplete) return undefined;
  const theirs = new Set(right.star.map(({ name }) => name));
  return left.star.map(({ name }) => name).filter((name) => theirs.has(name));
}

/** Items joined by columns of one name, each of which then is one column, before all others. */
export function joinedBy(left: Namespace, right: Namespace, names: readonly string[]): Namespace {
  const merged = names.map((name) => mergedColumn(left, right, name));
  const others = (side: Namespace): readonly Visible[] =>
    side.star.filter((column) => !names.includes(column.name));
  return { ...beside(left, right), star: [...merged, ...others(left), ...others(right)] };
}

/** A NATURAL join of which a side is not known: what either has by name, once. */
export function joinedSomehow(left: Namespace, right: Namespace): Namespace {
  const names = left.star
    .map(({ name }) => name)
    .filter((name) => right.star.some((column) => column.name === name));
  return { ...joinedBy(left, right, names), isComplete: false };
}

function mergedColumn(left: Namespace, right: Namespace, name: string): Visible {
  const both = [left, right].flatMap((side) =>
    side.star.filter((column) => column.name === name).slice(0, 1),
  );
  const [first, second] = both;
  const type = second === undefined || first?.type === second.type ? first?.type : undefined;
  return {
    name,
    type: both.length === 2 ? type : undefined,
    sources: both.flatMap(({ sources }) => sources),
  };
}

/** What a namespace's star gives, as columns of their own. */
export function starColumns(namespace: Namespace, nameRange: Range | undefined): Columns {
  return {
    known: namespace.star.map(({ name, type, sources }) => ({
      name,
      type,
      sources,
      isPlain: true,
      nameRange,
    })),
    isComplete: namespace.isComplete,
  };
}

/** Columns under the names of an alias list, which may be shorter than they are. */
export function renamed(columns: Columns, names: readonly string[]): Columns {
  if (names.length === 0) return columns;
  if (!columns.isComplete) {
    // Which column stands where is not known.
    const known = names.map((name): Column => ({
      name,
      type: undefined,
      sources: [],
      isPlain: false,
      nameRange: undefined,
    }));
    return { known, isComplete: false };
  }
  return {
    known: columns.known.map((column, index) => ({ ...column, name: names[index] ?? column.name })),
    isComplete: true,
  };
}

/** Every relation has them, and `*` never shows them. */
const SYSTEM_COLUMNS = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'oid']);

const indexes = new WeakMap<readonly { readonly name: string }[], ReadonlyMap<string, readonly number[]>>();

/** Those of a name; the list is indexed once, because wide relations are asked for every column that they have. */
function named<T extends { readonly name: string }>(list: readonly T[], name: string): readonly T[] {
  let index = indexes.get(list);
  if (!index) {
    const places = new Map<string, number[]>();
    list.forEach((item, at) => {
      const others = places.get(item.name);
      if (others) others.push(at);
      else places.set(item.name, [at]);
    });
    indexes.set(list, (index = places));
  }
  return (index.get(name) ?? []).flatMap((at) => list[at] ?? []);
}

export function findBare(scope: Scope, name: string): Resolution {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = named(at.namespace.star, name);
    const [only] = found;
    if (only && found.length === 1) return { kind: 'column', sources: only.sources };
    // Ambiguous: Postgres says so itself.
    if (found.length > 1 || !at.namespace.isComplete) return { kind: 'unknown' };
  }
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const item = at.namespace.items.find((candidate) => candidate.name === name);
    if (item) return { kind: 'row', item };
  }
  if (SYSTEM_COLUMNS.has(name)) return { kind: 'unknown' };
  const candidates = new Set<string>();
  for (let at: Scope | undefined = scope; at; at = at.outer)
    for (const column of at.namespace.star) candidates.add(column.name);
  return { kind: 'missing', item: undefined, candidates: [...candidates] };
}

/** The item that a qualifier names, from the innermost query out. */
export function findItem(scope: Scope, qualifier: readonly string[]): FromItem | undefined {
  const [name, schema] = [...qualifier].reverse();
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const item = at.namespace.items.find((candidate) =>
      schema === undefined
        ? candidate.name === name
        : candidate.relation?.name === name &&
          candidate.name === name &&
          candidate.relation?.schema === schema,
    );
    if (item) return item;
  }
  return undefined;
}

export function findIn(item: FromItem, name: string): Resolution {
  const found = named(item.columns.known, name);
  const [column] = found;
  if (column && found.length === 1) return { kind: 'column', sources: [{ item, column }] };
  if (found.length > 1 || !item.columns.isComplete || SYSTEM_COLUMNS.has(name)) return { kind: 'unknown' };
  return { kind: 'missing', item, candidates: item.columns.known.map((known) => known.name) };
}
