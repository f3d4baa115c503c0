/** Strangers' templates in a project: no way to JavaScript, to prototypes, to the process, to passwords; by any filter, method, format or object of dbt's. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TemplateError, parseTemplate } from '../../../server/src/jinja/index.ts';
import type { CapturedText } from '../../../server/src/jinja/index.ts';
import { compileNode } from '../../../server/src/project/compile.ts';
import type { ManifestNode } from '../../../server/src/project/nodes.ts';
import { projectFromFixture } from '../../support/project.ts';

const { project } = projectFromFixture(`==> models/m.sql
select 1 as id
==> macros/m.sql
{% macro mine(a, b=1) %}{{ varargs }}{{ kwargs }}{{ a }}{% endmacro %}
`);
const node = [...project.manifest.nodes.values()].find(({ name }) => name === 'm') as ManifestNode;

/** The text, or the class of our error; anything else fails the test. */
function outcome(text: string): string {
  const compiler = { project, access: null, onMessage: () => undefined, selected: [], ephemeral: new Map() };
  try {
    const { code } = compileNode(compiler, node, parseTemplate(text, 'models/m.sql')) as {
      code: CapturedText | string;
    };
    return typeof code === 'string' ? code : code.text;
  } catch (error) {
    if (error instanceof TemplateError) return error.pythonClass;
    throw error;
  }
}

const objects = [
  'adapter',
  'api',
  'api.Relation',
  'api.Column',
  'exceptions',
  'model',
  'graph',
  'target',
  'this',
  'context',
  'builtins',
  'modules',
  'modules.re',
  'modules.datetime',
  'modules.pytz',
  'modules.itertools',
  'modules.datetime.datetime.now()',
  "modules.re.compile('a')",
  "modules.re.match('a', 'a')",
  "modules.pytz.timezone('UTC')",
  'modules.itertools.count()',
  'ref',
  'source',
  'config',
  'var',
  'env_var',
  "ref('m')",
  'log',
  'run_query',
  'statement',
  'load_result',
  'flags',
  'invocation_id',
  'run_started_at',
  'dbt_version',
  'mine',
  'dbt',
  'namespace(a=1)',
  'cycler(1)',
  'joiner()',
  'range(3)',
  'missing',
  'missing | default(1)',
  '({}).get',
  "'x'.upper",
  '[1].append',
  '{}.items()',
  'selected_resources',
  'fromjson',
  'zip([1], [2])',
  'set([1])',
  'local_md5',
];
const reaches = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupSetter__',
  'getAttribute',
  'getItem',
  'call',
  'callWithin',
  'apply',
  'bind',
  'typeName',
  'toRepr',
  'iterate',
  'password',
  '__class__',
  '__mro__',
  '__subclasses__',
  '__globals__',
  '__init__',
  '__code__',
  '__builtins__',
  '__import__',
  '__dict__',
  '__getattribute__',
  'func_globals',
  'gi_frame',
  'cr_frame',
  'f_back',
  '_compiled',
  '#source',
];

describe('no name of JavaScript’s or of Python’s insides is an attribute', () => {
  // A context and a namespace of names have `call`-like keys of their own; what is defined there is dbt's.
  for (const object of objects) {
    test(object, () => {
      for (const name of reaches) {
        for (const reach of [
          `{{ (${object}).${name} is defined }}`,
          `{{ (${object})['${name}'] is defined }}`,
          `{{ ((${object}) | attr('${name}')) is defined }}`,
          `{{ ([(${object})] | map(attribute='${name}') | first) is defined }}`,
        ]) {
          if (name.startsWith('#') && reach.includes('.#')) continue;
          const got = outcome(reach);
          assert.match(got, /^False$|Error$/, `${reach} gives ${got}`);
        }
        if (name.startsWith('#')) continue;
        for (const format of [
          `{{ '{0.${name}}'.format(${object}) }}`,
          `{{ '{0[${name}]}'.format(${object}) }}`,
          `{{ '{x.${name}}'.format_map({'x': ${object}}) }}`,
        ]) {
          const got = outcome(format);
          assert.match(got, /^$|Error$/, `${format} gives ${got}`);
        }
      }
    });
  }
});

