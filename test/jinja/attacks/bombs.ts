/** Templates that try to use up time or memory. Each is refused or comes to its end within its bound, in a heap of half a gigabyte. */

import type { Attack } from './bomb.ts';
import { doubling, refused } from './bomb.ts';
import { readingBombs } from './reading-bombs.ts';

/** A macro file's macros for the recursion attacks below. */
export const attackMacros = `
{% macro forever(n) %}{{ forever(n + 1) }}{% endmacro %}
{% macro ping() %}{{ pong() }}{% endmacro %}
{% macro pong() %}{{ ping() }}{% endmacro %}
{% macro returning() %}{{ return(returning()) }}{% endmacro %}
{% macro through_context() %}{{ context['through_context']() }}{% endmacro %}
{% macro through_dispatch() %}{{ adapter.dispatch('through_dispatch')() }}{% endmacro %}
{% macro default__through_dispatch() %}{{ through_dispatch() }}{% endmacro %}
{% macro calls_caller() %}{{ caller() }}{{ caller() }}{% endmacro %}
{% macro by_caller() %}{% call by_caller() %}{{ caller() if caller }}{% endcall %}{% endmacro %}
{% macro key_of(x) %}{{ return([x, x]|sort) }}{% endmacro %}
{% macro spin(x) %}{% for i in range(100000) %}{% endfor %}{{ return(x) }}{% endmacro %}
{% macro sort_again(x) %}{% set l = [1, 2] %}{% do l.sort(key=sort_again) %}{{ return(1) }}{% endmacro %}
{% macro wide(n) %}{% if n > 0 %}{{ wide(n - 1) }}{{ wide(n - 1) }}{% endif %}{% endmacro %}
`;

const loops = refused({
  'a loop over the list that it feeds': `{% set l = [1] %}{% for i in l %}{% do l.append(i) %}{% endfor %}`,
  'loops in loops': `{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}`,
  'a filtered loop that finds nothing': `{% for a in range(100000) %}{% for b in range(100000) if b < 0 %}{% endfor %}{% endfor %}`,
  'a recursive loop over itself': `{% set l = [] %}{% do l.append(l) %}{% for i in l recursive %}{{ loop(i) }}{% endfor %}`,
  'a recursive loop that calls itself twice': `{% set l = [1, 2] %}{% for i in l recursive %}{{ loop(l) }}{{ loop(l) }}{% endfor %}`,
  'a loop over count()': `{% for i in modules.itertools.count() %}{% endfor %}`,
  'a loop over cycle()': `{% for i in modules.itertools.cycle([1]) %}{% endfor %}`,
  'a loop over repeat()': `{% for i in modules.itertools.repeat(1) %}{% endfor %}`,
  'loop.length of an endless iterator': `{% for i in modules.itertools.count() %}{{ loop.length }}{% endfor %}`,
  'loop.revindex of an endless iterator': `{% for i in modules.itertools.count() %}{{ loop.revindex }}{% endfor %}`,
  'a loop over a product that is endless in effect': `{% for p in modules.itertools.product(range(1000), repeat=20) %}{% endfor %}`,
  'a loop over all permutations': `{% for p in modules.itertools.permutations(range(30)) %}{% endfor %}`,
  'a loop over wide combinations': `{% for p in modules.itertools.combinations(range(100000), 50000) %}{% endfor %}`,
  'loop over a chain of itself': `{% for i in modules.itertools.chain.from_iterable(modules.itertools.repeat([1])) %}{% endfor %}`,
  'a write without end': `{% for a in range(100000) %}{{ 'x' * 10000 }}{% endfor %}`,
  'captured text without end': `{% for a in range(100000) %}{% set t %}{{ 'x' * 10000 }}{% endset %}{% endfor %}`,
  'calls of a cycler without end': `{% set c = cycler(1, 2) %}{% for a in range(100000) %}{% for b in range(100000) %}{{ c.next() }}{% endfor %}{% endfor %}`,
});

