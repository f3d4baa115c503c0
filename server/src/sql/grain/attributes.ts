/** What dependencies are about: columns, identities of rows that no query shows, and terms over them; each is a number. */

import type { ColumnId, Plan, Scalar } from '../plan/plan.ts';
import { partsOf, withParts } from '../plan/scalars.ts';
import { inputsOf, scalarsOf } from '../plan/reads.ts';
import { SET_RETURNING, isDeterministic, isHash } from '../plan/traits.ts';

/** A column's id, or a number beyond them. */
export type Attribute = number;

/** Give text, whatever they are called with. */
const TEXTUAL = new Set([
  'md5',
  'lower',
  'upper',
  'initcap',
  'concat',
  'concat_ws',
  'replace',
  'btrim',
  'ltrim',
  'rtrim',
  'to_char',
  'format',
  'left',
  'right',
  'substr',
  'split_part',
  'encode',
]);

const FIRST_HIDDEN = 1_000_000_000;

/** `f(a, b)`: known when its arguments are known. */
export interface Term {
  readonly scalar: Scalar;
  readonly arguments: readonly Attribute[];
  /** Whether equal arguments give an equal value; a term without arguments is a constant. */
  readonly isFunction: boolean;
  /** Attributes that its value tells, where it does, if those in `needs` are not null. */
  readonly tells: Telling | undefined;
}

export interface Telling {
  readonly what: readonly Attribute[];
  readonly needs: readonly Attribute[];
}

/** Where rows come from, to name in a message. */
export interface RowSource {
  /** What the query calls it; empty for rows that it made and has no name for. */
  readonly name: string;
  /** The relation's, the CTE's or the function's own name. */
  readonly relation: string;
  readonly plan: Plan | undefined;
}

/** The attributes of one statement. */
export class Attributes {
  #next = FIRST_HIDDEN;
  readonly #types = new Map<Attribute, string>();
  readonly #terms = new Map<Attribute, Term>();
  readonly #byKey = new Map<string, Attribute>();
  readonly #byScalar = new WeakMap<Scalar, Attribute>();
  readonly #using = new Map<Attribute, Attribute[]>();
  readonly #constants: Attribute[] = [];
  readonly #sources = new Map<Attribute, RowSource>();

  hidden(): Attribute {
    return this.#next++;
  }

  row(source: RowSource): Attribute {
    const row = this.hidden();
    this.#sources.set(row, source);
    return row;
  }

  /** Rows that a query made (groups, distinct ones) go by the name that it is read under. */
  nameRow(row: Attribute, name: string): void {
    const source = this.#sources.get(row);
    if (source?.name === '') this.#sources.set(row, { ...source, name, relation: name });
  }

  source(row: Attribute): RowSource | undefined {
    return this.#sources.get(row);
  }

  setType(column: ColumnId, type: string | undefined): void {
    if (type !== undefined) this.#types.set(column, type);
  }

  typeOf(attribute: Attribute): string | undefined {
    const known = this.#types.get(attribute);
    if (known !== undefined) return known;
    const term = this.#terms.get(attribute);
    return term && this.#typeOfTerm(term);
  }

  #typeOfTerm({ scalar, arguments: parts }: Term): string | undefined {
    switch (scalar.kind) {
      case 'cast':
        return scalar.type;
      case 'coalesce':
        return parts[0] === undefined ? undefined : this.typeOf(parts[0]);
      case 'call':
        if (TEXTUAL.has(scalar.name)) return 'text';
        // Text beside anything else gives text.
        return scalar.name === '||' && parts.some((part) => this.#isText(part)) ? 'text' : undefined;
      default:
        return undefined;
    }
  }

