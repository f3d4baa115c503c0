/** What holds for every template: any prefix parses, trees stay in their text, literal segments are their source, mapping goes both ways. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import {
  TemplateError,
  originOf,
  parseMacroFile,
  parseTemplate,
  renderTemplate,
  renderedRanges,
  templateFacts,
} from '../../server/src/jinja/index.ts';
import type { Rendered, Segment, Template } from '../../server/src/jinja/index.ts';
import { forEachChild } from '../../server/src/jinja/walk.ts';
import type { Node } from '../../server/src/jinja/walk.ts';
import { templates } from './fixtures.ts';
import { dbtContext } from './support.ts';

const macros = `{% macro cents(column, digits=2) %}round({{ column }} / 100, {{ digits }}){% endmacro %}
{% macro wrap() %}( {{ caller() | trim }} ){% endmacro %}`;

function rendered(template: Template): Rendered | undefined {
  try {
    const result = renderTemplate(template, { context: dbtContext(macros, { name: 'Ada', xs: [3, 1, 2] }) });
    if (isPromise(result)) throw new Error('nothing waits here');
    return result;
  } catch (error) {
    // Broken templates and cases of errors have no rendered text.
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

function checkSpans(node: Node, from: number, to: number): void {
  assert.ok(
    node.start >= from && node.end <= to && node.start <= node.end,
    `${node.type} leaves its surroundings`,
  );
  forEachChild(node, (child) => {
    checkSpans(child, from, to);
  });
}

describe('any text parses', () => {
  for (const text of templates()) {
    test(`prefixes and suffixes of ${JSON.stringify(text.slice(0, 50))}`, () => {
      for (let at = 0; at <= text.length; at++) {
        for (const part of [text.slice(0, at), text.slice(at)]) {
          const template = parseTemplate(part, 'model.sql');
          for (const statement of template.body) checkSpans(statement, 0, part.length);
          templateFacts(template);
          parseMacroFile(part, 'macros.sql');
        }
      }
    });
  }
});

test('a reference before an edit survives it', () => {
  const text = `select * from {{ ref('kept') }} where {% if a %}{{ b(c, "d") }}{% endif %} {# e #} {{ f['g'] }}`;
  const fence = text.indexOf('}}') + 2;
  for (let at = fence; at < text.length; at++) {
    for (const edited of [text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}'${text.slice(at)}`]) {
      assert.equal(templateFacts(parseTemplate(edited, 'm.sql')).refs[0]?.name?.value, 'kept', edited);
    }
  }
});

test('offsets are those of the whole text when a part is parsed', () => {
  const text = `\n\n  select {{ ref('a') }} {{ nope( }}\n`;
  const range = { start: 4, end: text.length - 1 };
  const template = parseTemplate(text, 'm.sql', { range });
  const [ref] = templateFacts(template).refs;
  assert.equal(text.slice(ref?.start, ref?.end), "ref('a')");
  const [fault] = template.diagnostics;
  assert.equal(text.slice(fault?.start, fault?.end), '}');
});

function checkSegments(segments: readonly Segment[], text: string): void {
  let end = 0;
  for (const segment of segments) {
    assert.ok(
      segment.start >= end && segment.end > segment.start && segment.end <= text.length,
      'segments in order',
    );
    end = segment.end;
    const printed = text.slice(segment.start, segment.end);
    if (segment.kind === 'literal') {
      const source = segment.source?.text.slice(segment.sourceStart, segment.sourceEnd);
      assert.equal(printed, source?.replace(/\r\n?/g, '\n'));
    }
    if (segment.inner) {
      const inner = segment.inner.text.slice(segment.innerStart, segment.innerStart + printed.length);
      assert.equal(printed, inner);
      checkSegments(segment.inner.segments, segment.inner.text);
    }
  }
}

describe('the mapping', () => {
  for (const text of templates()) {
    const template = parseTemplate(text, 'model.sql');
    const result = rendered(template);
    if (!result) continue;
    test(`of ${JSON.stringify(text.slice(0, 50))}`, () => {
      checkSegments(result.mapping.segments, result.text);
      for (let offset = 0; offset < result.text.length; offset++) {
        const origin = originOf(result.mapping, offset);
        assert.ok(origin, 'every character has an origin');
        if (origin.kind !== 'literal' || origin.source !== template) continue;
        const back = renderedRanges(result.mapping, 'model.sql', origin.start);
        assert.ok(
          back.some((range) => range.kind === 'literal' && range.start === offset),
          'a literal offset comes back to where it was printed',
        );
        assert.ok(origin.crossing.rename);
      }
    });
  }

  test('an offset in an expression leads to all that it printed', () => {
    const text = `{% for i in [10, 20] %}{{ i }} {% endfor %}`;
    const result = rendered(parseTemplate(text, 'model.sql'));
    const ranges = renderedRanges(result?.mapping ?? { segments: [] }, 'model.sql', text.indexOf('i }}'));
    assert.deepEqual(
      ranges.map(({ start, end }) => result?.text.slice(start, end)),
      ['10', '20'],
    );
  });
});
