/** Values of a type as SQL: the plain ones by a number, so that columns of unlike types agree on them, and those near a constant. */

import { literal } from '../sql/plan/deparse-scalar.ts';
import type { Hint } from './hints.ts';
import type { Seeded } from './seeded.ts';

export type Family =
  | 'number'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'interval'
  | 'boolean'
  | 'uuid'
  | 'document'
  | 'array'
  | 'range'
  | 'other';

const NUMBERS = /^(smallint|integer|bigint|real|double precision|numeric|money|oid)\b/;
const TEXTS = /^(text|character varying|character|"char"|citext|name|bpchar)\b/;

export function familyOf(type: string): Family {
  if (type.endsWith('[]')) return 'array';
  if (NUMBERS.test(type)) return 'number';
  if (TEXTS.test(type)) return 'text';
  if (type === 'date') return 'date';
  if (type.startsWith('timestamp')) return 'timestamp';
  if (type.startsWith('time')) return 'time';
  if (type.startsWith('interval')) return 'interval';
  if (type === 'boolean') return 'boolean';
  if (type === 'uuid') return 'uuid';
  if (type === 'json' || type === 'jsonb') return 'document';
  return /(?:range|multirange)$/.test(type) ? 'range' : 'other';
}

export interface ValueSource {
  readonly type: string;
  readonly labels: readonly string[];
  readonly hints: readonly Hint[];
  /** Columns of the same values are numbers: texts are digits then. */
  readonly digits: boolean;
  readonly fields: readonly string[];
  readonly readsClock: boolean;
}

const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);

/** Likely ones first. */
export function pool(source: ValueSource, random: Seeded): readonly string[] {
  if (source.labels.length > 0) return labelPool(source);
  const family = familyOf(source.type);
  const hinted = source.hints.flatMap((hint) => nearConstant(hint, family));
  const good = hinted.filter(({ rank }) => rank === 0).map(({ text }) => text);
  const bad = hinted.filter(({ rank }) => rank === 1).map(({ text }) => text);
  const plain = plainValues(source, family, random);
  const rest = plain.filter((text) => !bad.includes(text));
  return [...new Set([...good, ...rest, ...bad, ...plain])];
}

function labelPool({ labels, hints }: ValueSource): readonly string[] {
  const wanted = hints.filter(({ operator }) => operator !== '<>').map(({ text }) => text);
  const unwanted = hints.filter(({ operator }) => operator === '<>').map(({ text }) => text);
  const first = labels.filter((label) => wanted.includes(label));
  const last = labels.filter((label) => unwanted.includes(label) && !wanted.includes(label));
  const others = labels.filter((label) => !first.includes(label) && !last.includes(label));
  return [...first, ...others, ...last].map(literal);
}

function plainValues(source: ValueSource, family: Family, random: Seeded): readonly string[] {
  const four = [0, 1, 2, 3];
  switch (family) {
    case 'number':
      return four.map((index) => String(index + 1));
    case 'text':
      return four.map((index) => literal(source.digits ? String(index + 1) : 'abcd'.charAt(index)));
    case 'date':
      return source.readsClock ? four.map((index) => `current_date - ${String(index)}`) : four.map(dayText);
    case 'timestamp':
      if (source.readsClock) return four.map((index) => `now() - interval '${String(index)} days'`);
      return [...four.map((index) => dayText(index)), `'2024-01-01 06:00:00'`];
    case 'time':
      return four.map((index) => `'0${String(index + 8)}:00:00'`);
    case 'interval':
      return four.map((index) => `'${String(index + 1)} days'`);
    case 'boolean':
      return ['true', 'false'];
    case 'uuid':
      return four.map((index) => `'00000000-0000-0000-0000-00000000000${String(index + 1)}'`);
    case 'document':
      return documents(source, random);
    case 'array':
      return arrays(source, random);
    case 'range':
      return ranges(source.type, source.hints);
    case 'other':
      return otherValues(source.type);
  }
}

