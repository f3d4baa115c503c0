/** A render stops: at its bounds, when its signal says so in the middle, and when a shell's clock has passed. */

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { RenderOptions, StopSignal } from '../../server/src/jinja/index.ts';
import { TemplateError, hostFunction, setRenderDeadline } from '../../server/src/jinja/index.ts';
import { renderText } from './support.ts';

const endless = `{% for a in range(100000) %}{% for b in range(100000) %}{% set c = a + b %}{% endfor %}{% endfor %}`;

function refusal(text: string, options: Partial<RenderOptions> = {}, names: object = {}): TemplateError {
  try {
    renderText(text, { ...names }, options);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'it rendered to its end' });
}

afterEach(() => {
  setRenderDeadline(undefined);
});

describe('a render that computes without end', () => {
  test('stops at its steps', () => {
    assert.match(refusal(endless, { limits: { steps: 1000 } }).message, /more than 1000 steps/);
  });

  test('stops at its output', () => {
    const text = `{% for a in range(1000) %}xxxxxxxxxx{% endfor %}`;
    assert.match(refusal(text, { limits: { output: 5000 } }).message, /more than 5000 characters/);
  });

  test('stops at its work: what it makes, and what it looks through', () => {
    const limits = { work: 1_000_000 };
    assert.equal(refusal(`{% set x = [1] * 400000 %}`, { limits }).kind, 'limit');
    assert.equal(
      refusal(`{% set l = range(9999) | list %}{% for i in l if 'x' in l %}{% endfor %}`, { limits }).kind,
      'limit',
    );
    assert.equal(
      refusal(`{% set l = [1] %}{% for i in range(30) %}{% do l.extend(l) %}{% endfor %}`, { limits }).kind,
      'limit',
    );
    assert.equal(
      refusal(`{% set d = {} %}{% for i in range(99999) %}{% do d.update({i: i}) %}{% endfor %}`, { limits })
        .kind,
      'limit',
    );
  });

  test('stops in the middle when its signal says so, though nothing but the render runs meanwhile', () => {
    let asked = 0;
    const signal: StopSignal = {
      get aborted() {
        return ++asked > 3;
      },
    };
    const error = refusal(endless, { signal });
    assert.equal(error.kind, 'cancelled');
    assert.equal(asked, 4);
    assert.equal(error.frames[0]?.path, 'model.sql');
  });

  test('stops when the shell’s clock has passed', () => {
    let time = 0;
    setRenderDeadline({ milliseconds: 5000, now: () => (time += 100) });
    assert.match(refusal(endless).message, /longer than 5 seconds/);
    assert.ok(time > 5000 && time < 6000, `it was stopped at ${time}`);
  });

  test('is not stopped for a long wait', () => {
    let time = 0;
    setRenderDeadline({ milliseconds: 5000, now: () => time });
    const wait = hostFunction('wait', () => {
      time += 3_600_000;
      return 'done';
    });
    const { text } = renderText(`{{ wait() }} {% for i in range(20000) %}{% endfor %}after`, { wait });
    assert.equal(text, 'done after');
  });

  test('leaves the next render its own bounds', () => {
    refusal(endless, { limits: { steps: 1000 } });
    assert.equal(renderText('{% for i in range(3) %}{{ i }}{% endfor %}').text, '012');
  });
});
