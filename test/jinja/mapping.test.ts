/** Where each character of a rendered text came from, and where each of a template's went: through all that Jinja does with text on the way. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TemplateError, originOf, renderedRanges } from '../../server/src/jinja/index.ts';
import type { OriginPlace, Rendered } from '../../server/src/jinja/index.ts';
import { countSegments, newCount } from '../../scripts/jinja/segment-law.ts';
import { renderModel } from './support.ts';

const macros = `{% macro cents(column) %}round({{ column }} / 100){% endmacro %}
{% macro outer(column) %}[{{ cents(column) }}]{% endmacro %}
{% macro wrap() %}({{ caller() }}){% endmacro %}
{% macro twice() %}{{ caller('a') }} {{ caller('b') }}{% endmacro %}
{% macro given() %}{% set t %}from given{% endset %}{{ return(t) }}{% endmacro %}
{% macro joined() %}{{ return(['x', cents('y')]) }}{% endmacro %}
{% macro fails(x) %}ok {{ 1 // x }}{% endmacro %}
{% macro calls_fails() %}
  {{ fails(0) }}
{% endmacro %}
`;

interface Case {
  readonly name: string;
  readonly model: string;
  readonly text: string;
  /** A word of the rendered text, and the ways it went: what stood in each template, innermost first. */
  readonly word: string;
  readonly way: readonly string[];
}