/** Lists of values that few rows have, and that break what holds of ordinary ones. `texts`: the query's own constants. */
export function oddValues(type: string, texts: readonly string[]): readonly (readonly string[])[] {
  switch (familyOf(type)) {
    case 'number': {
      const own = texts.filter((text) => /^-?\d{1,9}(\.\d+)?$/.test(text));
      if (/^(numeric|real|double)/.test(type))
        return [
          ['1.2', '1.4', '1'],
          ['0', '-1', '0.5'],
          ['1', '11', '111'],
          ['1', ...own],
        ];
      const great = ['9007199254740992', '9007199254740993'];
      return [
        ['1', '11', '111'],
        ['0', '-1', '1'],
        ['10', '11', '12'],
        ['1', ...own],
        ...(type === 'bigint' ? [great] : []),
      ];
    }
    case 'text': {
      const marks = texts.filter((text) => text.length <= 3 && /^[^a-z0-9]+$/i.test(text));
      const cases = [
        ['a', 'A', 'a'],
        ['a', 'aa', 'aaa'],
        ['1', '11', '111'],
        ['', 'a'],
        ['a', ' a', 'a '],
        ['ab', 'ac', 'ad'],
        ['a', ...texts],
      ];
      return [...cases, ...marks.map((mark) => ['a', `a${mark}`, `${mark}a`, `a${mark}a`])].map((list) =>
        list.map(literal),
      );
    }
    case 'date':
      return [
        [0, 31, 366],
        [0, 5, 32],
      ].map((list) => list.map(dayText));
    case 'timestamp':
      return [[0, 31, 366].map(dayText), [`'2024-01-01 06:00'`, `'2024-01-01 06:10'`, `'2024-01-01 08:00'`]];
    case 'range':
      return [[`'empty'`]];
    case 'array':
      return [[`'{}'`]];
    default:
      return [];
  }
}

function dayText(index: number): string {
  return `'${new Date(FIRST_DAY + index * DAY).toISOString().slice(0, 10)}'`;
}

interface Near {
  readonly text: string;
  /** 0: likely to be what the comparison wants. */
  readonly rank: 0 | 1;
}

function nearConstant({ text, operator }: Hint, family: Family): readonly Near[] {
  const good = (...texts: readonly string[]): Near[] => texts.map((each) => ({ text: each, rank: 0 }));
  const bad = (...texts: readonly string[]): Near[] => texts.map((each) => ({ text: each, rank: 1 }));
  if (family === 'number') {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) return [];
    const at = (step: number): string => String(Number((number + step).toFixed(6)));
    if (operator === '<>') return bad(at(0));
    if (operator === '>') return [...good(at(1), at(2), at(3)), ...bad(at(0))];
    if (operator === '<') return [...good(at(-1), at(-2)), ...bad(at(0))];
    if (operator === '>=') return [...good(at(0), at(1), at(2)), ...bad(at(-1))];
    if (operator === '<=') return [...good(at(0), at(-1)), ...bad(at(1))];
    return good(at(0));
  }
  if (family === 'text') {
    if (operator === '<>' || operator.startsWith('!')) return bad(literal(text));
    if (operator.startsWith('~~')) return good(literal(text.replaceAll('%', '').replaceAll('_', 'x')), literal(text.replaceAll('%', 'y').replaceAll('_', 'x'))); // prettier-ignore
    if (operator.startsWith('~')) return good(literal(text.replace(/[\^$]/g, '').replace(/\\d[+*]?|\[0-9\][+*]?/g, '1').replace(/\.[+*]|\\w[+*]?|\[a-z\][+*]?/g, 'a'))); // prettier-ignore
    if (operator === '>') return [...good(literal(`${text}a`)), ...bad(literal(text))];
    return good(literal(text));
  }
  if (family === 'date' || family === 'timestamp') return nearMoment(text, operator, family);
  if (family === 'boolean') {
    const value = /^t(rue)?$/i.test(text) ? 'true' : /^f(alse)?$/i.test(text) ? 'false' : undefined;
    return value === undefined ? [] : operator === '<>' ? bad(value) : good(value);
  }
  if (family === 'uuid') return /^[0-9a-f-]{32,36}$/i.test(text) ? good(literal(text)) : [];
  if (family === 'time') return /^\d+:\d+/.test(text) ? good(literal(text)) : [];
  if (family === 'interval') return /\d/.test(text) && /[a-z:]/i.test(text) ? good(literal(text)) : [];
  if (family === 'array') return text.startsWith('{') ? good(literal(text)) : [];

  return [];
}

function nearMoment(text: string, operator: string, family: 'date' | 'timestamp'): readonly Near[] {
  const span = /^\s*(\d+)\s*(day|week|month|year|hour|minute)/.exec(text);
  if (span) {
    const days = { day: 1, week: 7, month: 31, year: 366 }[span[2] as 'day'] as number | undefined;
    return days === undefined ? [] : [{ text: dayText(Number(span[1]) * days), rank: 1 }];
  }
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) : NaN;
  if (Number.isNaN(moment)) return [];
  const at = (days: number): string => `'${new Date(moment + days * DAY).toISOString().slice(0, 10)}'`;
  const own = family === 'timestamp' ? literal(text) : at(0);
  const near = (steps: readonly number[], rank: 0 | 1): Near[] =>
    steps.map((step) => ({ text: step === 0 ? own : at(step), rank }));
  if (operator === '>') return [...near([1, 2, 3], 0), ...near([0], 1)];
  if (operator === '<') return [...near([-1, -2, -3], 0), ...near([0], 1)];
  if (operator === '>=') return [...near([0, 1, 2], 0), ...near([-1], 1)];
  if (operator === '<=') return [...near([0, -1, -2], 0), ...near([1], 1)];
  return operator === '<>' ? near([0], 1) : near([0], 0);
}

