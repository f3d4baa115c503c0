/** `render`: a template by itself, and a corpus of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, type Answer } from './program.ts';
import { removeFolder, scratchFolder, writeFiles } from './scratch.ts';

async function render(files: Readonly<Record<string, string>>, ...words: string[]): Promise<Answer> {
  const folder = scratchFolder('render');
  try {
    writeFiles(folder, files);
    return await run({ folder }, ['render', ...words]);
  } finally {
    removeFolder(folder);
  }
}

const context = { 'names.json': '{"columns": ["id", "name"], "rate": 1.0}' };

test('a template is printed with the names of a JSON file', async () => {
  const template =
    "select {% for c in columns %}{{ c }}{{ ', ' if not loop.last }}{% endfor %}, {{ rate }}\n";
  const answer = await render({ ...context, 'a.sql': template }, '--context', 'names.json', 'a.sql');
  assert.deepEqual([answer.code, answer.stdout, answer.stderr], [0, 'select id, name, 1.0\n', '']);
});

test('an error is told with its place and the places of the calls', async () => {
  const template = '{% macro m(x) %}\n  {{ x.y.z }}{% endmacro %}\n\nselect {{ m(rate) }}\n';
  const answer = await render({ ...context, 'a.sql': template }, 'a.sql', '--context', 'names.json');
  assert.equal(answer.code, 1);
  assert.equal(
    answer.stderr,
    "a.sql:2:6: UndefinedError: 'float object' has no attribute 'y' (in macro m)\n  a.sql:4:11: called here\n",
  );
});

test('a template that does not parse has a place too', async () => {
  const answer = await render({ 'a.sql': 'select 1\n{% if %}' }, 'a.sql');
  assert.equal(answer.code, 1);
  assert.match(answer.stderr, /^a\.sql:2:7: TemplateSyntaxError: Expected an expression/u);
});

test('what cannot be used is said in one line', async () => {
  const files = {
    'a.sql': 'x',
    'list.json': '[1]',
    'half.json': '{"a":',
    'none.json': '{"cases": [{"id": "a"}]}',
  };
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /takes a template file, or --corpus/u],
    [['a.sql', '--corpus', 'list.json'], /takes a template file, or --corpus/u],
    [['b.sql'], /There is no file b\.sql/u],
    [['a.sql', '--context', 'list.json'], /list\.json must hold a JSON object/u],
    [['a.sql', '--context', 'half.json'], /half\.json is no JSON/u],
    [['--corpus', 'list.json'], /list\.json is no corpus: it has no list "cases"/u],
    [['--corpus', 'none.json'], /none\.json is no corpus: case 1 has no text "template"/u],
  ];
  for (const [words, says] of mistakes) {
    const answer = await render(files, ...words);
    assert.equal(answer.code, 2, words.join(' '));
    assert.match(answer.stderr, says);
    assert.equal(answer.stderr.split('\n').length, 2);
  }
});

test('a corpus names the cases that differ, and fails for those that dbt projects need', async () => {
  const common = { context: { n: 2 }, profile: 'plain', dbt_relevant: true };
  const good = { ...common, id: 'sum', template: '{{ n + 1 }}', expected: '3' };
  const raises = {
    ...common,
    id: 'raises',
    template: '{{ n.a.b }}',
    error: 'UndefinedError',
    message: "'int object' has no attribute 'a'",
  };
  const wrong = { ...common, id: 'wrong', template: '{{ n }}', expected: '3' };
  const corpus = (...cases: object[]): Record<string, string> => ({ 'c.json': JSON.stringify({ cases }) });

  const equal = await render(corpus(good, raises, { ...wrong, dbt_relevant: false }), '--corpus', 'c.json');
  assert.deepEqual(
    [equal.code, equal.stdout],
    [
      0,
      'wrong: expected "3", got "2"\ncorpus: 2 of 3 equal, 2 of 2 dbt-relevant equal, 1 of 1 errors raised\n',
    ],
  );
  const differs = await render(corpus(good, wrong), '--corpus', 'c.json');
  assert.equal(differs.code, 1);
  assert.match(differs.stdout, /corpus: 1 of 2 equal, 1 of 2 dbt-relevant equal, 0 of 0 errors raised\n$/u);
});