/** The way from a word to the model: \`path: text of the place\`. */
const cases: readonly Case[] = [
  {
    name: 'the model’s own text',
    model: `select {{ 1 }} from orders`,
    text: 'select 1 from orders',
    word: 'orders',
    way: ['model.sql: orders'],
  },
  {
    name: 'a macro’s text',
    model: `select {{ cents('a') }}`,
    text: 'select round(a / 100)',
    word: 'round',
    way: ['macros.sql: round', "model.sql: {{ cents('a') }}"],
  },
  {
    name: 'a macro within a macro',
    model: `select {{ outer('a') }}`,
    text: 'select [round(a / 100)]',
    word: '100',
    way: ['macros.sql: 100', 'macros.sql: {{ cents(column) }}', "model.sql: {{ outer('a') }}"],
  },
  {
    name: 'an argument that a macro prints',
    model: `select {{ cents('total') }}`,
    text: 'select round(total / 100)',
    word: 'total',
    way: ['macros.sql: {{ column }}', "model.sql: {{ cents('total') }}"],
  },
  {
    name: 'a set block',
    model: `{% set a %}from here{% endset %}select {{ a }}`,
    text: 'select from here',
    word: 'here',
    way: ['model.sql: here', 'model.sql: {{ a }}'],
  },
  {
    name: 'the body of a call block',
    model: `{% call wrap() %}inside{% endcall %}`,
    text: '(inside)',
    word: 'inside',
    way: [
      'model.sql: inside',
      'macros.sql: {{ caller() }}',
      'model.sql: {% call wrap() %}inside{% endcall %}',
    ],
  },
  {
    name: 'a caller with arguments',
    model: `{% call(x) twice() %}<{{ x }}>{% endcall %}`,
    text: '<a> <b>',
    word: 'b',
    way: [
      'model.sql: {{ x }}',
      "macros.sql: {{ caller('b') }}",
      'model.sql: {% call(x) twice() %}<{{ x }}>{% endcall %}',
    ],
  },
  {
    name: 'a returned text',
    model: `select {{ given() }}`,
    text: 'select from given',
    word: 'given',
    way: ['macros.sql: given', 'model.sql: {{ given() }}'],
  },
  {
    name: 'a returned list that the model joins',
    model: `select {{ joined() | join(', ') }}`,
    text: 'select x, round(y / 100)',
    word: '100',
    way: ['macros.sql: 100', "model.sql: {{ joined() | join(', ') }}"],
  },
  {
    name: 'a concatenation',
    model: `select {{ 'a, ' ~ cents('b') ~ ' as c' }}`,
    text: 'select a, round(b / 100) as c',
    word: '100',
    way: ['macros.sql: 100', "model.sql: {{ 'a, ' ~ cents('b') ~ ' as c' }}"],
  },
  {
    name: 'the text that a concatenation adds',
    model: `select {{ 'alpha, ' ~ cents('b') }}`,
    text: 'select alpha, round(b / 100)',
    word: 'alpha',
    way: ["model.sql: {{ 'alpha, ' ~ cents('b') }}"],
  },
  {
    name: 'a sum of texts',
    model: `select {{ cents('a') + cents('b') }}`,
    text: 'select round(a / 100)round(b / 100)',
    word: '100)r',
    way: ['macros.sql: 100)', "model.sql: {{ cents('a') + cents('b') }}"],
  },
  {
    name: 'a trimmed text',
    model: `{% set a %}   from here   {% endset %}{{ a | trim }}.`,
    text: 'from here.',
    word: 'here',
    way: ['model.sql: here', 'model.sql: {{ a | trim }}'],
  },
  {
    name: 'a stripped text',
    model: `{% set a %}   from here   {% endset %}{{ a.strip() }}.`,
    text: 'from here.',
    word: 'here',
    way: ['model.sql: here', 'model.sql: {{ a.strip() }}'],
  },
  {
    name: 'a slice',
    model: `{% set a %}xx from here{% endset %}{{ a[3:] }}`,
    text: 'from here',
    word: 'here',
    way: ['model.sql: here', 'model.sql: {{ a[3:] }}'],
  },
  {
    name: 'a text that a filter makes anew',
    model: `{% set a %}from here{% endset %}{{ a | upper }}`,
    text: 'FROM HERE',
    word: 'HERE',
    way: ['model.sql: {{ a | upper }}'],
  },
  {
    name: 'a namespace',
    model: `{% set ns = namespace(sql='') %}{% for i in [1, 2] %}{% set ns.sql = ns.sql ~ cents('c' ~ i) %}{% endfor %}{{ ns.sql }}`,
    text: 'round(c1 / 100)round(c2 / 100)',
    word: '100)r',
    way: ['macros.sql: 100)', 'model.sql: {{ ns.sql }}'],
  },
  {
    name: 'a loop',
    model: `{% for c in ['a', 'b'] %}{{ c }} as x{{ ', ' if not loop.last }}{% endfor %}`,
    text: 'a as x, b as x',
    word: ', ',
    way: ["model.sql: {{ ', ' if not loop.last }}"],
  },
  {
    name: 'a filter block that keeps the text',
    model: `{% filter trim %}  from here  {% endfilter %}`,
    text: 'from here',
    word: 'here',
    way: ['model.sql: here', 'model.sql: {% filter trim %}  from here  {% endfilter %}'],
  },
  {
    name: 'a macro of the model itself',
    model: `{% macro own(x) %}own {{ x }}{% endmacro %}{{ dbt_macro__own('1') }}`,
    text: 'own 1',
    word: 'own',
    way: ['model.sql: own', "model.sql: {{ dbt_macro__own('1') }}"],
  },
];

function wayOf(rendered: Rendered, offset: number, length: number): string[] {
  const origin = originOf(rendered.mapping, offset);
  assert.ok(origin, 'the word has an origin');
  return [origin, ...origin.sites].map(({ source, kind, start, end }: OriginPlace) => {
    // A literal's place is one offset: as much text as the word has stands there.
    const stop = kind === 'literal' ? Math.min(start + length, source.text.length) : end;
    return `${source.path}: ${source.text.slice(start, stop)}`;
  });
}

describe('a character leads back', () => {
  for (const { name, model, text, word, way } of cases) {
    test(`through ${name}`, () => {
      const rendered = renderModel(model, macros);
      assert.equal(rendered.text, text);
      const [innermost = ''] = way;
      const found = wayOf(rendered, text.indexOf(word), innermost.length - innermost.indexOf(': ') - 2);
      assert.deepEqual(found, way);
    });
  }
});