/** Objects that have all the fields which are read, arrays of them, and arrays with repeats. */
function documents({ fields, hints }: ValueSource, random: Seeded): readonly string[] {
  const names = fields.filter((name) => !/^\d+$/.test(name)).flatMap((name) => (/^\{.*\}$/.test(name) ? name.slice(1, -1).split(',') : [name])); // prettier-ignore
  const constants = hints.map(({ text }) => text).filter((text) => !names.includes(text));
  const scalar = (): unknown => {
    const text = random.happens(0.5) ? random.pick(constants) : undefined;
    if (text !== undefined) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    return random.pick([1, 2, 1, '1', 'a', null]);
  };
  const make = (depth: number): unknown => {
    const kind = depth > 2 ? 0 : random.below(4);
    if (kind === 1 && names.length > 0) return object(depth);
    if (kind >= 2) {
      const item = make(depth + 1);
      return random.happens(0.5) ? [item, item] : [item, make(depth + 1)];
    }
    return scalar();
  };
  const object = (depth: number): unknown => Object.fromEntries(names.map((name) => [name, make(depth + 1)]));
  const all = (value: () => unknown): unknown => Object.fromEntries(names.map((name) => [name, value()]));
  const one =
    names.length > 0 ? all(() => random.pick(constants.filter((text) => !/^\W/.test(text))) ?? 1) : 1;
  const known = [one, [one, one], all(() => [one, one]), all(() => one), ['a', 'a'], { a: 1, b: 1 }];
  const likely = names.length > 0 ? known : [[1, 1], ['a', 'a'], ['a', 'b'], { a: 1, b: 1 }, [[1, 1]]];
  // Which of them is the first one is left to chance: what is read of a document does not say how it is made.
  const from = random.below(likely.length);
  const made = [object(0), make(0), object(0)];
  return [...likely.slice(from), ...likely.slice(0, from), ...made].map((value) =>
    literal(JSON.stringify(value)),
  );
}

function arrays({ type, hints, labels, digits }: ValueSource, random: Seeded): readonly string[] {
  const element = type.slice(0, -2);
  const own = hints.filter(({ text }) => !text.startsWith('{'));
  const source = { type: element, labels, hints: own, digits, fields: [], readsClock: false };
  const values = pool(source, random).map(plainText);
  const [one = '1', other = one] = values;
  const any = (): string => random.pick(values) ?? one;
  const likely = [[one, one], [one, other], [one], [one, one, other]];
  const from = random.below(likely.length);
  const lists = [...likely.slice(from), ...likely.slice(0, from), [], [any(), any(), any()]];
  return lists.map((list) => literal(`{${list.map((text) => `"${text.replaceAll('"', '\\"')}"`).join(',')}}`)); // prettier-ignore
}

/** A literal's own text. */
function plainText(sql: string): string {
  return sql.startsWith("'") ? sql.slice(1, -1).replaceAll("''", "'") : sql;
}

function ranges(type: string, hints: readonly Hint[]): readonly string[] {
  const isNumber = /^(int4|int8|num)/.test(type);
  const near = hints.flatMap(({ text }) => {
    if (isNumber && /^-?\d+$/.test(text)) return [`[${text},${String(Number(text) + 3)})`];
    return !isNumber && /^\d{4}-\d{2}-\d{2}/.test(text) ? [`[${text},)`] : [];
  });
  const bound = (index: number): string => (isNumber ? String(index) : plainText(dayText(index - 1)));
  const made = [[1, 3], [2, 4], [1, 2], [3, 6], [5, 6]].map(([from = 0, to = 0]) => `[${bound(from)},${bound(to)})`); // prettier-ignore
  const all = [...near, ...made, `[${bound(1)},)`];
  return all.map((text) => literal(type.includes('multirange') ? `{${text}}` : text));
}

function otherValues(type: string): readonly string[] {
  if (type === 'bytea') return [`'\\x01'`, `'\\x02'`];
  if (type === 'inet' || type === 'cidr') return [`'10.0.0.1'`, `'10.0.0.2'`];
  if (type === 'point') return [`'(1,1)'`, `'(2,2)'`];
  if (type === 'tsvector') return [`'a'`, `'b'`];
  if (type === 'xml') return [`'<a>1</a>'`, `'<a>2</a>'`];
  if (type.startsWith('bit')) return [`B'1'`, `B'0'`];
  return [`'1'`, `'2'`, `'a'`];
}
