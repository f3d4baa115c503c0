/** Starts docker-compose.yml for real and sends the project's commands through it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { submitSparkJob } from '../../server/src/warehouse/spark/submit.ts';
import { findEngine } from './engine.ts';
import type { AddressInfo } from 'node:net';
import type { Engine } from './engine.ts';

const root = join(import.meta.dirname, '..', '..');
const found = await findEngine();

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

describe('docker compose', { skip: typeof found === 'string' ? found : false }, () => {
  const engine = found as Engine;
  let environment: NodeJS.ProcessEnv;

  const compose = (...words: readonly string[]): Outcome => {
    const [file, ...rest] = [...engine.compose, ...words];
    const { status, stdout, stderr } = spawnSync(file as string, rest, {
      cwd: root,
      env: environment,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return { status, output: `${stdout}${stderr}` };
  };
  /** The output of a command in a service, which must end well. */
  const exec = (service: string, ...words: readonly string[]): string => {
    const { status, output } = compose('exec', '-T', service, ...words);
    assert.equal(status, 0, `${words.join(' ')} ended with ${String(status)}:\n${output.slice(-3000)}`);
    return output;
  };
  const sql = (text: string): string =>
    exec(
      'warehouse',
      'env',
      'PGPASSWORD=postgres',
      ...'psql -h 127.0.0.1 -U postgres -d warehouse -Atc'.split(' '),
      text,
    ).trim();

  before(async () => {
    // Names and a port of its own: containers and volumes of a project in use stay untouched.
    environment = {
      ...engine.environment,
      COMPOSE_PROJECT_NAME: 'grainline-test',
      GRAINLINE_PORT: String(await freePort()),
    };
    compose('down', '--volumes');
    const { status, output } = compose('up', '-d', '--build');
    assert.equal(status, 0, output.slice(-3000));
  });

  after(async () => {
    compose('down', '--volumes');
    await engine.stop();
  });

  test('the warehouse is reached by its name from every service', () => {
    assert.match(exec('spark', 'getent', 'hosts', 'warehouse'), /warehouse/);
    assert.match(exec('grainline', 'bin/grainline', 'warehouse', 'url'), /@warehouse:5432\/warehouse/);
  });

  test('init loads, builds and tests the warehouse', () => {
    exec('grainline', 'bin/grainline', 'init');
    assert.ok(Number(sql('select count(*) from analytics.weekly_sales')) > 0);
  });

  test('ingest and build go through the service, and nothing is written into the project', () => {
    const before = Number(sql('select count(*) from raw.orders'));
    exec('grainline', 'bin/ingest');
    exec('grainline', 'bin/dbt', 'build');
    assert.ok(Number(sql('select count(*) from raw.orders')) > before);
    assert.notEqual(compose('exec', '-T', 'grainline', 'touch', '/project/written').status, 0);
  });

  test('the example job runs in the service', () => {
    const output = exec('spark', 'spark-submit', 'example_job.py', '--weeks', '2');
    const rows = sql('select count(*) from analytics.weekly_sales where not is_total');
    assert.ok(output.includes(`Wrote ${rows} rows to spark.weekly_sales_trend.`), output);
    assert.equal(sql('select count(*) from spark.weekly_sales_trend'), rows);
  });

  test('the launcher gives a job for this warehouse to the service, which needs no cache', async () => {
    const lines: string[] = [];
    const code = await submitSparkJob({
      projectFolder: root,
      cacheFolder: join(tmpdir(), 'grainline-no-such-cache'),
      job: 'example_job.py',
      arguments: ['--weeks', '1'],
      connection: {
        ...{ host: '127.0.0.1', port: Number(environment.GRAINLINE_PORT), database: 'warehouse' },
        ...{ user: 'postgres', password: 'postgres' },
      },
      schema: 'analytics',
      environment,
      onLine: (line) => lines.push(line),
    });
    assert.equal(code, 0, lines.join('\n'));
    assert.equal(lines[0]?.startsWith('week'), true);
    assert.equal(lines.length, 3);
  });

  test('the data outlives the containers', () => {
    const before = sql('select count(*) from raw.orders');
    assert.equal(compose('down').status, 0);
    assert.equal(compose('up', '-d').status, 0);
    assert.equal(sql('select count(*) from raw.orders'), before);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
