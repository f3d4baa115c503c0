/** Every bomb is refused or comes to its end: within its time, in half a gigabyte, and without an error that is none of ours. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { bombs } from './bombs.ts';
import type { Detonation } from './detonate.ts';

/** A bound, not a wish: most take less than a tenth of it. */
const MOST_MILLISECONDS = 10_000;

const done = new Map<string, Detonation>();
let last = 'the first';

before(async () => {
  const program = join(import.meta.dirname, 'detonate.ts');
  const child = spawn(process.execPath, ['--max-old-space-size=512', '--import', 'tsx', program, 'tenth'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  await new Promise((closed) => child.on('close', closed));
  for (const line of written.split('\n').filter((text) => text.endsWith('}'))) {
    const detonation = JSON.parse(line) as Partial<Detonation> & { readonly name: string };
    if (detonation.milliseconds === undefined) last = detonation.name;
    else done.set(detonation.name, detonation as Detonation);
  }
});

describe('a bomb is refused or ends', () => {
  for (const { name, ends } of bombs) {
    test(name, () => {
      const detonation = done.get(name);
      assert.ok(detonation, `the process ended at "${last}"`);
      assert.equal(detonation.fault, undefined);
      assert.ok(detonation.milliseconds < MOST_MILLISECONDS, `it took ${detonation.milliseconds} ms`);
      if (ends === 'refused') assert.ok(detonation.error, `it gave ${detonation.text ?? ''}`);
      else if (ends !== 'harmless') assert.equal(detonation.text, ends.text);
    });
  }
});

test('no two bombs have one name', () => {
  assert.equal(new Set(bombs.map(({ name }) => name)).size, bombs.length);
});
