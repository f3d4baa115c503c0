/** Checks that the image of the compose service and the launcher's own installation hold the same Spark and driver. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DRIVER } from '../../server/src/warehouse/spark/jdbc-driver.ts';
import { requirements } from '../../server/src/warehouse/spark/installation.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

test('the image installs the archives that the launcher installs', async () => {
  assert.equal(await read('docker/spark/requirements.txt'), requirements);
});

test('the image fetches the driver that the launcher fetches', async () => {
  const { group, artifact, version, sha256 } = DRIVER;
  assert.equal(await read('docker/spark/driver.sha256'), `${sha256}  ${artifact}-${version}.jar\n`);
  assert.ok((await read('docker/spark.Dockerfile')).includes(`-dependency ${group} ${artifact} ${version} `));
});
