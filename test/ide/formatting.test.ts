/** Formatting a model changes its lines and nothing that it says. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextEdit } from '../../server/src/ide/answers.ts';
import { formatDocument, formatRange } from '../../server/src/ide/formatting/format.ts';
import { DEFAULT_STYLE, type FormattingStyle } from '../../server/src/ide/formatting/style.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { fileSet } from '../../server/src/project/files.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';

const PATH = 'models/model.sql';

async function snapshotOf(text: string): Promise<Snapshot> {
  const { project } = loadProject({
    files: fileSet([
      ['dbt_project.yml', 'name: fixture\nvars: {day: 1}\n'],
      ['models/orders.sql', 'select 1 as order_id, 2 as amount'],
      [PATH, text],
    ]),
    library: macroLibrary(),
    settings: fixtureSettings(),
  });
  assert.ok(project);
  return { project, catalog: emptyCatalog, parser: await loadSqlParser() };
}

function applied(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { range, text: replacement } of edits) {
    result += text.slice(at, range.start) + replacement;
    at = range.end;
  }
  return result + text.slice(at);
}

/** The formatted text, or `refused: ` and the reason. */
async function format(text: string, style: Partial<FormattingStyle> = {}): Promise<string> {
  const result = await formatDocument(await snapshotOf(text), PATH, { ...DEFAULT_STYLE, ...style });
  return result.kind === 'refused' ? `refused: ${result.reason}` : applied(text, result.edits);
}

/** Without the lines that a template literal's ends leave, and without the indentation that all lines share. */
function dedent(text: string): string {
  const lines = text.replace(/^\n/u, '').replace(/\n *$/u, '').split('\n');
  const shared = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/u)));
  return lines.map((line) => `${line.slice(shared)}\n`).join('');
}

interface Case {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly style?: Partial<FormattingStyle>;
}

const CASES: readonly Case[] = [
  {
    title: 'keywords become lower case, clauses get lines of their own',
    from: `
      SELECT order_id,amount,count(*) AS n FROM {{ ref('orders') }} WHERE amount>1 AND order_id IN (SELECT 1) GROUP BY 1,2 ORDER BY amount DESC, order_id, n`,
    to: `
      select
          order_id,
          amount,
          count(*) as n
      from {{ ref('orders') }}
      where amount > 1 and order_id in (select 1)
      group by 1, 2
      order by amount desc, order_id, n`,
  },
  {
    title: 'a short query that is on one line stays there',
    from: `select   a,b from   {{ ref( 'orders' ) }} limit 10`,
    to: `select a, b from {{ ref( 'orders' ) }} limit 10`,
  },
  {
    title: 'CTEs stand at the left, with the blank lines that they have',
    from: `
      {{ config(
        materialized = 'table') }}
      with orders as (

        select * from {{ ref('orders') }}

      ), sums as materialized (
      select order_id, sum(amount) as amount
        from orders
        left join lateral (select 1 as b) x on x.b = orders.order_id and
           true
      group by 1)
      select * from sums`,
    to: `
      {{ config(
        materialized = 'table') }}
      with orders as (

          select * from {{ ref('orders') }}

      ),
      sums as materialized (
          select
              order_id,
              sum(amount) as amount
          from orders
          left join lateral (select 1 as b) x on x.b = orders.order_id
              and true
          group by 1
      )
      select * from sums`,
  },
  {
    title: 'comments and tags keep their places, and a block indents what it indented',
    from: `
      -- At the head.
      select
        -- which
        order_id, -- the key
        /* two
           lines */
        {% for name in ['a', 'b'] -%}
          1 as {{ name }}{{ "," if not loop.last }}
        {%- endfor %}
        {# done #}
      from {{ ref('orders') }} {# all #}
        {% if is_incremental() %}
      where amount > (select max(amount) from {{ this }})
        {% else %}
      where true
        {% endif %}
      -- At the end.`,
    to: `
      -- At the head.
      select
          -- which
          order_id, -- the key
          /* two
           lines */
          {% for name in ['a', 'b'] -%}
              1 as {{ name }}{{ "," if not loop.last }}
          {%- endfor %}
      {# done #}
      from {{ ref('orders') }} {# all #}
      {% if is_incremental() %}
      where amount > (select max(amount) from {{ this }})
      {% else %}
      where true
      {% endif %}
      -- At the end.`,
  },
  {
    title: "Postgres's own operators, strings and casts stay what they are",
    from: String.raw`
      select a::date,a->>'x' as x,E'a\'b' as e,$q$ 'it''s  $q$ as q,array[1,2] as r,a @> b as c,-1 as m, a - -1 as n,
      arr[1:2] as s, '{{ var("day") }} days'::interval as i,"Quoted  Name", U&'\0041' as u, 1.5e3 as f, '𝄞'  as clef`,
    to: String.raw`
      select
          a::date,
          a ->> 'x' as x,
          E'a\'b' as e,
          $q$ 'it''s  $q$ as q,
          array[1, 2] as r,
          a @> b as c,
          -1 as m,
          a - -1 as n,
          arr[1:2] as s,
          '{{ var("day") }} days'::interval as i,
          "Quoted  Name",
          U&'\0041' as u,
          1.5e3 as f,
          '𝄞' as clef`,
  },
  {
    title: 'what the inside of a set block, a raw block or a block within a line says is not touched',
    from: `
      {% set   text %}a   ,  b{%   endset %}
      select {% if true %}1,2{%else%}3 ,4{% endif %}   ,   '{{ text }}' as t,{% raw %}'{{ x }}'   {% endraw %} as r,
        col_{% if true %}a{% else %}b{% endif %}_c,
        b from x`,
    to: `
      {% set   text %}a   ,  b{%   endset %}
      select
          {% if true %}1,2{%else%}3 ,4{% endif %},
          '{{ text }}' as t,
          {% raw %}'{{ x }}'   {% endraw %} as r,
          col_{% if true %}a{% else %}b{% endif %}_c,
          b
      from x`,
  },
  {
    title: 'a macro alone between clauses stays on its line',
    from: `
      select * from x
        {{ the_filter() }}
      group by 1`,
    to: `
      select * from x
      {{ the_filter() }}
      group by 1`,
  },
  {
    title: "commas begin lines where the file's do",
    from: `
      select a
      , b -- two

      , case when a then b end as c
      from t`,
    to: `
      select
          a
          , b -- two

          , case when a then b end as c
      from t`,
  },
  {
    title: 'commas, cases, indentation and length are those of the style',
    from: `
      with x as (select Some_Function(a) as A from b), y as (
        select a, -- one
          cast(b as INT), c from t)
      select * from x`,
    to: `
      WITH x AS (SELECT Some_Function(a) AS A FROM b)
      , y AS (
      \tSELECT
      \t\ta -- one
      \t\t, cast(b AS int)
      \t\t, c
      \tFROM t
      )
      SELECT * FROM x`,
    style: { keywords: 'upper', types: 'lower', commas: 'leading', indent: '\t', lineLength: 60 },
  },
  {
    title: 'a snapshot and a test are formatted inside their block',
    from: `
      {% snapshot s %}
      SELECT 1 AS id
      {% endsnapshot %}`,
    to: `
      {% snapshot s %}
      select 1 as id
      {% endsnapshot %}`,
  },
];

