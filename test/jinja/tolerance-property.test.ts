/** What a text that is being typed, cut or damaged still says: thousands of random edits of the templates in this repository. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { randomFor } from '../../scripts/generate-data/random.ts';
import { randomEdit } from '../../scripts/jinja/random-edit.ts';
import { sqlFiles } from '../../scripts/jinja/sql-files.ts';
import { keptFacts, placedFacts, readings, strayNodes, templatesOf } from '../../scripts/jinja/tolerance.ts';
import type { Reading } from '../../scripts/jinja/tolerance.ts';
import { parseTemplate } from '../../server/src/jinja/index.ts';
import { templates } from './fixtures.ts';

const root = join(import.meta.dirname, '..', '..');
const editsPerText = 12;

function ownTexts(): string[] {
  const files = sqlFiles(['models', 'macros', 'server/macros'].map((folder) => join(root, folder)));
  return [...files.map(({ text }) => text), ...templates()];
}

for (const reading of readings) {
  describe(`a damaged text, as ${reading}`, () => {
    const seen = { edits: 0, after: 0, keptAfter: 0, before: 0 };
    test('parses, keeps its nodes together, and keeps what was said before the damage', () => {
      for (const [number, text] of ownTexts().entries()) {
        const originals = templatesOf(text, reading);
        const isIntact = originals.every(({ diagnostics }) => diagnostics.length === 0);
        const whole = placedFacts(originals);
        for (let row = 0; row < editsPerText; row++) {
          const edit = randomEdit(text, randomFor(number, reading, row));
          const what = `${edit.kind} ${edit.start}–${edit.end} ${JSON.stringify(edit.inserted)} of ${JSON.stringify(text.slice(0, 60))}`;
          const damaged = templatesOf(edit.text, reading);
          assert.deepEqual(strayNodes(damaged), [], what);
          const kept = keptFacts(whole, text, edit, placedFacts(damaged));
          seen.edits++;
          // What a call was that has no end is decided by what follows it.
          if (!isIntact) continue;
          assert.deepEqual(kept.lostBefore, [], what);
          seen.before += whole.filter(({ end }) => end <= edit.start).length;
          seen.after += kept.after;
          seen.keptAfter += kept.after - kept.lostAfter.length;
        }
      }
    });

    test('says nearly all that stands behind the damaged tag', () => {
      assert.ok(seen.edits > 2000 && seen.before > 500 && seen.after > 500, JSON.stringify(seen));
      assert.ok(seen.keptAfter / seen.after > lowestShare[reading], JSON.stringify(seen));
    });
  });
}

/** A macro file says nothing of a block whose head is gone. */
const lowestShare: Record<Reading, number> = { template: 0.95, macros: 0.8 };

describe('a quote that lacks its other half', () => {
  const model = (line: string): string =>
    `{{ config(post_hook="{{ audit('x') }}", alias=name('a')) }}\n${line}\njoin {{ ref('behind') }} on {{ key('k') }}`;
  const said = (line: string): string[] =>
    placedFacts([parseTemplate(model(line), 'm.sql')]).map(({ says }) => says);
  const intact = said('select 1');

  for (const line of [
    `from {{ ref('half }}`,
    `from {{ ref(half') }}`,
    `from {{ ref("half') }}`,
    `{% set x = 'half %}`,
    `{{ 'half' ~ 'other }}`,
    `{{ f('a, 'b') }}`,
    `{% if x == 'half %}`,
  ]) {
    test(`keeps the rest: ${line}`, () => {
      const now = said(line);
      for (const fact of intact) assert.ok(now.includes(fact), `${fact} is lost`);
    });
  }
});

test('every file of the repository reads without a fault', () => {
  const folders = readdirSync(root).filter((name) => ['models', 'macros'].includes(name));
  const files = folders.flatMap((folder) => sqlFiles([join(root, folder)]));
  assert.ok(files.length > 0);
  for (const { path } of files) {
    const { diagnostics } = parseTemplate(readFileSync(path, 'utf8').trim(), path);
    assert.deepEqual(diagnostics, [], path);
  }
});
