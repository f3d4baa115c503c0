/** One evaluator: host functions that answer with promises give the same text as those that answer at once, and interleave. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import type { MaybePromise } from '../../server/src/base/maybe-promise.ts';
import {
  CapturedText,
  Dict,
  bindMacro,
  hostFunction,
  originOf,
  parseMacroFile,
  parseTemplate,
  renderTemplate,
  returnFunction,
  str,
} from '../../server/src/jinja/index.ts';
import type { Context, MacroDefinition, Rendered, Value } from '../../server/src/jinja/index.ts';

const macros = `
{% macro statement(name, auto_begin=true) -%}
  {%- set sql = caller() -%}
  {%- do store(name, run(sql)) -%}
{%- endmacro %}
{% macro columns() %}{{ return(ask(['a', 'b', 'c'])) }}{% endmacro %}
{% macro listed(items) %}{% for item in items if ask(item) != 'b' %}{{ ask(item) }}{{ ',' if not loop.last }}{% endfor %}{% endmacro %}
{% macro default(a, b=ask(a) ~ '!') %}{{ a }}{{ b }}{% endmacro %}
`;

const texts = [
  `{{ ask(1) + ask(2) * ask(3) }} {{ [ask(1), {ask('k'): ask('v')}] }} {{ 1 < ask(2) < 3 }}`,
  `{{ ask(true) and ask('x') }} {{ ask(false) or ask('y') }} {{ not ask(0) }} {{ ask('a') if ask(1) else 2 }}`,
  `{% set x = ask('s') %}{{ x }}{% set a, b = ask([1, 2]) %}{{ a }}{{ b }}{% set t %}{{ ask('in') }}{% endset %}{{ t }}`,
  `{% if ask(false) %}no{% elif ask(true) %}yes{% endif %}{% for i in ask([1, 2, 3]) %}{% if ask(i) == 2 %}{% continue %}{% endif %}{{ loop.index }}{{ ask(i) }}{% else %}e{% endfor %}`,
  `{% for i in [] %}{% else %}{{ ask('else') }}{% endfor %}{% for i in [1, 2] %}{{ ask(i) }}{% break %}{% endfor %}`,
  `{% for i in [[1, [2]], 3] recursive %}{{ loop.last }}{% if i is iterable %}{{ loop(ask(i)) }}{% else %}{{ ask(i) }}{% endif %}{% endfor %}`,
  `{% call statement('main') %}select {{ ask(1) }}{% endcall %}{{ load('main') }}`,
  `{{ columns() | join('-') }} {{ listed(['a', 'b', 'c']) }} {{ default('d') }} {{ default(b=ask(2), a=1) }}`,
  `{% macro local(x) %}[{{ ask(x) }}{{ caller(ask(2)) }}]{% endmacro %}{% call(y) local(1) %}{{ y }}{{ ask('c') }}{% endcall %}`,
  `{% filter upper %}{{ ask('f') }}{% endfilter %}{% with a = ask(1), b = ask(2) %}{{ a }}{{ b }}{% endwith %}{% do ask(1) %}{{ ask('a,b').split(ask(',')) }}{{ ask({'k': 1}).k }}{{ ask([1, 2])[ask(1)] }}{{ ask('abc')[ask(1):] }}{{ ask('x') ~ ask('y') }}{{ -ask(1) }}{{ ask(' x ') | trim }}{{ ask(3) is odd }}`,
];

interface World {
  readonly context: Context;
  readonly ran: Value[];
}

function world(answer: (value: Value) => MaybePromise<Value>): World {
  const stored = new Dict();
  const ran: Value[] = [];
  const values = new Map<string, Value>([
    ['ask', hostFunction('ask', ({ positional: [value = null] }) => answer(value))],
    [
      'run',
      hostFunction('run', ({ positional: [sql = null] }) => {
        ran.push(sql);
        return answer(`ran ${str(sql)}`);
      }),
    ],
    [
      'store',
      hostFunction('store', ({ positional: [name = null, value = null] }) => {
        stored.set(name, value);
        return '';
      }),
    ],
    ['load', hostFunction('load', ({ positional: [name = null] }) => stored.get(name) ?? null)],
    ['return', returnFunction],
  ]);
  const context: Context = { get: (name) => values.get(name) };
  for (const definition of parseMacroFile(macros, 'macros.sql').definitions) {
    values.set(definition.fullName, bindMacro(definition, { context }));
  }
  return { context, ran };
}

function later(value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setImmediate(resolve, value);
  });
}

describe('a render that waits equals one that does not', () => {
  for (const text of texts) {
    test(text.slice(0, 70), async () => {
      const template = parseTemplate(text, 'model.sql', { dialect: 'jinja' });
      const now = renderTemplate(
        template,
        world((value) => value),
      );
      assert.ok(!isPromise(now), 'no wait without promises');
      const waited = renderTemplate(template, world(later));
      assert.ok(isPromise(waited));
      assert.equal((await waited).text, now.text);
    });
  }
});

test('renders of one template interleave without mixing', async () => {
  const template = parseTemplate(texts[3] ?? '', 'model.sql', { dialect: 'jinja' });
  const all = await Promise.all(
    Array.from({ length: 5 }, async () => renderTemplate(template, world(later))),
  );
  assert.equal(new Set(all.map(({ text }) => text)).size, 1);
});

test('a statement’s text leads back to the model', async () => {
  const { context, ran } = world(later);
  const text = `{% call statement('main') %}select {{ ask(1) }} from t{% endcall %}`;
  await renderTemplate(parseTemplate(text, 'model.sql'), { context });
  const [sql] = ran;
  assert.ok(sql instanceof CapturedText);
  const origin = originOf({ segments: sql.segments }, sql.text.indexOf('from'));
  assert.equal(origin?.source.path, 'model.sql');
  assert.equal(text.slice(origin.start, origin.start + 4), 'from');
});

test('a refusal while waiting has places', async () => {
  const { context } = world(async () => Promise.reject(new Error('refused')));
  const render = (): MaybePromise<Rendered> =>
    renderTemplate(parseTemplate(`{{ ask(1) }}`, 'model.sql'), { context });
  await assert.rejects(async () => render(), /refused/);
});

test('a macro is called from the engine', async () => {
  const [definition] = parseMacroFile(
    `{% macro m(a) %}[{{ ask(a) }}]{% endmacro %}`,
    'macros.sql',
  ).definitions;
  const macro = bindMacro(definition as MacroDefinition, world(later));
  const result = await macro.call?.({ positional: ['x'], keyword: new Map() });
  assert.equal(str(result ?? null), '[x]');
});