for (const { title, from, to, style } of CASES) {
  test(title, async () => {
    const expected = dedent(to);
    assert.equal(await format(dedent(from), style), expected);
    // And once more.
    assert.equal(await format(expected, style), expected);
    // Line ends stay what they are.
    assert.equal(
      await format(dedent(from).replaceAll('\n', '\r\n'), style),
      expected.replaceAll('\n', '\r\n'),
    );
  });
}

test('a text without an end of its last line gets one, an empty one stays empty', async () => {
  assert.equal(await format('select 1 as a'), 'select 1 as a\n');
  assert.equal(await format(''), '');
  assert.equal(await format('{{ config(enabled=false) }}'), '{{ config(enabled=false) }}\n');
});

test('what cannot be formatted without a doubt is refused, with the reason', async () => {
  const reasons: readonly (readonly [text: string, reason: RegExp])[] = [
    ["select 'a from b", /a string, a quoted name or a comment has no end/u],
    ['select {% if a %} 1', /its Jinja has an error/u],
    ['select {{ a', /its Jinja has an error/u],
    ['select\n{% if a %}\nf(\n{% else %}\ng(\n{% endif %}\nx)', /a bracket or a CASE is open in one branch/u],
    ['-- fmt: off\nselect   1', /fmt: off/u],
    ['select 1,\r\n  2\n', /end in different ways/u],
    ['{% macro a() %}select   1{% endmacro %}\n', /it defines macros/u],
    // Postgres joins the two strings because a line ends between them.
    ["select 'a'\n'b'", /would change what the SQL says/u],
  ];
  for (const [text, reason] of reasons) assert.match(await format(text), reason, text);
  const result = await formatDocument(await snapshotOf(''), 'models/none.sql', DEFAULT_STYLE);
  assert.equal(result.kind, 'refused');
});

test('a template whose output depends on its own blanks is refused', async () => {
  const text = `{% if caller_text is defined %}\nselect   1\n{% endif %}\nselect '{{ model.raw_code | length }}'::int as   a\n`;
  assert.match(await format(text), /^refused: the SQL that it renders to would change/u);
});

test('only the lines that change are edited', async () => {
  const text = 'with a as (\n    select 1\n),\nb as (\n    select   2\n)\nselect * from a\n';
  const result = await formatDocument(await snapshotOf(text), PATH, DEFAULT_STYLE);
  assert.deepEqual(result, {
    kind: 'edits',
    edits: [
      {
        path: PATH,
        range: { start: text.indexOf('    select   2'), end: text.indexOf(')\nselect') },
        text: '    select 2\n',
      },
    ],
  });
});

test('a selection formats what lies in its lines, and nothing else', async () => {
  const text = 'select   1 as a;\nselect   2 as b,\n3 as c;\nselect   3 as d;\n';
  const snapshot = await snapshotOf(text);
  const start = text.indexOf('2 as b');
  const whole = await formatRange(snapshot, PATH, { start, end: text.indexOf('c;') + 2 }, DEFAULT_STYLE);
  assert.equal(whole.kind, 'edits');
  assert.equal(
    applied(text, whole.edits),
    'select   1 as a;\nselect\n    2 as b,\n    3 as c;\nselect   3 as d;\n',
  );
  const none = await formatRange(snapshot, PATH, { start: 0, end: 0 }, DEFAULT_STYLE);
  assert.equal(none.kind, 'edits');
  assert.equal(applied(text, none.edits), text.replace('select   1', 'select 1'));
});

test('a selection of a part of what changes is refused', async () => {
  const text = 'select case when a\nthen b end as c\nfrom t\n';
  const result = await formatRange(await snapshotOf(text), PATH, { start: 0, end: 3 }, DEFAULT_STYLE);
  assert.equal(result.kind, 'refused');
});