  #isText(attribute: Attribute): boolean {
    const scalar = this.#terms.get(attribute)?.scalar;
    const type = this.typeOf(attribute);
    return (
      type === 'text' ||
      type === 'character varying' ||
      (scalar?.kind === 'constant' && scalar.type === 'text')
    );
  }

  term(attribute: Attribute): Term | undefined {
    return this.#terms.get(attribute);
  }

  /** Terms that have it as an argument. */
  termsOver(attribute: Attribute): readonly Attribute[] {
    return this.#using.get(attribute) ?? [];
  }

  get constants(): readonly Attribute[] {
    return this.#constants;
  }

  /** The attribute of an expression: a column's is its own. */
  of(scalar: Scalar): Attribute {
    if (scalar.kind === 'column') return scalar.column;
    const known = this.#byScalar.get(scalar);
    if (known !== undefined) return known;
    const outer = scalar.kind === 'subquery' ? scalar.outer : [];
    const parts = [...partsOf(scalar).map((part) => this.of(part)), ...outer];
    const attribute = this.#term(scalar, parts, undefined);
    this.#byScalar.set(scalar, attribute);
    return attribute;
  }

  /** A term as an expression over attributes. */
  scalarOf(attribute: Attribute): Scalar {
    const term = this.#terms.get(attribute);
    if (!term) return { kind: 'column', column: attribute, node: undefined };
    let next = 0;
    return withParts(term.scalar, () => this.scalarOf(term.arguments[next++] ?? attribute));
  }

  /** The same term over other attributes. */
  renamed(attribute: Attribute, rename: (attribute: Attribute) => Attribute): Attribute | undefined {
    const term = this.#terms.get(attribute);
    if (!term) return undefined;
    return this.#term(term.scalar, term.arguments.map(rename), term);
  }

  /** Equal functions of equal arguments are one; of anything else each is by itself. */
  #term(scalar: Scalar, parts: readonly Attribute[], like: Term | undefined): Attribute {
    const shape = isFunctionKind(scalar) && scalar.kind !== 'subquery' ? shapeOf(scalar) : undefined;
    const key = shape === undefined ? undefined : `${shape}(${parts.join(',')})`;
    const known = key === undefined ? undefined : this.#byKey.get(key);
    if (known !== undefined) return known;
    const attribute = this.hidden();
    if (key !== undefined) this.#byKey.set(key, attribute);
    const isFunction = like?.isFunction ?? this.#isFunction(scalar, parts);
    const tells = tellingOf(
      scalar,
      parts,
      (part) => this.typeOf(part),
      (part) => this.#terms.get(part),
    );
    this.#terms.set(attribute, { scalar, arguments: parts, isFunction, tells });
    if (parts.length === 0 && isFunction) this.#constants.push(attribute);
    for (const part of new Set(parts)) {
      const using = this.#using.get(part);
      if (using) using.push(attribute);
      else this.#using.set(part, [attribute]);
    }
    return attribute;
  }

  #isFunction(scalar: Scalar, parts: readonly Attribute[]): boolean {
    if (!isFunctionKind(scalar)) return false;
    return keepsEquality(scalar) || parts.every((part) => equalIsSame(this.typeOf(part)));
  }
}

/** What tells a function from others, apart from its arguments. */
function shapeOf(scalar: Scalar): string {
  switch (scalar.kind) {
    case 'constant':
      return `constant ${scalar.type} ${JSON.stringify(scalar.text)}`;
    case 'call':
      return `call ${scalar.name}`;
    case 'cast':
      return `cast ${scalar.type ?? '?'}`;
    case 'is':
      return `is ${scalar.value}`;
    case 'case':
      return `case ${String(scalar.arms.length)}`;
    default:
      return scalar.kind;
  }
}

function isFunctionKind(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case 'call':
      return isDeterministic(scalar.name);
    case 'cast':
      // Two types that are not known need not be one.
      return scalar.type !== undefined;
    case 'other':
    case 'parameter':
      return false;
    case 'subquery':
      return isSettled(scalar.query.plan);
    default:
      return true;
  }
}

