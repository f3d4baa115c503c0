/** What the modules do that is not a value: the clock, macros that are called back, endless iterators, patterns that would hang. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layeredContext, parseTemplate, renderTemplate } from '../../../server/src/jinja/index.ts';
import type { Value } from '../../../server/src/jinja/index.ts';
import { AgateTable, tableFromCsv } from '../../../server/src/project/context/agate/index.ts';
import { define } from '../../../server/src/project/context/host.ts';
import { datetimeFromMillis, modulesValue } from '../../../server/src/project/context/modules/index.ts';
import { answer, NOW } from './expressions.ts';

/** In plain Jinja2, so that a template can define the macros it calls. */
async function rendered(template: string, names: Readonly<Record<string, Value>> = {}): Promise<string> {
  const all: Readonly<Record<string, Value>> = { modules: modulesValue({ now: () => NOW }), ...names };
  const context = layeredContext({ get: (name) => all[name] });
  return (await renderTemplate(parseTemplate(template, 'model.sql', { dialect: 'jinja' }), { context })).text;
}

test('now is what the clock says', () => {
  assert.equal(answer('datetime.utcnow()'), 'datetime.datetime(2024, 5, 17, 10, 20, 30, 123000)');
  assert.equal(
    answer('datetime.now(pytz.utc)'),
    'datetime.datetime(2024, 5, 17, 10, 20, 30, 123000, tzinfo=<UTC>)',
  );
  assert.equal(
    answer("datetime.now(pytz.timezone('Asia/Tokyo')) ~ ''"),
    "'2024-05-17 19:20:30.123000+09:00'",
  );
  assert.equal(answer('datetime.now().astimezone(pytz.utc)'), answer('datetime.now(pytz.utc)'));
  assert.equal(answer('datetime.today() == datetime.now()'), 'True');
  assert.equal(answer('date.today() == datetime.now().date()'), 'True');
  assert.equal(answer('datetime.now().timestamp()'), '1715941230.123');
});

test('the start of a run is an aware datetime', async () => {
  const names = { run_started_at: datetimeFromMillis(NOW) };
  assert.equal(
    await rendered("{{ run_started_at }} {{ run_started_at.strftime('%Y-%m-%d %Z') }}", names),
    '2024-05-17 10:20:30.123000+00:00 2024-05-17 UTC',
  );
  assert.equal(
    await rendered("{{ run_started_at.astimezone(modules.pytz.timezone('America/New_York')) }}", names),
    '2024-05-17 06:20:30.123000-04:00',
  );
});

test('a template has the names of dbt', async () => {
  assert.equal(
    await rendered("{{ modules.datetime.keys() | join(' ') }} {{ modules.datetime.timezone is defined }}"),
    'date datetime time timedelta tzinfo False',
  );
});

test('the types have names', () => {
  assert.equal(answer('datetime'), "<class 'datetime.datetime'>");
  assert.equal(answer('timedelta'), "<class 'datetime.timedelta'>");
});

test('a macro can say what a match becomes', async () => {
  const text = await rendered(
    "{% macro shout(match) -%} {{ match.group(0) | upper }}{{ match.start() }} {%- endmacro -%}{{ modules.re.sub('b+', shout, 'abbcb') }}",
  );
  assert.equal(text, 'aBB1cB4');
});

test('a function that has to wait can say what a match becomes', async () => {
  const later = define('later', 'match', async () => Promise.resolve('?'));
  assert.equal(await rendered("{{ modules.re.sub('[ab]', later, 'axb') }}", { later }), '?x?');
  const subn = await rendered("{{ modules.re.subn('[ab]', later, 'axb') }}", { later });
  assert.equal(subn, "('?x?', 2)");
});

test('a function that has to wait cannot be called by an iterator', async () => {
  const later = define('later', 'a,b', async () => Promise.resolve(1));
  await assert.rejects(
    rendered('{{ modules.itertools.accumulate([1, 2], later) | list }}', { later }),
    /cannot be called by itertools/u,
  );
});

test('endless iterators are taken from as far as needed', async () => {
  assert.equal(
    await rendered(
      '{% for i in modules.itertools.count() %}{% if i > 3 %}{% break %}{% endif %}{{ i }}{% endfor %}',
    ),
    '0123',
  );
  assert.equal(
    await rendered("{{ modules.itertools.islice(modules.itertools.cycle('ab'), 3) | join }}"),
    'aba',
  );
});

for (const [pattern, text] of [
  ['(a+)+$', `${'a'.repeat(40)}b`],
  ['(a|aa)+$', `${'a'.repeat(60)}b`],
] as const) {
  test(`the pattern ${pattern} ends in an error instead of never`, () => {
    assert.match(
      answer(`re.search('${pattern}', '${text}')`),
      /RenderLimitError: the regular expression takes more than/u,
    );
  });
}

test('a long text is searched without recursion', () => {
  assert.equal(answer("re.sub('(?:a|b)*c', '', 'ab' * 50000 ~ 'c') | length"), '0');
  assert.equal(answer("re.findall('(?:a|b)+?', 'ab' * 5000) | length"), '10000');
});

test('tables are filtered and found by macros', async () => {
  const table = tableFromCsv('a,b\n1,x\n2,y\n3,x', { delimiter: ',', textColumns: new Set() });
  const isX = define('is_x', 'row', async (args) => {
    const row = args.value('row');
    return row !== null && typeof row === 'object' && 'getItem' in row
      ? (await row.getItem('b')) === 'x'
      : false;
  });
  assert.equal(
    await rendered("{{ table.where(is_x).columns.a.values() | join(',') }} {{ table.find(is_x).a }}", {
      table,
      is_x: isX,
    }),
    '1,3 1',
  );
});

test('printing goes to the callback and gives None', async () => {
  const printed: string[] = [];
  const onPrint = (text: string): void => void printed.push(text);
  const table = tableFromCsv('a,b\n1,x', { delimiter: ',', textColumns: new Set(), onPrint });
  assert.equal(
    await rendered("{{ table.print_table() }}{{ table.select('b').print_csv() }}{{ table.print_json() }}", {
      table,
    }),
    'NoneNoneNone',
  );
  assert.deepEqual(printed, ['| a | b |\n| - | - |\n| 1 | x |\n', 'b\nx\n', '[{"a": 1.0, "b": "x"}]']);
});

test('a table does not write files', async () => {
  const table = tableFromCsv('a\n1', { delimiter: ',', textColumns: new Set() });
  await assert.rejects(
    rendered("{{ table.to_csv('x.csv') }}", { table }),
    /which templates may not do: use print_csv\(\)/u,
  );
  assert.ok(table instanceof AgateTable);
});
