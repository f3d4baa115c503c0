/** Checks how a command line after `spark-submit` is split and how a job is found. */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findJob, parseSubmission, withinProject } from '../../server/src/warehouse/spark/submission.ts';

const folder = await mkdtemp(join(tmpdir(), 'grainline-submission-'));
after(() => rm(folder, { recursive: true, force: true }));

test('options with and without a value stay with Spark, and what follows the job stays with the job', () => {
  const words = '--verbose --conf spark.sql.shuffle.partitions=2 --name=x job.py --weeks 3'.split(' ');
  assert.deepEqual(parseSubmission(words), {
    sparkArguments: ['--verbose', '--conf', 'spark.sql.shuffle.partitions=2', '--name=x'],
    job: 'job.py',
    jobArguments: ['--weeks', '3'],
  });
});

test('a command line without a job says how one is named', () => {
  assert.throws(() => parseSubmission(['--conf', 'a=b']), /No job was named: say "spark-submit/);
});

test('a job is found in the current folder first, then in pyspark/', async () => {
  await mkdir(join(folder, 'pyspark'));
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'pyspark', 'job.py'), '');
  await writeFile(join(folder, 'elsewhere', 'other.py'), '');
  assert.equal(findJob('job.py', folder, join(folder, 'elsewhere')), join(folder, 'pyspark', 'job.py'));
  assert.equal(
    findJob('pyspark/job.py', folder, join(folder, 'elsewhere')),
    join(folder, 'pyspark', 'job.py'),
  );
  assert.equal(findJob('other.py', folder, join(folder, 'elsewhere')), join(folder, 'elsewhere', 'other.py'));
  assert.throws(() => findJob('none.py', folder, folder), /There is no job "none.py" in pyspark\//);
});

test('only a path inside the project has a place in the service', () => {
  assert.equal(withinProject(join(folder, 'pyspark', 'job.py'), folder), 'pyspark/job.py');
  assert.equal(withinProject(join(folder, '..', 'job.py'), folder), undefined);
  assert.equal(withinProject(join(folder, '..named-with-dots.py'), folder), '..named-with-dots.py');
});