const recursion = refused({
  'a macro calls itself': `{{ forever(0) }}`,
  'two macros call each other': `{{ ping() }}`,
  'recursion in return': `{{ returning() }}`,
  'recursion through context': `{{ through_context() }}`,
  'recursion through dispatch': `{{ through_dispatch() }}`,
  'recursion through caller': `{% call by_caller() %}{% endcall %}`,
  'recursion through a sort key': `{{ sort_again(1) }}`,
  'a tree of calls': `{{ wide(100) }}`,
  'a namespace that holds its macro': `{% set ns = namespace() %}{% macro m() %}{{ ns.m() }}{% endmacro %}{% set ns.m = dbt_macro__m %}{{ dbt_macro__m() }}`,
  'slow macros as sort keys': `{% set l = range(100000) | list %}{% do l.sort(key=spin) %}`,
  'render within render': `{% for a in range(100000) %}{{ render('{{ "x" * 50000000 }}') }}{% endfor %}`,
});

const memory = refused({
  'doubling text': doubling(`'xxxxxxxxxx'`, `ns.v ~ ns.v`, `{{ ns.v }}`),
  'doubling text by plus': doubling(`'xxxxxxxxxx'`, `ns.v + ns.v`, `{{ ns.v }}`),
  'doubling text by join': doubling(`'xxxxxxxxxx'`, `[ns.v, ns.v] | join`, `{{ ns.v }}`),
  'doubling text by format': doubling(`'xxxxxxxxxx'`, `'%s%s' | format(ns.v, ns.v)`, `{{ ns.v }}`),
  'doubling text by str.format': doubling(`'xxxxxxxxxx'`, `'{0}{0}'.format(ns.v)`, `{{ ns.v }}`),
  'doubling text by replace': doubling(`'xxxxxxxxxx'`, `ns.v.replace('x', 'xx')`, `{{ ns.v }}`),
  'doubling text by the filter replace': doubling(`'xxxxxxxxxx'`, `ns.v | replace('x', 'xx')`, `{{ ns.v }}`),
  'doubling text by re.sub': doubling(`'xxxxxxxxxx'`, `modules.re.sub('x', 'xx', ns.v)`, `{{ ns.v }}`),
  'doubling text by a template of re': doubling(
    `'xxxxxxxxxx'`,
    `modules.re.sub('.+', '\\\\g<0>\\\\g<0>', ns.v)`,
    `{{ ns.v }}`,
  ),
  'doubling text by escaping': doubling(
    `'&'`,
    `(ns.v | string) | forceescape`,
    `{% for i in range(100000) %}{{ ns.v * 1000 }}{% endfor %}`,
  ),
  'doubling set blocks': `{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set t %}{{ ns.s }}{{ ns.s }}{% endset %}{% set ns.s = t %}{% endfor %}`,
  'doubling filter blocks': `{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set t %}{% filter upper %}{{ ns.s }}{{ ns.s }}{% endfilter %}{% endset %}{% set ns.s = t %}{% endfor %}`,
  'doubling by caller': `{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set t %}{% call calls_caller() %}{{ ns.s }}{% endcall %}{% endset %}{% set ns.s = t %}{% endfor %}`,
  'doubling lists by plus': doubling(`[1]`, `ns.v + ns.v`, ``),
  'doubling lists by times': doubling(`[1]`, `ns.v * 2`, ``),
  'doubling tuples': doubling(`(1,)`, `ns.v + ns.v`, ``),
  'a list extended by itself': `{% set l = [1] %}{% for i in range(60) %}{% do l.extend(l) %}{% endfor %}`,
  'a dict that grows by its turns': `{% set d = {} %}{% for a in range(100000) %}{% for b in range(1000) %}{% do d.update({(a, b): 1}) %}{% endfor %}{% endfor %}`,
  'a set that grows by its turns': `{% set l = [] %}{% for a in range(100000) %}{% do l.append(set(range(100000))) %}{% endfor %}`,
  'many lists kept': `{% set l = [] %}{% for a in range(100000) %}{% do l.append([1] * 10000) %}{% endfor %}`,
  'many dicts kept': `{% set l = [] %}{% for a in range(100000) %}{% for b in range(1000) %}{% do l.append({}) %}{% endfor %}{% endfor %}`,
  'many texts kept': `{% set l = [] %}{% for a in range(100000) %}{% do l.append('x' * 100000) %}{% endfor %}`,
  'many namespaces kept': `{% set l = [] %}{% for a in range(100000) %}{% for b in range(1000) %}{% do l.append(namespace(a=a)) %}{% endfor %}{% endfor %}`,
  'many copies kept': `{% set big = range(100000) | list %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(big.copy()) %}{% endfor %}`,
  'many slices kept': `{% set big = range(100000) | list %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(big[:]) %}{% endfor %}`,
  'many filtered lists kept': `{% set big = range(100000) | list %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(big | list) %}{% endfor %}`,
  'many sorted lists kept': `{% set big = range(100000) | list %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(big | sort) %}{% endfor %}`,
  'many split lists kept': `{% set big = 'a ' * 100000 %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(big.split()) %}{% endfor %}`,
  'many parsed values kept': `{% set big = '[' ~ ('1,' * 100000) ~ '1]' %}{% set l = [] %}{% for a in range(100000) %}{% do l.append(fromjson(big)) %}{% endfor %}`,
  'an endless list': `{{ modules.itertools.count() | list }}`,
  'an endless set': `{{ set(modules.itertools.count()) }}`,
  'an endless join': `{{ modules.itertools.repeat('x') | join }}`,
  'an endless str.join': `{{ ''.join(modules.itertools.repeat('x')) }}`,
  'an endless sum': `{{ modules.itertools.count() | sum }}`,
  'an endless max': `{{ modules.itertools.count() | max }}`,
  'an endless sort': `{{ modules.itertools.count() | sort }}`,
  'an endless unique': `{{ modules.itertools.cycle([1]) | unique | list }}`,
  'an endless reverse': `{{ modules.itertools.count() | reverse }}`,
  'an endless map': `{{ modules.itertools.count() | map('string') | list }}`,
  'an endless select': `{{ modules.itertools.count() | select('lt', 0) | list }}`,
  'an endless reject': `{{ modules.itertools.count() | reject('ge', 0) | list }}`,
  'an endless batch': `{{ modules.itertools.count() | batch(2) | list }}`,
  'an endless slice': `{{ modules.itertools.count() | slice(2) | list }}`,
  'an endless groupby': `{{ modules.itertools.count() | groupby('x') }}`,
  'an endless zip': `{{ zip(modules.itertools.count(), modules.itertools.count()) | list }}`,
  'an endless zip_longest': `{{ modules.itertools.zip_longest([1], modules.itertools.count()) | list }}`,
  'an endless extend': `{% set l = [] %}{% do l.extend(modules.itertools.count()) %}`,
  'an endless update': `{% set d = {} %}{% do d.update(modules.itertools.repeat((1, 2))) %}`,
  'an endless search': `{{ -1 in modules.itertools.count() }}`,
  'an endless unpacking': `{{ [1].append(*modules.itertools.count()) }}`,
  'an endless accumulate': `{{ modules.itertools.accumulate(modules.itertools.count()) | list }}`,
  'an endless compress': `{{ modules.itertools.compress(modules.itertools.count(), modules.itertools.repeat(0)) | list }}`,
  'an endless chain': `{{ modules.itertools.chain(modules.itertools.count()) | list }}`,
  'an endless islice': `{{ modules.itertools.islice(modules.itertools.count(), 10 ** 15, none) | list }}`,
  'an endless starmap': `{{ modules.itertools.starmap(range, modules.itertools.repeat((1,))) | list }}`,
  'an endless tee': `{{ modules.itertools.tee(modules.itertools.count(), 3)[0] | list }}`,
  'a tee of a million': `{{ modules.itertools.tee([1], 10 ** 9) }}`,
  'combinations of an endless iterator': `{{ modules.itertools.combinations(modules.itertools.count(), 2) | list }}`,
  'all combinations at once': `{{ modules.itertools.combinations(range(60), 30) | list }}`,
  'combinations with replacement': `{{ modules.itertools.combinations_with_replacement(range(100), 50) | list }}`,
  'a product repeated often': `{{ modules.itertools.product([1], repeat=10 ** 9) | list }}`,
  'a product of everything': `{{ modules.itertools.product(range(10000), range(10000), range(10000)) | list }}`,
});

