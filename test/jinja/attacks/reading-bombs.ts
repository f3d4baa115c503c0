/** Bombs for what reads text: the parser, filters that search, regular expressions, dates, YAML and JSON. */

import type { Attack } from './bomb.ts';
import { doubling, harmless, refused } from './bomb.ts';

const parsing = refused({
  'nested brackets': `{{ ${'['.repeat(5000)}1${']'.repeat(5000)} }}`,
  'nested parentheses': `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
  'nested dicts': `{{ ${'{1:'.repeat(5000)}1${'}'.repeat(5000)} }}`,
  'nested calls': `{{ ${'range('.repeat(5000)}1${')'.repeat(5000)} }}`,
  'nested subscripts': `{{ a${'[a'.repeat(5000)}${']'.repeat(5000)} }}`,
  'nested conditionals': `{{ ${'1 if 1 else '.repeat(5000)}1 }}`,
  'nested tags': `${'{% if true %}'.repeat(5000)}${'{% endif %}'.repeat(5000)}`,
  'nested loops': `${'{% for i in [1] %}'.repeat(5000)}${'{% endfor %}'.repeat(5000)}`,
  'nested macros': `${'{% macro m() %}'.repeat(5000)}${'{% endmacro %}'.repeat(5000)}`,
  'nested signs': `{{ ${'-'.repeat(20000)}1 }}`,
  'nested nots': `{{ ${'not '.repeat(20000)}1 }}`,
  'JSON nested deep': `{{ fromjson('[' * 100000 ~ ']' * 100000) ~ 'x' * 10 ** 9 }}`,
  'render of nested brackets': `{{ render('{{ ' ~ '[' * 5000 ~ ']' * 5000 ~ ' }}') }}`,
});

const parsed = harmless({
  'a long chain of attributes': `{{ d${'.a'.repeat(20000)} }}`,
  'a long chain of filters': `{{ 'x'${' | upper'.repeat(20000)} }}`,
  'a long chain of calls': `{{ d${'()'.repeat(20000)} }}`,
  'a long sum': `{{ 1${' + 1'.repeat(20000)} }}`,
  'a long disjunction': `{{ 0${' or 0'.repeat(20000)} }}`,
  'a long comparison': `{{ 1${' < 2'.repeat(20000)} }}`,
  'a long concatenation': `{{ 'a'${" ~ 'a'".repeat(20000)} }}`,
  'many elifs': `{% if 0 %}${'{% elif 0 %}x'.repeat(20000)}{% endif %}`,
  'many openers': '{{'.repeat(50000),
  'many broken tags': '{% if '.repeat(20000),
  'many comments that do not end': '{#'.repeat(50000),
  'many blanks': `{{${' '.repeat(200000)}1 }}`,
  'many quotes': `{{ ${"'".repeat(50001)} }}`,
  'many backslashes': `{{ '${'\\'.repeat(50001)} }}`,
  'many raw tags': '{% raw %}'.repeat(20000),
  'a long number': `{{ ${'9'.repeat(100000)} }}`,
  'a long number with marks': `{{ ${'1_'.repeat(50000)}1 }}`,
  'a long exponent': `{{ 1e${'9'.repeat(100000)} }}`,
  'a long name': `{{ ${'a'.repeat(200000)} }}`,
  'many macro parameters': `{% macro m(${Array.from({ length: 20000 }, (_, at) => `a${at}`).join(',')}) %}{% endmacro %}`,
  'many sets in ifs': '{% if 1 %}{% set a = 1 %}{% endif %}'.repeat(5000),
  'many sets in nested ifs': `${'{% if 1 %}{% set a = 1 %}'.repeat(60)}${'{% endif %}'.repeat(60)}`,
});

/** Text that makes careless patterns go back again and again. */
const filters = harmless({
  'striptags of openers': `{{ ('<' * 100000) | striptags | length }}`,
  'striptags of comments': `{{ ('<!--' * 50000) | striptags | length }}`,
  'striptags of blanks': `{{ ('a' ~ ' ' * 100000) | striptags | length }}`,
  'urlize of dots': `{{ ('a.' * 50000) | urlize | length }}`,
  'urlize of parentheses': `{{ ('http://a' ~ '(' * 50000) | urlize | length }}`,
  'urlize of closing ones': `{{ ('http://a' ~ ')' * 50000) | urlize | length }}`,
  'urlize of at signs': `{{ ('a@' * 50000) | urlize | length }}`,
  'urlize of a long address': `{{ ('www.' ~ 'a' * 100000) | urlize | length }}`,
  'urlize of punctuation': `{{ ('http://a' ~ '&gt;.,' * 20000) | urlize | length }}`,
  'wordwrap of one word': `{{ ('x' * 100000) | wordwrap(1) | length }}`,
  'wordwrap of blanks': `{{ (' ' * 100000) | wordwrap(3) | length }}`,
  'wordwrap of hyphens': `{{ ('-' * 100000) | wordwrap(3) | length }}`,
  'wordwrap of words and hyphens': `{{ ('a-' * 50000) | wordwrap(10) | length }}`,
  'title of a long text': `{{ ("a'" * 50000) | title | length }}`,
  'wordcount of a long text': `{{ ('a ' * 50000) | wordcount }}`,
  'truncate of a long text': `{{ ('a' * 1000000) | truncate(10) }}`,
  'truncate wide': `{{ 'a' | truncate(10 ** 9) }}`,
  'int of digits and marks': `{{ ('1_' * 50000) | int }}`,
  'float of digits': `{{ ('1' * 100000 ~ 'e') | float }}`,
  'strip of a long text': `{{ (' ' * 1000000 ~ 'a' ~ ' ' * 1000000) | trim }}`,
  'rsplit of blanks': `{{ (' ' * 100000).rsplit() | length }}`,
  'splitlines of breaks': `{{ ('\\r\\n' * 100000).splitlines() | length }}`,
  'escape of a long text': `{{ ('<' * 100000) | e | length }}`,
  'md5 of a long text': `{{ local_md5('x' * 10000000) }}`,
  'base of a long text': `{{ ('z' * 100000) | int(0, 36) | string | length }}`,
  'sort of many equals': `{{ ([1] * 100000) | sort | length }}`,
  'unique of many': `{{ range(100000) | unique | list | length }}`,
  'groupby of many': `{{ range(100000) | groupby('real') | list | length }}`,
  'sort by many paths': `{{ ([d] * 1000) | sort(attribute='a' ~ ',a' * 1000) | length }}`,
  'a long attribute path': `{{ [d] | map(attribute='a' ~ '.a' * 100000) | list | length }}`,
  'dictsort of many': `{{ dict(zip(range(100000) | map('string') | list, range(100000))) | dictsort | length }}`,
});

const patterns = harmless(
  Object.fromEntries(
    [
      `match('(a+)+$', 'a' * 40 ~ 'b')`,
      `match('(a*)*$', 'a' * 40 ~ 'b')`,
      `match('(a|aa)+$', 'a' * 60 ~ 'b')`,
      `match('(a|a?)+$', 'a' * 60 ~ 'b')`,
      `match('(.*a){25}', 'a' * 40)`,
      `match('((a+)+)+$', 'a' * 40 ~ 'b')`,
      `match('(x+x+)+y', 'x' * 60)`,
      `search('(.*),(.*),(.*),(.*),(.*)$', ',' * 200)`,
      `search('^(([a-z])+.)+[A-Z]([a-z])+$', 'a' * 60)`,
      `match('(a+)\\\\1+b', 'a' * 2000)`,
      `match('(a?){60}a{60}', 'a' * 60)`,
      `match('a{0,100000}b', 'a' * 100000)`,
      `match('(a{0,1000}){1000}b', 'a' * 1000)`,
      `compile('((((a{100}){100}){100}){100}){100}')`,
      `compile('a{1000000000}')`,
      `compile('(' * 10000)`,
      `compile('(' * 10000 ~ ')' * 10000)`,
      `compile('[' ~ 'a-z' * 100000 ~ ']')`,
      `compile('a|' * 100000)`,
      `compile('(?=' * 1000 ~ ')' * 1000)`,
      `search('(?=(a+)+$)', 'a' * 40 ~ 'b')`,
      `search('(?<=a)b', 'a' * 1000000)`,
      `search('(?<!(a))b', 'a' * 1000000)`,
      `search('(?i)(K+)+$', 'k' * 40 ~ 'b')`,
      `findall('', 'a' * 1000000) | length`,
      `findall('.*', 'a' * 1000000) | length`,
      `findall('(a*)*', 'a' * 10000) | length`,
      `split('', 'a' * 100000) | length`,
      `sub('a', 'b' * 100000, 'a' * 100000)`,
      `sub('', 'b' * 1000, 'a' * 1000000)`,
      `sub('(a)', '\\\\1' * 10000, 'a' * 100000)`,
      `fullmatch('(\\\\w+\\\\s?)+', 'word ' * 20 ~ '!')`,
      `search('\\\\s+$', ' ' * 100000 ~ 'x')`,
      `search('(a|b|ab)*c', 'ab' * 1000)`,
      `match('(?:(?:a?)?)?' * 100, 'a')`,
      `escape('.' * 1000000) | length`,
    ].map((call) => [`re.${call}`, `{{ modules.re.${call} }}`]),
  ),
);

const modules = harmless({
  'strftime of many fields': `{{ modules.datetime.datetime(2020, 1, 1).strftime('%Y' * 100000) | length }}`,
  'strftime of broken fields': `{{ modules.datetime.datetime(2020, 1, 1).strftime('%' * 100001) | length }}`,
  'strftime of a wide field': `{{ modules.datetime.datetime(2020, 1, 1).strftime('%1000000000Y') | length }}`,
  'strptime of many fields': `{{ modules.datetime.datetime.strptime('1' * 1000, '%d' * 1000) }}`,
  'strptime of blanks': `{{ modules.datetime.datetime.strptime(' ' * 100000, ' %d' * 1000) }}`,
  'a timedelta out of range': `{{ modules.datetime.timedelta(10 ** 18) }}`,
  'a timedelta times a lot': `{{ modules.datetime.timedelta(1) * 10 ** 30 }}`,
  'a date out of range': `{{ modules.datetime.date(10 ** 9, 1, 1) }}`,
  'a date far away': `{{ modules.datetime.date(9999, 12, 31) + modules.datetime.timedelta(1) }}`,
  'fromtimestamp of a lot': `{{ modules.datetime.datetime.fromtimestamp(10 ** 30) }}`,
  'a time zone by path': `{{ modules.pytz.timezone('../../../etc/passwd') }}`,
  'a time zone by absolute path': `{{ modules.pytz.timezone('/etc/localtime') }}`,
  'a time zone with a NUL': `{{ modules.pytz.timezone('UTC\\x00') }}`,
  'a time zone of a prototype': `{{ modules.pytz.timezone('constructor') }}`,
  'a long time zone': `{{ modules.pytz.timezone('a/' * 100000) }}`,
  'YAML laughs': `{% set y %}a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]
h: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]
i: &i [*h,*h,*h,*h,*h,*h,*h,*h,*h]{% endset %}{{ fromyaml(y) }}`,
  'YAML merges that laugh': `{% set y %}a: &a {x: 1}
b: &b {<<: [*a,*a,*a,*a,*a,*a,*a,*a,*a]}
c: {<<: [*b,*b,*b,*b,*b,*b,*b,*b,*b]}{% endset %}{{ fromyaml(y) }}`,
  'YAML that holds itself': `{% set y %}a: &a [*a]{% endset %}{{ fromyaml(y) }}`,
  'YAML nested deep': `{{ fromyaml('[' * 20000) }}`,
  'YAML nested by dashes': `{{ fromyaml('- ' * 20000) }}`,
  'YAML of one long key': `{{ fromyaml('a' * 1000000 ~ ': 1') | length }}`,
  'YAML of a long float': `{{ fromyaml('1' * 100000 ~ '.e') }}`,
  'YAML of many lines': `{{ fromyaml('a: 1\\n' * 20000) }}`,
  'YAML of what holds itself': `{% set a = [] %}{% do a.append(a) %}{{ toyaml(a) }}`,
  'YAML of doubling values': doubling(`[1]`, `[ns.v, ns.v]`, `{{ toyaml(ns.v) | length }}`),
  'JSON of one long text': `{{ fromjson('"' ~ 'a' * 1000000 ~ '"') | length }}`,
  'JSON of a broken text': `{{ fromjson('"' ~ '\\\\' * 100001) }}`,
  'JSON of a long number': `{{ fromjson('9' * 100000) }}`,
  'a log of a long text': `{{ log('x' * 10000000) }}`,
  'a print of a long text': `{{ print('x' * 10000000) }}`,
  'an error of a long text': `{{ exceptions.raise_compiler_error('x' * 10000000) }}`,
  'a warning of a long text': `{{ exceptions.warn('x' * 10000000) }}`,
  'the graph again and again': `{% for i in range(100000) %}{% set x = graph.nodes.values() | list %}{% endfor %}`,
  'a ref of a long name': `{{ ref('a' * 10000000) }}`,
});

export const readingBombs: readonly Attack[] = [...parsing, ...parsed, ...filters, ...patterns, ...modules];
