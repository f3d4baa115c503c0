/** Reads a project's files from disk: only the folders that dbt_project.yml names, only the kinds of file that mean something. */

import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
export function readProjectFiles(folder: string, context: Context): Map<string, SourceFile> {
  const files = new Map<string, SourceFile>();
  readInto(files, folder, ROOT_FILES);
  const root = readProjectFile(files, '', context, new Problems());
  if (!root) return files;
  readPackage(files, folder, '', root, ignoredBy(files.get('.dbtignore')));
  const installPath = root.packagesInstallPath;
  for (const name of folderNames(join(folder, installPath))) {
    const packageFolder = `${installPath}/${name}`;
    readInto(files, folder, [`${packageFolder}/dbt_project.yml`]);
    if (!files.has(`${packageFolder}/dbt_project.yml`)) continue;
    const installed = readProjectFile(files, packageFolder, context, new Problems());
    if (installed) readPackage(files, folder, packageFolder, installed);
  }
  return files;
}

/** Whether a path names a file that is read with the project where there is one, of its own or of an installed package. */
export function isProjectFile(root: Package, dbtignore: SourceFile | undefined, path: string): boolean {
  if (ROOT_FILES.includes(path)) return true;
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (!KINDS.test(name) || name.startsWith('.') || parts.some((part) => SKIPPED_FOLDERS.has(part)))
    return false;
  const isBelow = (folder: string): boolean => folder === '.' || path.startsWith(`${folder}/`);
  if (isBelow(root.packagesInstallPath)) return true;
  if ([root.targetPath, 'logs'].some(isBelow)) return false;
  return resourcePaths(root).some(isBelow) && !ignoredBy(dbtignore)(path);
}

function resourcePaths(source: Package): readonly string[] {
  return [
    ...source.modelPaths,
    ...source.seedPaths,
    ...source.testPaths,
    ...source.analysisPaths,
    ...source.macroPaths,
    ...source.snapshotPaths,
    ...(source.docsPaths ?? []),
  ];
}

function readPackage(
  files: Map<string, SourceFile>,
  folder: string,
  below: string,
  source: Package,
  isIgnored: (path: string) => boolean = () => false,
): void {
  const paths = new Set(resourcePaths(source));
  const skipped = new Set([source.targetPath, source.packagesInstallPath, 'logs']);
  const found: string[] = [];
  for (const path of paths) {
    if (isInside(path, paths)) continue;
    walk(folder, [below, path === '.' ? '' : path].filter(Boolean).join('/'), skipped, below, found);
  }
  readInto(
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

function walk(
  folder: string,
  at: string,
  skipped: ReadonlySet<string>,
  below: string,
  found: string[],
): void {
  let entries;
  try {
    entries = readdirSync(join(folder, at), { withFileTypes: true });
  } catch {
    // A resource path that does not exist holds nothing; dbt says so only when a command needs it.
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isOtherFolder(folder, path));
    if (isFolder) {
      const own = below === '' ? path : path.slice(below.length + 1);
      if (!SKIPPED_FOLDERS.has(entry.name) && !skipped.has(own)) walk(folder, path, skipped, below, found);
    } else if (KINDS.test(entry.name) && !entry.name.startsWith('.')) {
      found.push(path);
    }
  }
}

/** Whether a link leads to a folder, and not back to one that it stands in. */
function isOtherFolder(folder: string, path: string): boolean {
  try {
    const link = join(folder, path);
    if (!statSync(link).isDirectory()) return false;
    const from = `${realpathSync(dirname(link))}/`;
    return !from.startsWith(`${realpathSync(link)}/`);
  } catch {
    // A dangling link.
    return false;
  }
}

function folderNames(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    // No packages are installed.
    return [];
  }
}

/** Read one after another: of thousands of small files, promises cost more than the reading. */
function readInto(files: Map<string, SourceFile>, folder: string, paths: readonly string[]): void {
  for (const path of paths) {
    const file = readSourceFile(folder, path);
    if (file) files.set(file.path, file);
  }
}

/** One file below a folder, as it is when the project is read; undefined when there is none. */
export function readSourceFile(folder: string, path: string): SourceFile | undefined {
  const absolute = join(folder, path);
  if (path.toLowerCase().endsWith('.csv') && sizeOf(absolute) > LARGE_SEED)
    return { path, text: '', isLarge: true };
  const text = readText(absolute, path);
  if (text === undefined) return undefined;
  return { path, text: text.startsWith('\uFEFF') ? text.slice(1) : text };
}

/** Bytes; none where it cannot be said, for reading tells why. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** A file that is there and cannot be used; the message names it and says what to do. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** The text of a file in UTF-8; undefined when there is no such file. `shown` is how the user should read its path. */
export function readText(path: string, shown: string): string | undefined {
  let text;
  try {
    text = readFileSync(path, 'utf8');
    // What is no UTF-8 was replaced while reading; a file may also hold that character itself.
    if (text.includes('\uFFFD')) requireUtf8(readFileSync(path), shown);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw unreadable(shown, error);
  }
  return text;
}

function requireUtf8(bytes: Buffer, shown: string): void {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const next = end < 0 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(start, next));
    } catch {
      throw new UnreadableFile(`${shown}:${String(line)}: this line is not UTF-8. Save the file as UTF-8.`);
    }
    start = next;
  }
}

function unreadable(shown: string, error: unknown): unknown {
  if (error instanceof UnreadableFile || !(error instanceof Error) || !('syscall' in error)) return error;
  return new UnreadableFile(
    `${shown} cannot be read (${error.message.replace(/,.*/, '')}). Make it a file that you may read, or remove it.`,
  );
}