const texts = refused({
  'a wide range': `{{ range(10000000) | list }}`,
  'a range of a huge int': `{{ range(10 ** 30) }}`,
  'a long text': `{{ 'x' * 1000000000 }}`,
  'a text times a huge int': `{{ 'x' * (10 ** 30) }}`,
  'a long list': `{{ [1] * 1000000000 }}`,
  'a list times a huge int': `{{ [1] * (10 ** 30) }}`,
  'a long tuple': `{{ (1,) * 1000000000 }}`,
  ljust: `{{ 'x'.ljust(1000000000) }}`,
  rjust: `{{ 'x'.rjust(1000000000) }}`,
  'center by method': `{{ 'x'.center(1000000000) }}`,
  'center by filter': `{{ 'x' | center(1000000000) }}`,
  zfill: `{{ '1'.zfill(1000000000) }}`,
  expandtabs: `{{ '\\t'.expandtabs(1000000000) }}`,
  'indent by width': `{{ 'a\\nb' | indent(1000000000) }}`,
  'indent by text': `{{ ('a\\n' * 100000) | indent('x' * 100000) }}`,
  replace: `{{ ('x' * 100000).replace('x', 'y' * 100000) }}`,
  'replace of nothing': `{{ ('x' * 1000000).replace('', 'y' * 100000) }}`,
  'the filter replace': `{{ ('x' * 100000) | replace('x', 'y' * 100000) }}`,
  join: `{{ ('y' * 100000).join(['a'] * 10000) }}`,
  'the filter join': `{{ (['a'] * 100000) | join('y' * 100000) }}`,
  translate: `{{ ('x' * 100000).translate({120: 'y' * 100000}) }}`,
  'percent width': `{{ '%1000000000d' % 1 }}`,
  'percent width by star': `{{ '%*d' % (1000000000, 1) }}`,
  'percent precision': `{{ '%.1000000000f' % 1.0 }}`,
  'percent precision by star': `{{ '%.*f' % (1000000000, 1.0) }}`,
  'percent text width': `{{ '%1000000000s' % 'x' }}`,
  'the filter format': `{{ '%1000000000d' | format(1) }}`,
  'format width': `{{ '{:1000000000}'.format(1) }}`,
  'format width within width': `{{ '{:{}}'.format(1, 1000000000) }}`,
  'format precision': `{{ '{:.1000000000f}'.format(1.0) }}`,
  'format precision of a text': `{{ '{:x>1000000000.1}'.format('x') }}`,
  'format of format': `{{ '{:{:{:{}}}}'.format(1, 2, 3, 4) }}`,
  'format_map width': `{{ '{a:1000000000}'.format_map({'a': 1}) }}`,
  'many format fields': `{{ ('{0:1000000}' * 1000).format(1) }}`,
  wordwrap: `{{ ('x' * 1000000) | wordwrap(1, true, 'y' * 100000) }}`,
  xmlattr: doubling(`{'a': 'x' * 1000}`, `{'a': (ns.v | xmlattr) * 10}`, ``),
  urlize: doubling(`'http://a.b/' ~ 'x' * 100`, `ns.v | urlize ~ ' ' ~ ns.v`, ``),
  'a slice in many parts': `{{ [1] | slice(10 ** 9) | list }}`,
  'a batch filled wide': `{{ [1] | batch(10 ** 9, 0) | list }}`,
  'pprint of doubling': doubling(`[1]`, `[ns.v, ns.v]`, `{{ ns.v | pprint }}`),
  'repr of doubling': doubling(`[1]`, `[ns.v, ns.v]`, `{{ ns.v }}`),
  'repr of doubling dicts': doubling(`{}`, `{'a': ns.v, 'b': ns.v}`, `{{ ns.v }}`),
  'repr of nothing doubled': doubling(`[]`, `[ns.v, ns.v]`, `{{ ns.v }}`),
  'JSON of doubling': doubling(`[1]`, `[ns.v, ns.v]`, `{{ tojson(ns.v) }}`),
  'the filter tojson of doubling': doubling(`[1]`, `[ns.v, ns.v]`, `{{ ns.v | tojson }}`),
  'JSON of nothing doubled': doubling(`[]`, `[ns.v, ns.v]`, `{{ tojson(ns.v) }}`),
  'JSON indented wide': `{{ [[1]] | tojson(indent=1000000000) }}`,
  'YAML of doubling': doubling(`[1]`, `[ns.v, ns.v]`, `{{ toyaml(ns.v, default=1) ~ 'x' * 10 ** 9 }}`),
  'equality of doubling': `{% set a = namespace(v=[1]) %}{% set b = namespace(v=[1]) %}{% for i in range(60) %}{% set a.v = [a.v, a.v] %}{% set b.v = [b.v, b.v] %}{% endfor %}{{ a.v == b.v }}`,
  'order of doubling': `{% set a = namespace(v=[1]) %}{% set b = namespace(v=[1]) %}{% for i in range(60) %}{% set a.v = [a.v, a.v] %}{% set b.v = [b.v, b.v] %}{% endfor %}{{ a.v < b.v }}`,
  'membership of doubling': `{% set a = namespace(v=[1]) %}{% set b = namespace(v=[1]) %}{% for i in range(60) %}{% set a.v = [a.v, a.v] %}{% set b.v = [b.v, b.v] %}{% endfor %}{{ a.v in [b.v] }}`,
  'hash of doubling': doubling(`(1,)`, `(ns.v, ns.v)`, `{{ {ns.v: 1} }}`),
  'unique of doubling': doubling(`(1,)`, `(ns.v, ns.v)`, `{{ [ns.v] | unique | list }}`),
  'sort of doubling': `{% set a = namespace(v=[1]) %}{% set b = namespace(v=[1]) %}{% for i in range(60) %}{% set a.v = [a.v, a.v] %}{% set b.v = [b.v, b.v] %}{% endfor %}{{ [a.v, b.v] | sort }}`,
  'equality of two that hold themselves': `{% set a = [] %}{% do a.append(a) %}{% set b = [] %}{% do b.append(b) %}{{ a == b }}`,
  'JSON of what holds itself': `{% set a = [] %}{% do a.append(a) %}{{ a | tojson }}`,
  'JSON of a dict in itself': `{% set d = {} %}{% do d.update({'d': d}) %}{{ tojson(d) ~ 'x' * 10 ** 9 }}`,
});

