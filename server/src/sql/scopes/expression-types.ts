/** Types as `format_type` spells them: of a cast's target, and of the few expressions that need no table of functions. */

import type { Node, TypeName } from 'libpg-query';

const SPELLINGS: Readonly<Record<string, string>> = {
  char: '"char"',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  int: 'integer',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  varbit: 'bit varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
};

/** Those whose modifiers are written behind their first word, in brackets. */
const MODIFIED = new Set(['varchar', 'bpchar', 'numeric', 'bit', 'varbit', 'timestamp', 'timestamptz', 'time', 'timetz']); // prettier-ignore

const PLAIN = /^[a-z_][a-z0-9_]*$/u;

export function typeText(type: TypeName | undefined): string | undefined {
  if (!type || type.pct_type === true || type.setof === true) return undefined;
  const names = (type.names ?? []).flatMap((name) =>
    'String' in name && name.String.sval !== undefined ? [name.String.sval] : [],
  );
  const own = names[0] === 'pg_catalog' ? names.slice(1) : names;
  const [name, ...rest] = own;
  // How a type of another schema is spelt depends on the search path.
  if (name === undefined || rest.length > 0 || !PLAIN.test(name)) return undefined;
  const modifiers = (type.typmods ?? []).map(integer);
  if (modifiers.length > 0 && (!MODIFIED.has(name) || modifiers.includes(undefined))) return undefined;
  const spelling = name === 'bpchar' && modifiers.length === 0 ? 'bpchar' : (SPELLINGS[name] ?? name);
  const array = (type.arrayBounds ?? []).length > 0 ? '[]' : '';
  return withModifiers(spelling, modifiers.join(',')) + array;
}

function withModifiers(spelling: string, modifiers: string): string {
  if (modifiers === '') return spelling;
  const zone = / with(?:out)? time zone$/.exec(spelling)?.[0] ?? '';
  return `${spelling.slice(0, spelling.length - zone.length)}(${modifiers})${zone}`;
}

function integer(node: Node): number | undefined {
  // Zero is left out of the tree.
  return 'A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : undefined;
}

/** `typeOfColumn` gives the type of a plain column. */
export function expressionType(
  node: Node | undefined,
  typeOfColumn: (node: Node) => string | undefined,
): string | undefined {
  if (!node) return undefined;
  const typeOf = (inner: Node): string | undefined => expressionType(inner, typeOfColumn);
  if ('ColumnRef' in node) return typeOfColumn(node);
  if ('TypeCast' in node) return typeText(node.TypeCast.typeName);
  if ('CollateClause' in node) return node.CollateClause.arg && typeOf(node.CollateClause.arg);
  if ('CoalesceExpr' in node) return common((node.CoalesceExpr.args ?? []).map(typeOf));
  if ('BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node) return 'boolean';
  if ('SubLink' in node) return node.SubLink.subLinkType === 'EXISTS_SUBLINK' ? 'boolean' : undefined;
  if ('A_Const' in node) {
    if (node.A_Const.ival) return 'integer';
    return node.A_Const.boolval ? 'boolean' : undefined;
  }
  if ('CaseExpr' in node) {
    const { args = [], defresult } = node.CaseExpr;
    const results = args.flatMap((arm) => ('CaseWhen' in arm ? [arm.CaseWhen.result] : []));
    const type = common([...results, defresult].flatMap((result) => (result ? [typeOf(result)] : [])));
    // The NULL of a missing ELSE has no modifier, and then the whole has none.
    return !defresult && type?.includes('(') === true ? undefined : type;
  }
  return undefined;
}

/** The one type that all have; unlike ones are for Postgres to unite. */
export function common(types: readonly (string | undefined)[]): string | undefined {
  const [first] = types;
  return types.every((type) => type === first) ? first : undefined;
}
