/** Selection arguments and selectors.yml: what they mean, and the words for what they cannot mean. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseCriterion } from '../../../server/src/project/select/criteria.ts';
import { parseSelection } from '../../../server/src/project/select/parse.ts';
import { resourceTypesOf } from '../../../server/src/project/select/resource-types.ts';

describe('a criterion', () => {
  const table: readonly (readonly [spec: string, meaning: string])[] = [
    ['orders', 'fqn orders'],
    ['2+orders+1', '2 up fqn orders 1 down'],
    ['+orders+', 'Infinity up fqn orders Infinity down'],
    ['@orders', '@ fqn orders'],
    ['config.meta.a:b:c', 'config(meta.a) b:c'],
    ['models/staging', 'path models/staging'],
    ['Orders.SQL', 'file Orders.SQL'],
    ['+', 'Infinity up fqn '],
    ['2', 'fqn 2'],
    ['a+b', 'fqn a+b'],
  ];
  for (const [spec, meaning] of table) {
    test(`${spec} is ${meaning}`, () => {
      const { method, methodArguments, value, childrensParents, parents, children } = parseCriterion(
        spec,
        'eager',
      );
      const named = methodArguments.length > 0 ? `${method}(${methodArguments.join('.')})` : method;
      const parts = [
        childrensParents ? '@ ' : '',
        parents === undefined ? '' : `${parents} up `,
        `${named} ${String(value)}`,
        children === undefined ? '' : ` ${children} down`,
      ];
      assert.equal(parts.join(''), meaning);
    });
  }
});

describe('selectors.yml that makes no sense', () => {
  const table: readonly (readonly [definition: unknown, message: string])[] = [
    [
      { union: [], intersection: [] },
      "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; found union,intersection.",
    ],
    [{ union: 'a' }, 'Invalid value for key "union". Expected a list.'],
    [{ union: [1] }, 'Invalid value type in key "union", expected dict or str (value: 1).'],
    [
      { method: 'tag', values: 1 },
      `Expected either 1 key or else "method" and "value" keys, but got ['method', 'values']`,
    ],
    [{ method: 'selector', value: 'later' }, 'Existing selector definition for later not found.'],
    [{ colour: 'red' }, "'colour' is not a valid method name; expected one of fqn, tag"],
    [
      { method: 'tag', value: 'a', indirect_selection: 'some' },
      '"some" is not a valid indirect_selection; expected eager, cautious, buildable or empty',
    ],
    [
      { union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] },
      'You cannot provide multiple exclude arguments to the same selector set operator:',
    ],
  ];
  for (const [definition, message] of table) {
    test(JSON.stringify(definition), () => {
      const error = errorOf(new Map([['mine', { name: 'mine', definition }]]));
      const start = `Could not read selector file data: ${message}`;
      assert.equal(error?.slice(0, start.length), start);
    });
  }
  test('two defaults', () => {
    const selectors = new Map(['a', 'b'].map((name) => [name, { name, default: true, definition: 'x' }]));
    assert.equal(
      errorOf(selectors),
      'Error when parsing the selector file. Found multiple selectors with `default: true`:a and b',
    );
  });
});

test('selector: in a selection means the selector of that name', () => {
  const selectors = new Map([['mine', { name: 'mine', definition: 'tag:a' }]]);
  assert.equal(errorOf(selectors, ['selector:mine,orders']), undefined);
  assert.equal(
    errorOf(selectors, ['selector:other']),
    "Could not find selector named other, expected one of ['mine']",
  );
});

test('every command has its resource types', () => {
  assert.deepEqual([...resourceTypesOf('run')], ['model']);
  assert.deepEqual([...resourceTypesOf('test')], ['test', 'unit_test']);
  assert.deepEqual([...resourceTypesOf('test', ['unit_test', 'model'])], ['unit_test']);
  assert.ok(resourceTypesOf('list', ['all']).has('analysis'));
  assert.ok(!resourceTypesOf('list').has('analysis'));
  assert.ok(!resourceTypesOf('build', [], ['test']).has('test'));
  assert.ok(!resourceTypesOf('build').has('source'));
});

function errorOf(
  selectors: ReadonlyMap<string, Record<string, unknown>>,
  select = ['x'],
): string | undefined {
  const { diagnostics } = parseSelection({
    select,
    exclude: [],
    selectors,
    resourceTypes: resourceTypesOf('list'),
    indirectSelection: 'eager',
  });
  return diagnostics[0]?.message;
}
