/** What is known of Postgres's own functions and operators, by name: of a name that is not here, the worst is assumed. */

/** Give another value each time they are called. */
const VOLATILE = new Set([
  'random', 'random_normal', 'setseed', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'uuid_generate_v4', 'uuid_generate_v1',
  'nextval', 'currval', 'lastval', 'setval', 'clock_timestamp', 'timeofday', 'pg_sleep', 'txid_current',
]); // prettier-ignore

/** The same arguments give the same value within a statement, whatever their types; NULL in gives NULL out. */
const STRICT = new Set([
  '+', '-', '*', '/', '%', '^', '|/', '||/', '@', '&', '|', '#', '~', '<<', '>>',
  '=', '<>', '<', '>', '<=', '>=', '~~', '!~~', '~~*', '!~~*', '!~', '~*', '!~*', '^@',
  '@>', '<@', '&&', '?', '?|', '?&', '->', '->>', '#>', '#>>', '#-', '@?', '@@', '||', '-|-', '&<', '&>', '<->', '<#>', '<=>',
  'abs', 'ceil', 'ceiling', 'floor', 'round', 'trunc', 'sign', 'sqrt', 'cbrt', 'exp', 'ln', 'log', 'log10', 'power', 'pow', 'mod', 'div', 'gcd', 'lcm',
  'degrees', 'radians', 'width_bucket', 'scale', 'min_scale', 'trim_scale', 'factorial',
  'lower', 'upper', 'initcap', 'length', 'char_length', 'character_length', 'octet_length', 'bit_length', 'btrim', 'ltrim', 'rtrim', 'trim',
  'substr', 'substring', 'left', 'right', 'lpad', 'rpad', 'repeat', 'replace', 'reverse', 'split_part', 'strpos', 'position', 'starts_with', 'translate',
  'overlay', 'ascii', 'chr', 'md5', 'sha224', 'sha256', 'sha384', 'sha512', 'digest', 'encode', 'decode', 'to_hex', 'hashtext', 'hashtextextended', 'crc32',
  'regexp_replace', 'regexp_match', 'regexp_like', 'regexp_count', 'regexp_instr', 'regexp_substr', 'regexp_split_to_array', 'string_to_array', 'array_to_string',
  'quote_ident', 'quote_literal', 'unaccent', 'normalize', 'convert_from', 'convert_to',
  'date_trunc', 'date_part', 'extract', 'date', 'age', 'make_date', 'make_time', 'make_timestamp', 'make_timestamptz', 'to_char', 'to_date', 'to_number',
  'to_timestamp', 'timezone', 'isfinite', 'justify_days', 'justify_hours', 'justify_interval', 'date_bin', 'date_add', 'date_subtract', 'overlaps',
  'array_length', 'cardinality', 'array_ndims', 'array_lower', 'array_upper', 'array_position', 'array_positions',
  'int4range', 'int8range', 'numrange', 'daterange', 'tsrange', 'tstzrange', 'upper_inc', 'lower_inc', 'isempty', 'upper_inf', 'lower_inf',
  'jsonb_extract_path', 'jsonb_extract_path_text', 'json_extract_path', 'json_extract_path_text', 'jsonb_array_length', 'json_array_length',
  'jsonb_typeof', 'json_typeof', 'jsonb_strip_nulls', 'to_jsonb', 'to_json',
  'int4', 'int8', 'int2', 'numeric', 'float4', 'float8', 'text', 'varchar', 'bpchar', 'bool', 'timestamp', 'timestamptz', 'interval',
]); // prettier-ignore

/** The range constructors and `format` take NULL for a meaning of its own; so do these. */
const LENIENT = new Set([
  'concat', 'concat_ws', 'greatest', 'least', 'format', 'nullif', 'num_nulls', 'num_nonnulls', 'array_append', 'array_prepend', 'array_cat', 'array_remove',
  'array_replace', 'jsonb_build_object', 'json_build_object', 'jsonb_build_array', 'json_build_array', 'row_to_json', 'hstore',
  'int4range', 'int8range', 'numrange', 'daterange', 'tsrange', 'tstzrange', 'to_jsonb', 'to_json', 'quote_nullable', 'array_position',
  'now', 'current_date', 'current_timestamp', 'localtimestamp', 'current_time', 'localtime', 'transaction_timestamp', 'statement_timestamp', 'current_user',
  'session_user', 'user', 'current_schema', 'current_catalog', 'current_database', 'current_setting', 'pi', 'version',
]); // prettier-ignore

