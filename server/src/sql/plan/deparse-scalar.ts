/** Bound expressions back to SQL, in which a column is called by its number: `c12`, wherever it is visible. */

import type { Node } from 'libpg-query';
import { quoteIdentifier } from '../identifiers.ts';
import type { NodePrinter } from './deparser.ts';
import type { BoundQuery, Scalar, SortKey, SubqueryScalar } from './plan.ts';
import { partsOf } from './scalars.ts';

/** What cannot be told in SQL again, and why. */
export class NotDeparsable extends Error {}

export function columnText(id: number): string {
  return `c${String(id)}`;
}

export class ScalarPrinter {
  readonly #print: NodePrinter;
  /** A query's SQL, its output columns alone. */
  readonly #query: (query: BoundQuery) => string;

  constructor(print: NodePrinter, query: (query: BoundQuery) => string) {
    this.#print = print;
    this.#query = query;
  }

  /** In brackets wherever it could be taken apart. */
  text(scalar: Scalar): string {
    switch (scalar.kind) {
      case 'column':
        return columnText(scalar.column);
      case 'subquery':
        return this.#subquery(scalar);
      case 'row':
        return this.#row(scalar.arguments, scalar.node);
      default:
        return scalar.node ? `(${this.written(scalar.node, [scalar])})` : `(${this.#made(scalar)})`;
    }
  }

  sortKeys(keys: readonly SortKey[]): string {
    return keys
      .map(
        ({ expression, descending, nulls }) =>
          `${this.text(expression)}${descending ? ' desc' : ''} nulls ${nulls}`,
      )
      .join(', ');
  }

  /** A tree as written, with all that is bound below it in its own words. */
  written(node: Node, bound: readonly Scalar[]): string {
    const replaced = new Map<unknown, string>();
    for (const scalar of bound) this.#noteParts(scalar, node, replaced);
    return this.printed(node, replaced);
  }

  /** `replaced`: what is to stand in the place of some nodes, as SQL. */
  printed(node: Node, replaced: ReadonlyMap<unknown, string>): string {
    const texts: string[] = [];
    const copy = copied(node, (part) => {
      const text = replaced.get(part);
      if (text === undefined) {
        if ('ColumnRef' in part) throw new NotDeparsable('a name is bound to nothing');
        return undefined;
      }
      texts.push(text);
      return placeholder(texts.length - 1);
    });
    const printed = this.#print(copy as Node);
    return printed.replace(/\bhole_(\d+)_\b/g, (_, index) => texts[Number(index)] ?? '');
  }

  /** By node, what stands for every part that is bound to a column, or is a query. */
  #noteParts(scalar: Scalar, own: Node | undefined, replaced: Map<unknown, string>): void {
    const { node } = scalar;
    const isWhole = scalar.kind === 'column' || scalar.kind === 'subquery' || (scalar.kind === 'row' && node !== undefined && 'ColumnRef' in node); // prettier-ignore
    if (node && isWhole && (node !== own || scalar.kind !== 'subquery')) {
      replaced.set(node, this.text(scalar));
      return;
    }
    for (const part of partsOf(scalar)) this.#noteParts(part, own, replaced);
  }

  #list(scalars: readonly Scalar[]): string {
    return scalars.map((scalar) => this.text(scalar)).join(', ');
  }

  /** Where an outer join added the row of a relation, there is none. */
  #row(parts: readonly Scalar[], node: Node | undefined): string {
    const row = `row(${this.#list(parts)})`;
    if (!node || !('ColumnRef' in node) || parts.length === 0) return row;
    return `(case when num_nonnulls(${this.#list(parts)}) > 0 then ${row} end)`;
  }

  #subquery({ use, test, operator, query }: SubqueryScalar): string {
    const below = this.#query(query);
    switch (use) {
      case 'exists':
        return `(exists (${below}))`;
      case 'array':
        return `(array(${below}))`;
      case 'scalar':
        return `(${below})`;
      case 'any':
      case 'all': {
        const [only] = test;
        const left = test.length === 1 && only ? this.text(only) : `(${this.#list(test)})`;
        return `(${left} ${operator} ${use} (${below}))`;
      }
    }
  }

  /** What the binder made. */
  #made(scalar: Scalar): string {
    switch (scalar.kind) {
      case 'constant':
        return constantText(scalar);
      case 'call': {
        const [left, right] = scalar.arguments;
        if (/^\w/.test(scalar.name))
          return `${quoteIdentifier(scalar.name)}(${this.#list(scalar.arguments)})`;
        if (left && right) return `${this.text(left)} ${scalar.name} ${this.text(right)}`;
        return left ? `${scalar.name} ${this.text(left)}` : 'null';
      }
      case 'and':
      case 'or':
        return scalar.arguments.map((part) => this.text(part)).join(` ${scalar.kind} `);
      case 'not':
        return `not ${this.text(scalar.argument)}`;
      case 'is null':
        return `${this.text(scalar.argument)} is null`;
      case 'is':
        return `${this.text(scalar.argument)} is ${scalar.value}`;
      case 'is distinct':
        return `${this.text(scalar.left)} is distinct from ${this.text(scalar.right)}`;
      case 'in':
        return `${this.text(scalar.argument)} in (${this.#list(scalar.list)})`;
      case 'case': {
        const arms = scalar.arms.map(({ when, then }) => `when ${this.text(when)} then ${this.text(then)}`);
        return `case ${arms.join(' ')} else ${this.text(scalar.otherwise)} end`;
      }
      case 'coalesce':
        return `coalesce(${this.#list(scalar.arguments)})`;
      case 'cast':
        if (scalar.type === undefined) break;
        return `${this.text(scalar.argument)}::${scalar.type}`;
      case 'array':
        return `array[${this.#list(scalar.arguments)}]`;
      default:
        break;
    }
    throw new NotDeparsable(`an expression (${scalar.kind}) has no text`);
  }
}

function constantText({ text, type }: Extract<Scalar, { kind: 'constant' }>): string {
  if (text === null) return 'null';
  if (type === 'integer' || type === 'numeric' || type === 'boolean') return text;
  return literal(text);
}

export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

function placeholder(index: number): Node {
  const name = { String: { sval: `hole_${String(index)}_` } };
  return { ColumnRef: { fields: [name] } };
}

/** A copy of a tree in which `change` puts another node in the place of some. */
function copied(value: unknown, change: (part: object) => Node | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => copied(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const other = change(value);
  if (other) return other;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, copied(child, change)]));
}
