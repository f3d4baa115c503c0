/** Reads a project's files from disk: only the folders that dbt_project.yml names, only the kinds of file that mean something. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { Problems } from '../project/problems.ts';
import { readProjectFile, type Package } from '../project/project-file.ts';
import type { SourceFile } from '../project/files.ts';
import type { Context } from '../jinja/index.ts';

/** Larger seeds are not read while parsing; dbt, too, identifies them by path then. Bytes. */
export const LARGE_SEED = 1024 * 1024;

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '__pycache__', '.venv']);
const KINDS = /\.(?:sql|ya?ml|md|csv|py)$/i;
const ROOT_FILES = [
  'dbt_project.yml',
  'packages.yml',
  'dependencies.yml',
  'selectors.yml',
  'package-lock.yml',
  '.dbtignore',
];

/** The files of the project in a folder and of its installed packages, by path below the folder. */
export async function readProjectFiles(folder: string, context: Context): Promise<Map<string, SourceFile>> {
  const files = new Map<string, SourceFile>();
  await readInto(files, folder, ROOT_FILES);
  const root = readProjectFile(files, '', context, new Problems());
  if (!root) return files;
  await readPackage(files, folder, '', root, ignoredBy(files.get('.dbtignore')));
  const installPath = root.packagesInstallPath;
  for (const name of await folderNames(join(folder, installPath))) {
    const packageFolder = `${installPath}/${name}`;
    await readInto(files, folder, [`${packageFolder}/dbt_project.yml`]);
    if (!files.has(`${packageFolder}/dbt_project.yml`)) continue;
    const installed = readProjectFile(files, packageFolder, context, new Problems());
    if (installed) await readPackage(files, folder, packageFolder, installed);
  }
  return files;
}

async function readPackage(
  files: Map<string, SourceFile>,
  folder: string,
  below: string,
  source: Package,
  isIgnored: (path: string) => boolean = () => false,
): Promise<void> {
  const paths = new Set([
    ...source.modelPaths,
    ...source.seedPaths,
    ...source.testPaths,
    ...source.analysisPaths,
    ...source.macroPaths,
    ...source.snapshotPaths,
    ...(source.docsPaths ?? []),
  ]);
  const skipped = new Set([source.targetPath, source.packagesInstallPath, 'logs']);
  const found: string[] = [];
  for (const path of paths) {
    if (isInside(path, paths)) continue;
    await walk(folder, [below, path === '.' ? '' : path].filter(Boolean).join('/'), skipped, below, found);
  }
  await readInto(
    files,
    folder,
    found.filter((path) => !isIgnored(path)),
  );
}

/** .dbtignore has .gitignore's patterns. */
function ignoredBy(file: SourceFile | undefined): (path: string) => boolean {
  if (!file) return () => false;
  const patterns = ignore().add(file.text);
  return (path) => patterns.ignores(path);
}

/** Whether another of the paths already covers this one. */
function isInside(path: string, paths: ReadonlySet<string>): boolean {
  const parts = path.split('/');
  return parts.slice(0, -1).some((_, index) => paths.has(parts.slice(0, index + 1).join('/')));
}

async function walk(
  folder: string,
  at: string,
  skipped: ReadonlySet<string>,
  below: string,
  found: string[],
): Promise<void> {
  let entries;
  try {
    entries = await readdir(join(folder, at), { withFileTypes: true });
  } catch {
    // A resource path that does not exist holds nothing; dbt says so only when a command needs it.
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(join(folder, path))));
    if (isFolder) {
      const own = below === '' ? path : path.slice(below.length + 1);
      if (!SKIPPED_FOLDERS.has(entry.name) && !skipped.has(own))
        await walk(folder, path, skipped, below, found);
    } else if (KINDS.test(entry.name) && !entry.name.startsWith('.')) {
      found.push(path);
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A dangling link.
    return false;
  }
}

async function folderNames(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  } catch {
    // No packages are installed.
    return [];
  }
}

/** Reads the files that exist, some at a time: thousands of open files at once exceed the usual limits. */
async function readInto(
  files: Map<string, SourceFile>,
  folder: string,
  paths: readonly string[],
): Promise<void> {
  const BATCH = 64;
  for (let start = 0; start < paths.length; start += BATCH) {
    const batch = await Promise.all(paths.slice(start, start + BATCH).map((path) => readOne(folder, path)));
    for (const file of batch) if (file) files.set(file.path, file);
  }
}

async function readOne(folder: string, path: string): Promise<SourceFile | undefined> {
  const absolute = join(folder, path);
  try {
    if (path.toLowerCase().endsWith('.csv') && (await stat(absolute)).size > LARGE_SEED)
      return { path, text: '', isLarge: true };
    const text = await readFile(absolute, 'utf8');
    return { path, text: text.startsWith('\uFEFF') ? text.slice(1) : text };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
