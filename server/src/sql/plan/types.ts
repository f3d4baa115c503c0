/** Types of bound expressions, as far as they follow without the server's table of functions. */

import type { ColumnId, Scalar } from './plan.ts';

const COUNTS = new Set(['count', 'row_number', 'rank', 'dense_rank']);
const BOOLEANS = new Set(['and', 'or', 'not', 'is null', 'is', 'is distinct', 'in']);
const COMPARISONS = new Set([
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '~',
  '!~',
  '@>',
  '<@',
  '&&',
]);

export function typeOfScalar(
  scalar: Scalar,
  typeOf: (column: ColumnId) => string | undefined,
): string | undefined {
  if (BOOLEANS.has(scalar.kind)) return 'boolean';
  switch (scalar.kind) {
    case 'column':
      return typeOf(scalar.column);
    case 'cast':
      return scalar.type;
    case 'constant':
      return scalar.type === 'integer' || scalar.type === 'numeric' || scalar.type === 'boolean'
        ? scalar.type
        : undefined;
    case 'call':
      if (COUNTS.has(scalar.name)) return 'bigint';
      if (scalar.name === 'md5') return 'text';
      return COMPARISONS.has(scalar.name) ? 'boolean' : undefined;
    case 'coalesce':
      return sameType(scalar.arguments.map((argument) => typeOfScalar(argument, typeOf)));
    case 'case':
      return sameType([
        ...scalar.arms.map((arm) => typeOfScalar(arm.then, typeOf)),
        ...(isNull(scalar.otherwise) ? [] : [typeOfScalar(scalar.otherwise, typeOf)]),
      ]);
    case 'subquery':
      if (scalar.use === 'scalar') return scalar.query.output[0]?.type;
      return scalar.use === 'array' ? undefined : 'boolean';
    default:
      return undefined;
  }
}

function isNull(scalar: Scalar): boolean {
  return scalar.kind === 'constant' && scalar.text === null;
}

/** The one type that all have; unlike ones are for Postgres to unite. */
export function sameType(types: readonly (string | undefined)[]): string | undefined {
  const [first] = types;
  return types.every((type) => type === first) ? first : undefined;
}
