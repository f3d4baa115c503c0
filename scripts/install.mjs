/** Makes node_modules match package-lock.json, and says so only when there is something to do. Plain Node: runs before any package is there. */

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer.`);
}

const lock = join(root, 'package-lock.json');
// npm writes this file last, so an interrupted install is seen as stale.
const installed = join(root, 'node_modules', '.package-lock.json');

if (!existsSync(installed) || statSync(lock).mtimeMs > statSync(installed).mtimeMs) {
  console.error('Installing packages …');
  // One string with a shell: npm is a script (npm.cmd) on Windows.
  const npm = spawnSync('npm ci --include=dev --no-audit --no-fund --loglevel=error', {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: true,
  });
  if (npm.status !== 0) fail('npm ci failed: see the message above, then run this again.');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