/** Aggregates whose value does not hang on the order of their rows. */
const UNORDERED = new Set(['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'every']);

/** Whether a subquery gives the same value each time that it is asked with the same outer values: aggregates without groups do. */
function isSettled(plan: Plan): boolean {
  if (plan.kind === 'project') return isSettled(plan.input);
  return plan.kind === 'aggregate' && plan.groups.length === 0 && isWithoutChoice(plan);
}

/** Whether it gives the same rows each time: nothing in it picks some of several that would do. */
export function isWithoutChoice(plan: Plan): boolean {
  if (scalarsOf(plan).some((scalar) => !isStable(scalar))) return false;
  switch (plan.kind) {
    case 'limit':
    case 'distinct on':
    case 'window':
    case 'recursive':
    case 'recursion':
      return false;
    case 'named':
      return isWithoutChoice(plan.of.query.plan);
    case 'aggregate':
      return plan.calls.every((call) => UNORDERED.has(call.function)) && isWithoutChoice(plan.input);
    default:
      return inputsOf(plan).every(isWithoutChoice);
  }
}

function isStable(scalar: Scalar): boolean {
  if (scalar.kind === 'subquery') return isWithoutChoice(scalar.query.plan) && scalar.test.every(isStable);
  if (scalar.kind === 'call' && !isDeterministic(scalar.name) && !SET_RETURNING.has(scalar.name))
    return false;
  return scalar.kind !== 'other' && partsOf(scalar).every(isStable);
}

/** Types of which equal values are the same value; of others (`1.0 = 1.00`) a function may tell them apart. */
const SAME = new Set([
  'smallint', 'integer', 'bigint', 'oid', 'text', 'character varying', 'boolean', 'uuid', 'date', 'timestamp without time zone', 'timestamp with time zone',
  'time without time zone', 'bytea', 'name', '"char"', 'inet', 'cidr', 'int4range', 'int8range', 'daterange', 'tsrange', 'tstzrange',
]); // prettier-ignore

/** An unknown type is one that an expression gave: of text or of whole numbers, most likely; what could differ says its type. */
export function equalIsSame(type: string | undefined): boolean {
  if (type === undefined) return true;
  if (/^numeric\(\d+,\d+\)$/.test(type)) return true;
  return SAME.has(baseType(type));
}

export function baseType(type: string): string {
  return type.replace(/\(\d+(,\d+)?\)/, '');
}

const KEEPS_EQUALITY = new Set([
  '+', '-', '*', '=', '<>', '<', '>', '<=', '>=', 'abs', 'ceil', 'ceiling', 'floor', 'round', 'sign', 'greatest', 'least', 'nullif',
]); // prettier-ignore

/** Whether equal arguments give equal values even where equal is not the same. */
function keepsEquality(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case 'call':
      return KEEPS_EQUALITY.has(scalar.name);
    case 'cast':
      return scalar.type !== undefined && /^(numeric|double precision|real|bigint|integer)/.test(scalar.type);
    case 'other':
    case 'subquery':
      return false;
    default:
      return true;
  }
}

/** Types whose text is never that of another value, and never holds what separates columns. */
const TELLING_TEXT = new Set([
  'smallint',
  'integer',
  'bigint',
  'oid',
  'uuid',
  'date',
  'boolean',
  'timestamp without time zone',
  'timestamp with time zone',
]);

/** Types whose text can be read back, and may hold anything. */
const WRITTEN_WHOLE = new Set([
  'text', 'character varying', 'numeric', 'real', 'double precision', 'citext', 'interval', 'time without time zone', 'jsonb', 'inet', 'bytea', 'name',
]); // prettier-ignore

/** What can be read back from a value: a hash tells what was hashed, a row its parts, text the number that it was made of. */
function tellingOf(
  scalar: Scalar,
  parts: readonly Attribute[],
  typeOf: (attribute: Attribute) => string | undefined,
  termOf: (attribute: Attribute) => Term | undefined,
): Telling | undefined {
  const all = { what: parts, needs: [] };
  switch (scalar.kind) {
    case 'row':
    case 'array':
      return all;
    case 'cast': {
      // A row's text quotes its parts.
      const row = parts[0] === undefined ? undefined : termOf(parts[0]);
      if (row?.scalar.kind === 'row' && scalar.type === 'text') return all;
      const from = parts[0] === undefined ? undefined : typeOf(parts[0]);
      if (from === undefined || scalar.type === undefined) return undefined;
      return isLossless(baseType(from), baseType(scalar.type), scalar.type) ? all : undefined;
    }
    case 'call':
      if (isHash(scalar.name)) return { what: parts.slice(0, 1), needs: [] };
      if (scalar.name === '||' || scalar.name === 'concat' || scalar.name === 'concat_ws')
        return tellingText(scalar.name, parts, termOf);
      if (scalar.name === '-' && parts.length === 1) return all;
      if (scalar.name === 'extract' && isEpoch(termOf(parts[0] ?? -1)) && parts[1] !== undefined)
        return typeOf(parts[1])?.startsWith('timestamp') === true
          ? { what: [parts[1]], needs: [] }
          : undefined;
      if (scalar.name === '+' || scalar.name === '-') {
        const moving = parts.filter((part) => !isConstant(termOf(part)));
        const type = moving[0] === undefined ? undefined : typeOf(moving[0]);
        return moving.length === 1 && type !== undefined && /^(smallint|integer|bigint|numeric)/.test(type)
          ? { what: moving, needs: [] }
          : undefined;
      }
      return undefined;
    case 'coalesce': {
      // `coalesce(a::text, '∅')`: as long as the stand-in is no value's own text.
      const [first, stand, ...more] = parts;
      if (first === undefined || stand === undefined || more.length > 0) return undefined;
      const inner = termOf(first);
      const standIn = termOf(stand)?.scalar;
      if (inner?.scalar.kind !== 'cast' || standIn?.kind !== 'constant' || inner.tells === undefined)
        return undefined;
      return standIn.text !== null &&
        /^[^\d-][^-]*$/.test(standIn.text) &&
        !/^(t|f|true|false)$/.test(standIn.text)
        ? { what: [first], needs: [] }
        : undefined;
    }
    default:
      return undefined;
  }
}

function isEpoch(term: Term | undefined): boolean {
  return term?.scalar.kind === 'constant' && term.scalar.text === 'epoch';
}

function isConstant(term: Term | undefined): boolean {
  return term?.scalar.kind === 'constant';
}

function isLossless(from: string, to: string, whole: string): boolean {
  if (whole.includes('(') && whole !== 'character varying') return false;
  if (to === 'text' || to === 'character varying') return TELLING_TEXT.has(from) || WRITTEN_WHOLE.has(from);
  const ranks = ['smallint', 'integer', 'bigint', 'numeric'];
  if (ranks.includes(from) && ranks.includes(to)) return ranks.indexOf(from) <= ranks.indexOf(to);
  return from === to || (from === 'date' && to.startsWith('timestamp'));
}

/** Pieces of text with something between them that none of them holds, but one at most. */
function tellingText(
  name: string,
  parts: readonly Attribute[],
  termOf: (attribute: Attribute) => Term | undefined,
): Telling | undefined {
  const pieces: Attribute[] = [];
  const flatten = (attribute: Attribute): void => {
    const term = termOf(attribute);
    if (term?.scalar.kind === 'call' && term.scalar.name === '||') term.arguments.forEach(flatten);
    else pieces.push(attribute);
  };
  const [separator, ...others] = parts;
  if (name === 'concat_ws') {
    const text = separator === undefined ? undefined : termOf(separator)?.scalar;
    if (text?.kind !== 'constant' || !isSeparator(text.text)) return undefined;
    others.forEach((part, index) => {
      if (index > 0 && separator !== undefined) pieces.push(separator);
      flatten(part);
    });
  } else parts.forEach(flatten);
  const told: Attribute[] = [];
  let between = '';
  let isFree = false;
  for (const piece of pieces) {
    const scalar = termOf(piece)?.scalar;
    if (scalar?.kind === 'constant') {
      between += scalar.text ?? '';
      continue;
    }
    if (told.length > 0 && !isSeparator(between)) return undefined;
    // Behind a piece that may hold anything, a sign could be the separator or the number's.
    if (isFree && between.startsWith('-')) return undefined;
    if (!isPlainText(piece, termOf)) {
      if (isFree) return undefined;
      isFree = true;
    }
    told.push(piece);
    between = '';
  }
  // A NULL among them makes `||` NULL and is left out by the others.
  return { what: told, needs: told };
}

/** Behind a number, a date or a UUID a separator ends it, unless it could go on. */
function isSeparator(text: string | null): boolean {
  return text !== null && text !== '' && !/^[\w.:+ ]/.test(text);
}

function isPlainText(piece: Attribute, termOf: (attribute: Attribute) => Term | undefined): boolean {
  const term = termOf(piece);
  if (term?.scalar.kind === 'coalesce') return term.tells !== undefined;
  if (term?.scalar.kind !== 'cast') return false;
  return term.tells !== undefined && term.scalar.argument.kind === 'column';
}
