/** Packages are strangers' code: templates reach no JavaScript object, and everything they use up has a bound. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import {
  HostObject,
  RenderBudget,
  TemplateError,
  parseTemplate,
  renderTemplate,
} from '../../server/src/jinja/index.ts';
import type { Value } from '../../server/src/jinja/index.ts';
import { contextOf } from './support.ts';

class Relation extends HostObject {
  readonly typeName = 'Relation';
  readonly secret = 'leaked';

  override getAttribute(name: string): Value | undefined {
    return name === 'identifier' ? 'orders' : undefined;
  }

  leak(): string {
    return this.secret;
  }
}

const names = { xs: [1], s: 'text', d: { a: 1 }, f: 1.5, n: 1, none: null, relation: new Relation() };
const subjects = [
  'xs',
  's',
  'd',
  'f',
  'n',
  'relation',
  'missing',
  'range',
  '(xs | map("string"))',
  'd.items()',
  'd.get',
];
const reaches = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
  'leak',
  'secret',
  'text',
  'segments',
  'size',
  'slice',
  'push',
  'concat',
  'call',
  'apply',
  'bind',
  'origin',
  '__class__',
  '__init__',
  '__globals__',
  '__subclasses__',
];

/** What a template gets: the text, or the error's class. Anything that is not our error fails the test. */
function outcome(
  text: string,
  budget = new RenderBudget({ steps: 200_000, output: 5_000_000, work: 20_000_000 }),
): string {
  try {
    const result = renderTemplate(parseTemplate(text, 'm.sql'), { context: contextOf(names), budget });
    if (isPromise(result)) throw new Error('nothing waits here');
    return result.text;
  } catch (error) {
    if (error instanceof TemplateError) return error.pythonClass;
    throw error;
  }
}

describe('JavaScript’s names reach nothing', () => {
  for (const subject of subjects) {
    test(`from ${subject}`, () => {
      for (const name of reaches) {
        for (const reach of [
          `{{ ${subject}.${name} is defined }}`,
          `{{ ${subject}['${name}'] is defined }}`,
          `{{ (${subject} | attr('${name}')) is defined }}`,
          `{{ ([${subject}] | map(attribute='${name}') | first) is defined }}`,
        ]) {
          const text = outcome(reach);
          assert.ok(
            text === 'False' || text === 'UndefinedError' || text === 'TypeError',
            `${reach} gives ${text}`,
          );
        }
        const called = outcome(`{{ ${subject}.${name}() }}`);
        assert.match(called, /Error$/, `${subject}.${name}() gives ${called}`);
        const formatted = outcome(`{{ '{0.${name}}'.format(${subject}) }}`);
        assert.match(formatted, /^$|Error$/, `format reaches ${name}: ${formatted}`);
      }
    });
  }
});

describe('names of the prototype are no variables', () => {
  for (const name of [
    ...reaches,
    'globalThis',
    'process',
    'require',
    'Object',
    'Function',
    'eval',
    'this',
    'arguments',
  ]) {
    test(name, () => {
      assert.equal(outcome(`{{ ${name} is defined }}`), 'False');
      assert.match(outcome(`{{ 1 | ${name} }}`), /Error$/);
      assert.match(outcome(`{{ 1 is ${name} }}`), /Error$|^False$/);
      assert.match(outcome(`{% ${name} %}`), /Error$/);
      assert.equal(outcome(`{% set d = {} %}{% do d.update({'${name}': 1}) %}{{ d['${name}'] }}`), '1');
    });
  }
});

describe('everything has a bound', () => {
  const bombs: Readonly<Record<string, string>> = {
    'an endless loop': `{% set l = [1] %}{% for i in l %}{% do l.append(i) %}{% endfor %}`,
    'loops in loops': `{% for a in range(10000) %}{% for b in range(10000) %}{% for c in range(10000) %}{% endfor %}{% endfor %}{% endfor %}`,
    'endless recursion': `{% set ns = namespace() %}{% macro m() %}{{ ns.m() }}{% endmacro %}{% set ns.m = dbt_macro__m %}{{ dbt_macro__m() }}`,
    'endless mutual calls': `{% macro a() %}{{ dbt_macro__b() }}{% endmacro %}{% macro b() %}{{ dbt_macro__a() }}{% endmacro %}{{ dbt_macro__a() }}`,
    'a recursive loop over itself': `{% set l = [] %}{% do l.append(l) %}{% for i in l recursive %}{{ loop(i) }}{% endfor %}`,
    'a wide range': `{{ range(10000000) | list }}`,
    'a long text': `{{ 'x' * 1000000000 }}`,
    'a long list': `{{ [1] * 1000000000 }}`,
    'a large power': `{{ 10 ** 100000000 }}`,
    'a large product': `{% set ns = namespace(x=7) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}`,
    padding: `{{ 'x'.ljust(1000000000) }}`,
    centering: `{{ 'x' | center(1000000000) }}`,
    'a wide format': `{{ '%1000000000d' % 1 }}`,
    'a wide specification': `{{ '{:1000000000}'.format(1) }}`,
    'a precise format': `{{ '%.1000000000f' % 1.0 }}`,
    indentation: `{{ 'a\\nb' | indent(1000000000) }}`,
    'zero filling': `{{ '1'.zfill(1000000000) }}`,
    tabs: `{{ '\\t'.expandtabs(1000000000) }}`,
    replacement: `{{ ('x' * 100000).replace('x', 'y' * 100000) }}`,
    joining: `{{ ('y' * 100000).join(['a'] * 10000) }}`,
    'doubling text': `{% set ns = namespace(s='xxxxxxxxxx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}`,
    'doubling lists that hold each other': `{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}`,
    'doubling set blocks': `{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set t %}{{ ns.s }}{{ ns.s }}{% endset %}{% set ns.s = t %}{% endfor %}`,
    'doubling JSON': `{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}`,
    'an endless batch': `{{ range(100000) | batch(1) | map('list') | map('join', 'x' * 10000) | join }}`,
    'nested brackets': `{{ ${'['.repeat(5000)}1${']'.repeat(5000)} }}`,
    'nested tags': `${'{% if true %}'.repeat(5000)}${'{% endif %}'.repeat(5000)}`,
    'nested signs': `{{ ${'-'.repeat(20000)}1 }}`,
    'nested nots': `{{ ${'not '.repeat(20000)}1 }}`,
    'format within format': `{{ '{:{:{:{}}}}'.format(1, 2, 3, 4) }}`,
  };
  for (const [name, text] of Object.entries(bombs)) {
    test(name, () => {
      const start = process.cpuUsage();
      assert.match(outcome(text), /Error$/);
      // Of the processor's time, since others may be at work.
      assert.ok(process.cpuUsage(start).user < 10_000_000, 'and is refused in time');
    });
  }

  test('a value that holds itself prints', () => {
    assert.equal(outcome(`{% set l = [1] %}{% do l.append(l) %}{{ l }}`), '[1, [...]]');
    assert.equal(outcome(`{% set d = {} %}{% do d.update({'d': d}) %}{{ d }}`), "{'d': {...}}");
  });

  test('a render stops when its signal says so', () => {
    const stop = new AbortController();
    stop.abort();
    const budget = new RenderBudget({}, stop.signal);
    assert.equal(outcome(`{% for i in range(10) %}{% endfor %}`, budget), 'RenderCancelled');
  });
});