const attempts: Readonly<Record<string, readonly [template: string, result: RegExp]>> = {
  'the sandbox’s oldest way out': [`{{ ''.__class__.__mro__[1].__subclasses__() }}`, /Error$/],
  'by a filter': [`{{ '' | attr('__class__') | attr('__mro__') }}`, /Error$|^$/],
  'by a dunder put together': [`{{ '' | attr('__cl' ~ 'ass__') }}`, /^$|Error$/],
  'by map and a path': [`{{ [''] | map(attribute='__class__.__mro__') | list }}`, /Undefined|Error$/],
  'by sort': [`{{ ['a', 'b'] | sort(attribute='__class__.__name__') }}`, /Error$|^\['a', 'b'\]$/],
  'by groupby': [`{{ ['a'] | groupby('constructor') }}`, /Undefined|Error$/],
  'by unique': [`{{ ['a', 'b'] | unique(attribute='constructor.name') | list }}`, /^\['a'\]$|Error$/],
  'by sum': [`{{ ['a'] | sum(attribute='__proto__') }}`, /Error$/],
  'by min': [`{{ ['a'] | min(attribute='constructor') }}`, /^a$|Error$/],
  'by selectattr': [`{{ ['a'] | selectattr('constructor') | list }}`, /^\[\]$|Error$/],
  'by rejectattr': [`{{ ['a'] | rejectattr('constructor') | list }}`, /^\['a'\]$|Error$/],
  'by join': [`{{ ['a'] | join(attribute='constructor') }}`, /^$|Error$/],
  'by map of a filter’s name': [`{{ [1] | map('constructor') | list }}`, /Error$/],
  'by select of a test’s name': [`{{ [1] | select('__proto__') | list }}`, /Error$/],
  'by the old format': [`{{ '%(__class__)s' % {} }}`, /Error$/],
  'by the format filter': [`{{ '%(constructor)s' | format(a=1) }}`, /Error$/],
  'by a conversion': [`{{ '{0!r:{0.__class__}}'.format('a') }}`, /Error$|^'a'$/],
  'by an undefined’s attributes': [`{{ missing.__init__.__globals__ }}`, /Error$/],
  'by a macro’s': [`{{ mine.__globals__ }}`, /^$|Error$/],
  'by caller’s': [
    `{% macro m() %}{{ caller.__closure__ }}{% endmacro %}{% call dbt_macro__m() %}{% endcall %}`,
    /^$|Error$/,
  ],
  'by loop’s': [
    `{% for i in [1] %}{{ loop._iterator is defined }}{{ loop.constructor is defined }}{% endfor %}`,
    /^FalseFalse$|Error$/,
  ],
  'by self': [`{{ self.__class__ }}{{ self.constructor is defined }}`, /^False$|Error$/],
  'by a namespace’s keys': [
    `{% set ns = namespace(**{'__proto__': {'a': 1}}) %}{{ ns.a is defined }}`,
    /^False$/,
  ],
  'by set on a namespace': [
    `{% set ns = namespace() %}{% set ns.__proto__ = {'a': 1} %}{{ ns.a is defined }}{{ {}.a is defined }}`,
    /^FalseFalse$|Error$/,
  ],
  'by keywords': [`{{ mine(1, **{'__proto__': {'a': 1}, 'constructor': 2}) }}`, /__proto__/],
  'by a dict’s keys': [
    `{% set d = {'__proto__': {'polluted': 1}} %}{{ {}.polluted is defined }}{{ d.polluted is defined }}{{ d }}`,
    /^FalseFalse\{'__proto__': \{'polluted': 1\}\}$/,
  ],
  'by JSON’s keys': [
    `{% set d = fromjson('{"__proto__": {"polluted": 1}}') %}{{ {}.polluted is defined }}{{ tojson(d) }}`,
    /^False\{"__proto__": \{"polluted": 1\}\}$/,
  ],
  'by YAML’s keys': [
    `{% set d = fromyaml('__proto__: {polluted: 1}') %}{{ {}.polluted is defined }}{{ d }}`,
    /^False\{'__proto__': \{'polluted': 1\}\}$/,
  ],
  'into YAML': [`{{ toyaml({'__proto__': {'a': 1}}) }}`, /__proto__:/],
  'by xmlattr': [`{{ {'a onclick=x': 1} | xmlattr }}`, /Error$/],
  'by a JavaScript function in YAML': [
    `{{ fromyaml('!!js/function "function() {}"') }}`,
    /Error$|None|^$|^function\(\) \{\}$|^\['id'\]$/,
  ],
  'by a Python object in YAML': [
    `{{ fromyaml('!!python/object/apply:os.system ["id"]') }}`,
    /Error$|None|^$|^function\(\) \{\}$|^\['id'\]$/,
  ],
  'by a Python name in YAML': [`{{ fromyaml('!!python/name:os.system') }}`, /Error$|None|^$/],
  'by globals': [
    `{{ globalThis is defined }}{{ process is defined }}{{ require is defined }}{{ eval is defined }}{{ open is defined }}`,
    /^(False){5}$/,
  ],
  'by lipsum’s globals': [`{{ lipsum is defined and lipsum.__globals__ is defined }}`, /^False$/],
  'by an import': [`{% import 'x' as y %}`, /Error$/],
  'by an include': [`{% include '/etc/passwd' %}`, /Error$/],
  'by extends': [`{% extends '../../profiles.yml' %}`, /Error$/],
  'to the password': [
    `{{ target.password is defined }}{{ target.pass is defined }}{{ target['password'] is defined }}`,
    /^(False){3}$/,
  ],
  'to the password by all of target': [`{{ target.items() | list }}{{ target }}`, /^(?![^]*hunter2)/],
  'to the credentials of the adapter': [
    `{{ adapter.config is defined and adapter.config.credentials.password is defined }}`,
    /^False$|Error$/,
  ],
  'to a secret': [`{{ env_var('DBT_ENV_SECRET_X', 'fallback') }}`, /Error$/],
  'to a method that changes a tuple': [`{{ (1, 2).append(3) }}`, /Error$/],
  'to change the graph': [`{% do graph.update({}) %}`, /Error$/],
};

describe('an attempt gets nowhere', () => {
  for (const [name, [template, result]] of Object.entries(attempts)) {
    test(name, () => {
      assert.match(outcome(template), result);
    });
  }
});

test('after all attempts, nothing of JavaScript’s has changed', () => {
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});
