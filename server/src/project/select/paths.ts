/** The methods that go by where a resource is written: path and file; and the project's paths that a glob can meet. */

import { baseName, stem } from '../files.ts';
import type { Manifest } from '../manifest.ts';
import { membersOf } from '../manifest.ts';
import type { GraphNode } from '../nodes.ts';
import { SelectionError } from './criteria.ts';
import type { SelectionMethod } from './method.ts';
import { textValue } from './method.ts';
import { matchesGlob, matchesWildcard } from './wildcard.ts';

/** Every file of the root project and every folder that holds one, relative to its root. */
export type ProjectPaths = ReadonlySet<string>;

/** With the folders above them. */
export function projectPaths(files: Iterable<string>): ProjectPaths {
  const paths = new Set<string>();
  for (const file of files) {
    paths.add(file);
    for (const folder of foldersOf(file)) paths.add(folder);
  }
  return paths;
}

/** The paths that the root project's own resources are written in, for callers that do not have its files. */
export function pathsOf(manifest: Manifest): ProjectPaths {
  const files = new Set<string>();
  const add = (node: { package_name: string; original_file_path: string }): void => {
    if (node.package_name === manifest.projectName) files.add(node.original_file_path);
  };
  const addPatch = (node: GraphNode): void => {
    const patch = patchOf(node);
    if (patch?.packageName === manifest.projectName) files.add(patch.path);
  };
  for (const node of membersOf(manifest)) {
    add(node);
    addPatch(node);
  }
  for (const nodes of manifest.disabled.values()) {
    for (const node of nodes) {
      add(node);
      addPatch(node);
    }
  }
  for (const macro of manifest.macros.values()) add(macro);
  for (const doc of manifest.docs.values()) add(doc);
  for (const group of manifest.groups.values()) add(group);
  return projectPaths(files);
}

/** A glob relative to the project's root: matches a resource's file, its YAML file, or a folder above its file. */
export const byPath: SelectionMethod = (criterion, context) => {
  const selector = textValue(criterion);
  const pattern = selector.split('/').filter((part) => part !== '' && part !== '.');
  if (selector.startsWith('/')) {
    throw new SelectionError(`Invalid path "${selector}": write it relative to the project's folder`);
  }
  if (pattern.length === 0) throw new SelectionError(`Invalid path "${selector}": name a file or a folder`);
  const isFolderPattern = pattern.at(-1) === '**';
  const met = new Set<string>();
  for (const path of context.paths) {
    if (matchesGlob(path.split('/'), pattern)) met.add(path);
  }
  // Python's `**` at the end meets folders only.
  if (isFolderPattern) for (const path of met) if (!isFolder(path, context.paths)) met.delete(path);
  const all = isFolderPattern && pattern.length === 1;
  return (node) => {
    const path = node.original_file_path;
    if (all || met.has(path) || foldersOf(path).some((folder) => met.has(folder))) return true;
    const patch = patchOf(node);
    return patch !== undefined && met.has(patch.path);
  };
};

/** A file's name with or without its extension, with wildcards. */
export const byFile: SelectionMethod = (criterion) => {
  const selector = textValue(criterion);
  return (node) =>
    matchesWildcard(baseName(node.original_file_path), selector) ||
    matchesWildcard(stem(node.original_file_path), selector);
};

function patchOf(node: GraphNode): { packageName: string; path: string } | undefined {
  const written = 'patch_path' in node ? node.patch_path : undefined;
  if (!written) return undefined;
  const [packageName, path] = written.split('://');
  return packageName === undefined || path === undefined ? undefined : { packageName, path };
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    folders.push(path.slice(0, at));
  return folders;
}

function isFolder(path: string, paths: ProjectPaths): boolean {
  const prefix = `${path}/`;
  for (const other of paths) if (other.startsWith(prefix)) return true;
  return false;
}
