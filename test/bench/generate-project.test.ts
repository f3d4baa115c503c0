/** The project that is measured is the one that the report speaks of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateProject } from '../../bench/generate-project.ts';
import { format, reached } from '../../bench/report.ts';

test('a generated project has as many models as asked, each with two tests, and reads only models of the layer below', () => {
  const files = generateProject({ name: 'layered', models: 1234, layers: 5 });
  const models = new Map(
    [...files]
      .filter(([path]) => path.endsWith('.sql'))
      .map(([path, text]) => [path.replace(/^.*\/|\.sql$/gu, ''), text]),
  );
  assert.equal(models.size, 1234);
  const properties = [...files].filter(([path]) => path.endsWith('schema.yml')).map(([, text]) => text);
  assert.equal(properties.join('').split('[unique, not_null]').length - 1, 1234);
  for (const [name, text] of models) {
    const layer = Number(/^layer_(\d)/u.exec(name)?.[1]);
    const parents = [...text.matchAll(/ref\('([^']+)'\)/gu)].map(([, parent]) => parent ?? '');
    assert.equal(parents.length, layer === 0 ? 0 : 2, name);
    for (const parent of parents) {
      assert.ok(models.has(parent), `${name} reads ${parent}`);
      assert.ok(parent.startsWith(`layer_${layer - 1}_`), `${name} reads ${parent}`);
    }
  }
  assert.deepEqual(generateProject({ name: 'layered', models: 1234, layers: 5 }), files);
});

test('a finding says whether its goal is reached', () => {
  const ratio = { kind: 'ratio', what: 'run', peerName: 'psql', unit: 'ms' } as const;
  assert.equal(reached({ ...ratio, ours: 13, peer: 10, goal: { times: 1.3 } }), true);
  assert.equal(reached({ ...ratio, ours: 14, peer: 10, goal: { times: 1.3 } }), false);
  assert.equal(reached({ ...ratio, ours: 1, peer: 30, goal: { timesLess: 30 } }), true);
  assert.equal(reached({ ...ratio, ours: 1, peer: 29, goal: { timesLess: 30 } }), false);
  assert.equal(reached({ kind: 'absolute', what: 'start', ours: 151, unit: 'ms', limit: 150 }), false);
  assert.equal(reached({ kind: 'skipped', what: 'parse', needs: 'Python' }), undefined);
  assert.match(format({ kind: 'skipped', what: 'parse', needs: 'Python' }), /skipped: needs Python$/u);
  assert.match(format({ ...ratio, ours: 14, peer: 10, goal: { times: 1.3 } }), /1\.40 × .*MISSED$/u);
});
