/** Runs PySpark jobs against the embedded warehouse, with the Spark that the launcher finds or installs. */

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ensureEmbedded, stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { findSpark, userCacheFolder } from '../../server/src/warehouse/spark/installation.ts';
import { submitSparkJob } from '../../server/src/warehouse/spark/submit.ts';
import { SparkUnavailable } from '../../server/src/warehouse/spark/unavailable.ts';
import type { Cell, ConnectionSettings } from '../../server/src/warehouse/port.ts';

const root = join(import.meta.dirname, '..', '..');

const weeklySales = `
create schema marts;
create table marts.weekly_sales as
  select week_start::date, event_id, is_total, event_name, orders::bigint, gross::numeric as gross_sales,
         refunds::numeric, gross::numeric - refunds::numeric as net_sales
  from (values
    ('2025-03-03', 'evt_a', false, 'A', 2, 300.50, 0.50),
    ('2025-03-03', 'evt_b', false, 'B', 1, 100.00, 0.00),
    ('2025-03-03', '(all events)', true, null, 3, 400.50, 0.50),
    ('2025-03-10', 'evt_a', false, 'A', 1, 150.00, 150.00),
    ('2025-03-10', '(all events)', true, null, 1, 150.00, 150.00)
  ) as rows (week_start, event_id, is_total, event_name, orders, gross, refunds)`;

/** What is missing here, in one line; the first run on a machine installs Spark. */
const missing = await findSpark({
  cacheFolder: join(userCacheFolder(), 'spark'),
  environment: process.env,
  signal: undefined,
  onProgress: () => undefined,
}).then(
  () => false,
  (error: unknown) => {
    if (error instanceof SparkUnavailable) return error.message;
    throw error;
  },
);

describe('a job on the embedded warehouse', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'grainline-spark-test-'));
  let connection: ConnectionSettings;

  const query = async (text: string): Promise<readonly (readonly Cell[])[]> => {
    const session = await postgresWarehouse(connection).open();
    try {
      return (await session.query(text)).rows;
    } finally {
      await session.close();
    }
  };

  const submit = async (
    job: string,
    words: readonly string[],
    more: {
      readonly schema?: string;
      readonly signal?: AbortSignal;
      readonly onLine?: (line: string) => void;
    } = {},
  ): Promise<{ readonly code: number; readonly stdout: string[]; readonly stderr: string[] }> => {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const code = await submitSparkJob({
      projectFolder: root,
      cacheFolder: userCacheFolder(),
      job,
      arguments: words,
      connection,
      schema: more.schema ?? 'marts',
      ...(more.signal === undefined ? {} : { signal: more.signal }),
      onLine: (line, stream) => {
        (stream === 'stdout' ? stdout : stderr).push(line);
        more.onLine?.(line);
      },
    });
    return { code, stdout, stderr };
  };

  const writeJob = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  before(async () => {
    // Root's server runs as another user, who must reach its files.
    if (process.getuid?.() === 0) chmodSync(folder, 0o777);
    connection = await ensureEmbedded({ stateFolder: folder });
    await query(weeklySales);
  });

  after(async () => {
    await stopEmbedded({ stateFolder: folder });
    await rm(folder, { recursive: true, force: true });
  });

  test('the example job prints the weeks and writes the trend, the second time as the first', async () => {
    for (const _ of ['first', 'second']) {
      const { code, stdout, stderr } = await submit('example_job.py', ['--weeks', '1']);
      assert.equal(code, 0, stderr.join('\n'));
      assert.deepEqual(
        stdout.map((line) => line.split(/\s+/)),
        [
          ['week', 'orders', 'gross', 'refunds', 'net'],
          ['2025-03-10', '1', '150.00', '150.00', '0.00'],
          ['Wrote', '3', 'rows', 'to', 'spark.weekly_sales_trend.'],
        ],
      );
      assert.deepEqual(
        await query(
          'select week_start, event_id, net_sales::float, share_of_week::float, rank_in_week, change::float from spark.weekly_sales_trend order by 1, 2',
        ),
        [
          ['2025-03-03', 'evt_a', '300', '0.75', '1', null],
          ['2025-03-03', 'evt_b', '100', '0.25', '2', null],
          ['2025-03-10', 'evt_a', '0', null, '1', '-300'],
        ],
      );
    }
  });

  test('a job that names warehouse:5432 reaches the warehouse, and no command line shows the password', async () => {
    const job = await writeJob(
      'fixed_address.py',
      `import os, sys, glob
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
password = os.environ["GRAINLINE_PASSWORD"]
rows = spark.read.jdbc("jdbc:postgresql://warehouse:5432/warehouse", "marts.weekly_sales",
                       properties={"user": "postgres", "password": password, "driver": "org.postgresql.Driver"})
print("rows", rows.count())
def command_line(path):
    try:
        return open(path, "rb").read()
    except OSError:
        return b""
lines = [command_line(path) for path in glob.glob("/proc/[0-9]*/cmdline")]
print("seen", sum(password.encode() in line for line in lines), "argument", sys.argv[1])
sys.exit(7)
`,
    );
    const { code, stdout, stderr } = await submit(job, ['a b']);
    assert.deepEqual(stdout, ['rows 5', 'seen 0 argument a b'], stderr.join('\n'));
    assert.equal(code, 7);
  });

  test('marts that are not built yet are one line, not a trace', async () => {
    const { code, stdout, stderr } = await submit('example_job.py', [], { schema: 'nowhere' });
    assert.equal(code, 1);
    assert.deepEqual(stdout, []);
    assert.equal(stderr.length, 1);
    assert.match(
      stderr[0] ?? '',
      /^The warehouse has no relation "nowhere.weekly_sales": build the models first/,
    );
  });

  test('an abort ends Java and Python together', async () => {
    const job = await writeJob(
      'endless.py',
      `import os, time
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate()
print("processes", os.getpid(), os.getppid(), flush=True)
time.sleep(600)
`,
    );
    const controller = new AbortController();
    const { code, stdout } = await submit(job, [], {
      signal: controller.signal,
      onLine: (line) => {
        if (line.startsWith('processes')) controller.abort();
      },
    });
    assert.equal(code, 130);
    const processes = (stdout[0] ?? '').split(' ').slice(1).map(Number);
    assert.equal(processes.length, 2);
    for (const pid of processes) assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
});