const numbers = refused({
  'a large power': `{{ 10 ** 100000000 }}`,
  'a power of a power': `{{ 9 ** (9 ** (9 ** 9)) }}`,
  'pow of a negative': `{{ (-3) ** 100000001 }}`,
  'a large product': `{% set ns = namespace(x=7) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}`,
  'the text of a large int': `{{ (10 ** 100000) | string }}`,
  'a large int read': `{{ ('9' * 1000000) | int ~ 'x' * 10 ** 9 }}`,
  'a large int in format': `{{ '%d' % (10 ** 100000) }}`,
  'a large float': `{{ 10.0 ** 1000 }}`,
  'large powers again and again': `{% for i in range(100000) %}{% set x = 3 ** 500000 %}{% endfor %}`,
  'round to many digits': `{{ 'x' * (1.5 | round(10 ** 9)) }}`,
});

export const bombs: readonly Attack[] = [
  ...loops,
  ...recursion,
  ...memory,
  ...texts,
  ...numbers,
  ...readingBombs,
  {
    name: 'a list that holds itself is printed',
    template: `{% set l = [1] %}{% do l.append(l) %}{{ l }}`,
    ends: { text: '[1, [...]]' },
  },
  {
    name: 'a dict that holds itself is printed',
    template: `{% set d = {} %}{% do d.update({'d': d}) %}{{ d }}`,
    ends: { text: "{'d': {...}}" },
  },
  {
    name: 'YAML that would make an object by a call makes nothing',
    template: `{{ fromyaml("!!python/object/apply:os.system ['id']") }}{{ fromyaml("a: !!python/name:os.system", 'no') }}`,
    ends: { text: 'Noneno' },
  },
  {
    name: 'a list is extended by itself once',
    template: `{% set l = [1, 2] %}{% do l.extend(l) %}{{ l }}`,
    ends: { text: '[1, 2, 1, 2]' },
  },
  {
    name: 'a dict is updated by itself',
    template: `{% set d = {'a': 1} %}{% do d.update(d) %}{{ d }}`,
    ends: { text: "{'a': 1}" },
  },
];
