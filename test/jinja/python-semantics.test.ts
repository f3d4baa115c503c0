/** What Python's Jinja2 answered to random templates, recorded; `scripts/jinja/differences.ts --record FILE` makes the file anew. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownAnswer } from '../../scripts/jinja/engine.ts';
import type { Answer } from '../../scripts/jinja/oracle.ts';

type Recorded = readonly [template: string, ...answer: Answer];

const file = join(import.meta.dirname, '..', 'cases', 'jinja', 'python-answers.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];

test('a template gives the text that Python gives, or fails with its class and words', () => {
  assert.ok(recorded.length >= 2000, `${recorded.length} cases are too few`);
  const differences = recorded
    .map(([template, ...expected]) => ({ template, expected, got: ownAnswer(template, 'plain') }))
    .filter(({ expected, got }) => JSON.stringify(expected) !== JSON.stringify(got));
  assert.deepEqual(differences, []);
});
