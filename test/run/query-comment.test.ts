/** The query comment stands before every statement, or behind it, and is the body of a macro. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TemplateMessage } from '../../server/src/project/context/world.ts';
import { fromJs, TemplateError } from '../../server/src/jinja/index.ts';
import { queryComment, type Asking } from '../../server/src/run/query-comment.ts';
import { projectFromFixture } from '../support/project.ts';

const MODEL: Asking = {
  connection: 'model.fixture.orders',
  node: () => fromJs({ unique_id: 'model.fixture.orders', name: 'orders' }),
};

describe('the query comment', () => {
  test('is a JSON object of what asks, when nothing is configured', () => {
    assert.match(
      commented({}, MODEL),
      /^\/\* \{"app": "dbt", "dbt_version": "[\d.]+", "profile_name": "\w+", "target_name": "\w+", "node_id": "model\.fixture\.orders"\} \*\/\nselect 1$/u,
    );
    assert.match(commented({}, { connection: 'master' }), /"connection_name": "master"\} \*\/\nselect 1$/u);
  });

  test('is the body of a macro: it may return, and what it returns is shown as Python shows it', () => {
    assert.equal(commented("{{ return('from ' ~ node.name) }} more"), '/* from orders */\nselect 1');
    assert.equal(commented('{{ return(none) }}'), '/* None */\nselect 1');
    assert.equal(commented("{{ return({'a': [1, none]}) }}"), "/* {'a': [1, None]} */\nselect 1");
  });

  test('loses the blanks at its ends; one that is written as blanks is none, one that gives blanks is there', () => {
    assert.equal(commented('  {{ connection_name }}  '), '/* model.fixture.orders */\nselect 1');
    assert.equal(commented('   '), 'select 1');
    assert.equal(commented("{{ ' ' }}"), '/*  */\nselect 1');
  });

  test('calls the macros of the project, which see no more than it does', () => {
    assert.equal(commented('{{ signed(node) }}'), '/* by orders */\nselect 1');
    assert.throws(() => commented('{{ asks() }}'), /'adapter' is undefined/u);
  });

  test('what the node does not have is an empty text; outside a node there is none', () => {
    assert.equal(commented('[{{ node.nothing }}]'), '/* [] */\nselect 1');
    assert.equal(
      commented('{{ node is none }} {{ connection_name }}', { connection: 'master' }),
      '/* True master */\nselect 1',
    );
  });

  test('an appended one stands before the last semicolon', () => {
    const settings = { comment: 'why', append: true };
    assert.equal(commented(settings, MODEL, 'select 1;\n'), 'select 1\n/* why */;');
    assert.equal(commented(settings, MODEL, 'select 1 '), 'select 1\n/* why */');
  });

  test('none and an empty one leave the statement alone', () => {
    for (const settings of ['', null, { comment: '', append: true }])
      assert.equal(commented(settings, MODEL), 'select 1');
  });

  test('one that would end itself is refused', () => {
    assert.throws(
      () => commented('{{ return("*/ drop table x") }}'),
      (error) =>
        error instanceof TemplateError &&
        error.message === 'query comment contains illegal value "*/": */ drop table x',
    );
  });

  test('what it logs is heard', () => {
    const heard: TemplateMessage[] = [];
    commented("{% do log('told', info=true) %}", MODEL, 'select 1', heard);
    assert.deepEqual(
      heard.map(({ text }) => text),
      ['told'],
    );
  });
});

/** `setting` is the value of `query-comment`; an empty object says that there is none. */
function commented(
  setting: string | null | object,
  asking: Asking = MODEL,
  sql = 'select 1',
  heard: TemplateMessage[] = [],
): string {
  const isUnset = setting !== null && typeof setting === 'object' && Object.keys(setting).length === 0;
  const line = isUnset ? '' : `query-comment: ${JSON.stringify(setting)}`;
  const { project } = projectFromFixture(`
==> dbt_project.yml
name: fixture
version: '1.0'
profile: fixture
${line}
==> macros/macros.sql
{% macro signed(node) %}by {{ node.name }}{% endmacro %}
{% macro asks() %}{{ adapter.dispatch('signed')() }}{% endmacro %}
`);
  return queryComment(project, asking, (message) => heard.push(message))(sql).text;
}