/** NULL out only if NULL in, for arguments of the types they are made for. */
const TOTAL = new Set([
  '+', '-', '*', '/', '%', '^', '=', '<>', '<', '>', '<=', '>=', '~~', '!~~', '~~*', '!~~*', '~', '!~', '~*', '!~*', '||', '^@', '@>', '<@', '&&', '@',
  'abs', 'ceil', 'ceiling', 'floor', 'round', 'trunc', 'sign', 'sqrt', 'exp', 'ln', 'power', 'mod', 'div',
  'lower', 'upper', 'initcap', 'length', 'char_length', 'octet_length', 'btrim', 'ltrim', 'rtrim', 'trim', 'substr', 'left', 'right', 'lpad', 'rpad',
  'repeat', 'replace', 'reverse', 'split_part', 'strpos', 'starts_with', 'md5', 'sha256', 'date_trunc', 'date_part', 'extract', 'date', 'make_date', 'timezone',
  'regexp_replace', 'cardinality', 'int4', 'int8', 'text',
]); // prettier-ignore

/** Always a value. */
const NEVER_NULL = new Set([
  'concat', 'num_nulls', 'num_nonnulls', 'now', 'current_date', 'current_timestamp', 'localtimestamp', 'jsonb_build_object', 'json_build_object',
  'jsonb_build_array', 'json_build_array', 'pi', 'random', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'count', 'row_number', 'rank', 'dense_rank', 'ntile',
  'percent_rank', 'cume_dist', 'grouping', 'statement_timestamp', 'transaction_timestamp', 'clock_timestamp', 'int4range', 'int8range', 'numrange',
  'daterange', 'tsrange', 'tstzrange',
]); // prettier-ignore

/** Of unlike arguments they make unlike values, as far as anybody will ever see. */
const HASHES = new Set(['md5', 'sha224', 'sha256', 'sha384', 'sha512', 'digest']);

export const SERVER_AGGREGATES: ReadonlySet<string> = new Set([
  'count', 'sum', 'avg', 'min', 'max', 'array_agg', 'string_agg', 'json_agg', 'jsonb_agg', 'json_agg_strict', 'jsonb_agg_strict', 'json_object_agg',
  'jsonb_object_agg', 'json_object_agg_strict', 'jsonb_object_agg_strict', 'json_object_agg_unique', 'jsonb_object_agg_unique',
  'json_object_agg_unique_strict', 'jsonb_object_agg_unique_strict', 'xmlagg', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or', 'bit_xor', 'any_value',
  'range_agg', 'range_intersect_agg', 'corr', 'covar_pop', 'covar_samp', 'regr_avgx', 'regr_avgy', 'regr_count', 'regr_intercept', 'regr_r2',
  'regr_slope', 'regr_sxx', 'regr_sxy', 'regr_syy', 'stddev', 'stddev_pop', 'stddev_samp', 'variance', 'var_pop', 'var_samp', 'mode',
  'percentile_cont', 'percentile_disc',
]); // prettier-ignore

/** Set-returning functions that stand among selected expressions or in FROM. */
export const SET_RETURNING: ReadonlySet<string> = new Set([
  'unnest', 'generate_series', 'generate_subscripts', 'regexp_matches', 'regexp_split_to_table', 'string_to_table', 'jsonb_array_elements',
  'jsonb_array_elements_text', 'json_array_elements', 'json_array_elements_text', 'jsonb_object_keys', 'json_object_keys', 'jsonb_each', 'jsonb_each_text',
  'json_each', 'json_each_text', 'jsonb_path_query', 'jsonb_populate_recordset', 'json_populate_recordset', 'jsonb_to_recordset', 'json_to_recordset',
  'pg_ls_dir', 'aclexplode', 'pg_get_keywords', 'ts_stat', 'ts_token_type', 'ts_parse', 'pg_listening_channels',
]); // prettier-ignore

/** Whether it gives the same value for the same arguments within one statement. */
export function isDeterministic(name: string): boolean {
  return !VOLATILE.has(name) && (STRICT.has(name) || LENIENT.has(name) || TOTAL.has(name));
}

/** Whether a NULL among its arguments makes the result NULL. */
export function isStrict(name: string): boolean {
  return STRICT.has(name) && !LENIENT.has(name);
}

export function isTotal(name: string): boolean {
  return TOTAL.has(name);
}

export function isNeverNull(name: string): boolean {
  return NEVER_NULL.has(name);
}

export function isHash(name: string): boolean {
  return HASHES.has(name);
}
