/** Whether what is known of every row makes a condition true: the predicate of a partial index, most of all. */

import type { Scalar } from '../plan/plan.ts';
import { scalarKey } from '../plan/scalars.ts';
import { MIRRORED } from './assume.ts';
import type { Attributes } from './attributes.ts';
import { isNotNull, type Facts } from './facts.ts';

export function implies(attributes: Attributes, facts: Facts, wanted: Scalar): boolean {
  const test = testOf(attributes, wanted);
  if (wanted.kind === 'or' && wanted.arguments.some((part) => implies(attributes, facts, part))) return true;
  if (wanted.kind === 'and') return wanted.arguments.every((part) => implies(attributes, facts, part));
  if (wanted.kind === 'not' && wanted.argument.kind === 'is null')
    return isNotNull(attributes, facts, attributes.of(wanted.argument.argument));
  const key = scalarKey(wanted);
  return facts.known.some(
    (known) => scalarKey(known) === key || (test !== undefined && impliedBy(attributes, known, test)),
  );
}

/** `attribute sign constant`, or one of a list. */
export interface Test {
  readonly attribute: number;
  readonly sign: '=' | '<>' | '<' | '>' | '<=' | '>=' | 'in' | 'is null';
  readonly constants: readonly string[];
  readonly isNumber: boolean;
}

const SIGNS = new Set(['=', '<>', '<', '>', '<=', '>=']);

export function testOf(attributes: Attributes, scalar: Scalar): Test | undefined {
  switch (scalar.kind) {
    case 'column':
      return { attribute: scalar.column, sign: '=', constants: ['true'], isNumber: false };
    case 'is null':
      return { attribute: attributes.of(scalar.argument), sign: 'is null', constants: [], isNumber: false };
    case 'is':
      if (scalar.value === 'unknown') return undefined;
      return {
        attribute: attributes.of(scalar.argument),
        sign: '=',
        constants: [scalar.value],
        isNumber: false,
      };
    case 'not':
      if (scalar.argument.kind !== 'column') return undefined;
      return { attribute: scalar.argument.column, sign: '=', constants: ['false'], isNumber: false };
    case 'in': {
      const constants = scalar.list.map(constantText);
      if (constants.some((text) => text === undefined)) return undefined;
      return { attribute: attributes.of(scalar.argument), sign: 'in', constants: constants as string[], isNumber: scalar.list.every(isNumber) }; // prettier-ignore
    }
    case 'call': {
      const [left, right] = scalar.arguments;
      if (!left || !right || !SIGNS.has(scalar.name)) return undefined;
      const sign = scalar.name as Test['sign'];
      const text = constantText(right);
      if (text !== undefined)
        return { attribute: attributes.of(left), sign, constants: [text], isNumber: isNumber(right) };
      const other = constantText(left);
      if (other === undefined) return undefined;
      return { attribute: attributes.of(right), sign: MIRRORED[scalar.name] as Test['sign'], constants: [other], isNumber: isNumber(left) }; // prettier-ignore
    }
    default:
      return undefined;
  }
}

/** A constant's text, a cast of one to what it is included: `'paid'::text`. */
function constantText(scalar: Scalar): string | undefined {
  const inner = scalar.kind === 'cast' ? scalar.argument : scalar;
  return inner.kind === 'constant' && inner.text !== null ? inner.text : undefined;
}

function isNumber(scalar: Scalar): boolean {
  return scalar.kind === 'constant' && (scalar.type === 'integer' || scalar.type === 'numeric');
}

function impliedBy(attributes: Attributes, known: Scalar, wanted: Test): boolean {
  const test = testOf(attributes, known);
  if (test?.attribute !== wanted.attribute) return false;
  if (test.sign === wanted.sign && test.constants.length === wanted.constants.length)
    if (test.constants.every((text) => wanted.constants.includes(text))) return true;
  if (test.sign === '=' || test.sign === 'in') return test.constants.every((text) => holds(text, wanted));
  if (!test.isNumber || !wanted.isNumber) return false;
  const [have = Number.NaN] = test.constants.map(Number);
  const [want = Number.NaN] = wanted.constants.map(Number);
  if (wanted.sign === '>') return (test.sign === '>' && have >= want) || (test.sign === '>=' && have > want);
  if (wanted.sign === '>=') return (test.sign === '>' || test.sign === '>=') && have >= want;
  if (wanted.sign === '<') return (test.sign === '<' && have <= want) || (test.sign === '<=' && have < want);
  if (wanted.sign === '<=') return (test.sign === '<' || test.sign === '<=') && have <= want;
  if (wanted.sign === '<>')
    return (test.sign === '>' && have >= want) || (test.sign === '<' && have <= want) || (test.sign === '>=' && have > want) || (test.sign === '<=' && have < want); // prettier-ignore
  return false;
}

function holds(text: string, { sign, constants, isNumber: areNumbers }: Test): boolean {
  const [first = ''] = constants;
  switch (sign) {
    case '=':
    case 'in':
      return constants.includes(text);
    case '<>':
      return !constants.includes(text) && (!areNumbers || Number(text) !== Number(first));
    case 'is null':
      return false;
    default:
      break;
  }
  if (!areNumbers) return false;
  const [value, bound] = [Number(text), Number(first)];
  if (sign === '<') return value < bound;
  if (sign === '>') return value > bound;
  return sign === '<=' ? value <= bound : value >= bound;
}