describe('every character has an origin, every literal segment is its source', () => {
  for (const { name, model } of cases) {
    test(name, () => {
      const { text, mapping } = renderModel(model, macros);
      const count = newCount();
      countSegments(text, mapping, count);
      assert.deepEqual(count.faults, []);
      assert.deepEqual(count.generated, []);
      for (let offset = 0; offset <= text.length; offset++) assert.ok(originOf(mapping, offset));
    });
  }
});

describe('a template’s offset leads to what it wrote', () => {
  const forward = (model: string, word: string, path = 'model.sql', source = model): string[] => {
    const { text, mapping } = renderModel(model, macros);
    return renderedRanges(mapping, path, source.indexOf(word)).map(({ start, end, kind }) =>
      kind === 'literal' ? text.slice(start, start + word.length) : `(${text.slice(start, end)})`,
    );
  };

  test('once for each turn of a loop', () => {
    assert.deepEqual(forward(`{% for i in [1, 2, 3] %}again {% endfor %}`, 'again'), [
      'again',
      'again',
      'again',
    ]);
  });
  test('through a set block that is printed twice', () => {
    assert.deepEqual(forward(`{% set a %}kept{% endset %}{{ a }} {{ a }}`, 'kept'), ['kept', 'kept']);
  });
  test('nowhere, when a branch was not taken', () => {
    assert.deepEqual(forward(`{% if false %}never{% endif %}`, 'never'), []);
  });
  test('through a trimmed text, and not where it was cut off', () => {
    assert.deepEqual(forward(`{% set a %}  in {% endset %}{{ a | trim }}`, 'in'), ['in']);
    assert.deepEqual(forward(`{% set a %}  in  {% endset %}{{ a[:1] }}`, 'in'), []);
  });
  test('an expression’s offset to all that it printed', () => {
    assert.deepEqual(forward(`a {{ cents('b') }} c`, "'b'"), ['(round(b / 100))']);
  });
  test('a macro’s text to each of its calls', () => {
    assert.deepEqual(forward(`{{ cents('a') }}, {{ outer('b') }}`, 'round', 'macros.sql', macros), [
      'round',
      'round',
    ]);
  });
});

describe('what may cross', () => {
  test('a model’s own text: everything', () => {
    const { mapping } = renderModel('select 1 {{ 2 }}');
    assert.deepEqual(originOf(mapping, 0)?.crossing, {
      diagnostic: true,
      hover: true,
      rename: true,
      completion: true,
    });
  });
  test('what an expression printed: a diagnostic alone, since renaming it would change the expression', () => {
    const { text, mapping } = renderModel(`select {{ 'a' ~ 'b' }}`);
    assert.deepEqual(originOf(mapping, text.indexOf('ab'))?.crossing, {
      diagnostic: true,
      hover: false,
      rename: false,
      completion: false,
    });
  });
  test('a text that a filter made anew has no exact place, so nothing is renamed there', () => {
    const { mapping } = renderModel(`{% set a %}name{% endset %}{{ a | upper }}`);
    assert.equal(originOf(mapping, 1)?.crossing.rename, false);
  });
});

test('an error in a macro that a macro calls leads to all three lines', () => {
  const model = `select 1,\n  {{ calls_fails() }}`;
  assert.throws(
    () => renderModel(model, macros),
    (error) => {
      assert.ok(error instanceof TemplateError);
      assert.equal(error.message, 'integer division or modulo by zero');
      const places = error.frames.map(({ path, text, macro, start, end }) => {
        const line = text.slice(0, start).split('\n').length;
        return `${path}:${line} ${macro ?? '-'} ${text.slice(start, end)}`;
      });
      assert.deepEqual(places, [
        'macros.sql:7 fails 1 // x',
        'macros.sql:9 calls_fails fails(0)',
        'model.sql:2 - calls_fails()',
      ]);
      return true;
    },
  );
});
