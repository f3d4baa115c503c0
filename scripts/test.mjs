/**
 * Runs the tests with Node's own runner, and ends with its summary.
 *
 *     node scripts/test.mjs [--suite docker|editor] [part of a file's path …]
 *
 * Without --suite: everything but the suites that need a machine of their own kind. With GRAINLINE_REQUIRE_ALL=1 a skipped test is a failure.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Suites with needs of their own, a Docker engine and a browser: their folders below test/. */
const SUITES = { docker: ['docker'], editor: ['editor', 'webview'] };

/** A test that hangs is a failure, not a stuck pipeline. */
const TIMEOUT_MS = 15 * 60 * 1000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { suite, filters } = readOptions();
const files = findTests(suite).filter(
  (file) => filters.length === 0 || filters.some((part) => file.includes(part)),
);
if (files.length === 0) {
  fail(
    `No test file ${suite ? `of the suite "${suite}" ` : ''}matches${filters.map((part) => ` "${part}"`).join('')}.`,
  );
}

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) fail('The build failed: see above.');

const skipList = join(root, '.cache', `skipped-tests-${process.pid}`);
mkdirSync(dirname(skipList), { recursive: true });
const { status } = spawnSync(
  process.execPath,
  [
    ...['--import', 'tsx', '--test', `--test-timeout=${TIMEOUT_MS}`],
    `--test-concurrency=${Math.max(2, Math.floor(availableParallelism() / 2))}`,
    ...['--test-reporter=./scripts/list-skipped.mjs', `--test-reporter-destination=${skipList}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...files,
  ],
  { cwd: root, stdio: 'inherit' },
);
const skipped = readFileSync(skipList, 'utf8');
rmSync(skipList);
if (process.env.GRAINLINE_REQUIRE_ALL === '1' && skipped !== '') {
  fail(`GRAINLINE_REQUIRE_ALL=1 allows no skipped test, and these were skipped:\n${skipped.trimEnd()}`);
}
process.exit(status ?? 1);

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      options: { suite: { type: 'string' } },
      allowPositionals: true,
    });
    if (values.suite !== undefined && !Object.hasOwn(SUITES, values.suite)) {
      fail(`Unknown suite "${values.suite}": choose from ${Object.keys(SUITES).join(', ')}.`, 2);
    }
    return { suite: values.suite, filters: positionals.map((part) => part.split(sep).join('/')) };
  } catch (error) {
    return fail(
      `${error.message}\nUsage: node scripts/test.mjs [--suite ${Object.keys(SUITES).join('|')}] [part of a path …]`,
      2,
    );
  }
}

/** Paths from the root, with '/'. */
function findTests(wanted) {
  const isIn = (path, folders) => folders.some((folder) => path.startsWith(`test/${folder}/`));
  return readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) =>
      wanted === undefined ? !isIn(path, Object.values(SUITES).flat()) : isIn(path, SUITES[wanted]),
    )
    .sort();
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
