/** Templates for the laws: of the Markdown cases, and some that use every tag. */

import { readFileSync, readdirSync } from 'node:fs';
import { parseCases } from '../support/cases.ts';

const folder = new URL('../cases/jinja/', import.meta.url);

const own = [
  `{{ config(materialized='incremental', unique_key=['a', "b"]) }}\r\nselect *\r\nfrom {{ ref('x') }}\r\n`,
  `{%- set q -%}\n  select 1\n{%- endset -%}\n{% for r in [1, 2] -%}\n  {{ q | trim }}{{ ", " if not loop.last }}\n{%- endfor %}`,
  `{% raw %}{{ not jinja }}{% endraw %}{# note #}{% if true %}a{% elif false %}b{% else %}c{% endif %}`,
  `{% macro m(a, b=[1, {'x': (2, 3)}]) %}{{ a }}{{ b[0]['x'].y }}{{ caller() if caller }}{% endmacro %}{% call m(1) %}t{% endcall %}`,
  `{% filter upper %}x{% endfilter %}{% with a=1 %}{{ a }}{% endwith %}{% do [].append(1) %}{% print 1, 2 %}`,
  `{{ "é✓😀" ~ 'x' }} é✓😀 {{ not a is defined and b in c[1:2] }} {{ x if y else z|default('w', true) }}`,
];

export function templates(): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => parseCases(readFileSync(new URL(name, folder), 'utf8')))
    .flatMap(({ input, shared }) => [input, ...shared.filter(({ name }) => name.startsWith('sql'))])
    .map((block) => block.text);
  return [...new Set([...own, ...texts])];
}
