/**
 * `npm run package`: makes grainline-VERSION.vsix, the extension as it is installed. What goes into it is gathered in a folder of its own, so that nothing else can get in.
 *
 * The embedded Postgres is left out: it comes from the project's own node_modules, or from a command.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Two hundred packages that only this script needs: into a cache, so that nobody's first install waits for them. 4.x wants Node 22. */
const PACKAGER = '@vscode/vsce@3.9.2';

/** What the project promises its users. */
const MOST_BYTES = 15 * 1024 * 1024;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const target = resolve(root, out ?? `grainline-${manifest.version}.vsix`);

const stage = join(root, '.cache', `vsix-${process.pid}`);
try {
  await gather();
  await mkdir(dirname(target), { recursive: true });
  const { createVSIX } = packager();
  await createVSIX({
    cwd: stage,
    packagePath: target,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    skipLicense: false,
  });
} finally {
  await rm(stage, { recursive: true, force: true });
}

const { size } = await stat(target);
console.log(`${relative(process.cwd(), target)}: ${(size / 1024 / 1024).toFixed(2)} MB`);
if (size > MOST_BYTES) {
  console.error(`That is more than ${MOST_BYTES / 1024 / 1024} MB: leave something out.`);
  process.exit(1);
}

function packager() {
  const folder = join(root, '.cache', 'vsce');
  const manifestFile = join(folder, 'node_modules', '@vscode', 'vsce', 'package.json');
  if (!existsSync(manifestFile)) {
    console.error(`Installing ${PACKAGER} into .cache …`);
    // One string with a shell: npm is a script (npm.cmd) on Windows.
    const npm = spawnSync(
      `npm install --prefix "${folder}" --ignore-scripts --no-audit --no-fund --loglevel=error ${PACKAGER}`,
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: true },
    );
    if (npm.status !== 0) {
      console.error(`${PACKAGER} could not be installed: see the message above, then run this again.`);
      process.exit(1);
    }
  }
  return createRequire(manifestFile)('@vscode/vsce');
}

async function gather() {
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  const built = spawnSync(process.execPath, ['scripts/build.mjs', '--out', join(stage, 'dist')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) process.exit(1);
  await removeMaps(join(stage, 'dist'));
  // It finds its WebAssembly beside itself, so that it stays a package.
  for (const name of await withDependencies('libpg-query')) {
    const path = join('node_modules', name);
    await cp(join(root, path), join(stage, 'dist', path), { recursive: true, dereference: true });
  }
  for (const path of [
    'client/languages',
    'client/walkthrough',
    'client/icon.png',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ]) {
    await cp(join(root, path), join(stage, path), { recursive: true });
  }
  await writeFile(join(stage, 'package.json'), JSON.stringify(installed(manifest), null, 2));
}

/** A package and all that it requires, as npm put them side by side. */
async function withDependencies(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies } = JSON.parse(
    await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  );
  for (const needed of Object.keys(dependencies ?? {})) await withDependencies(needed, found);
  return found;
}

/** Source maps are for those who have the sources. */
async function removeMaps(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.endsWith('.map')) await rm(join(folder, name));
  }
}

/** What an editor reads of the manifest. The bundles hold their packages already, and there is nothing to run. */
function installed({
  scripts,
  dependencies,
  optionalDependencies,
  devDependencies,
  bin,
  private: _,
  ...rest
}) {
  return { ...rest, files: ['client', 'dist', 'README.md', 'CHANGELOG.md', 'LICENSE'] };
}
