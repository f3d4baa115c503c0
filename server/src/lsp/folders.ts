/** The dbt projects of an editor's window: found below its folders, each with a host; a document belongs to the innermost. */

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pathBelow, toFilePath } from './convert.ts';
import { ProjectHost, type HostEvents } from './project-host.ts';
import type { Uri } from './protocol.ts';

/** A folder of the window is looked through so deep. */
const DEPTH = 4;

/** Never looked into: installed packages are parts of a project and no projects. */
const SKIPPED = new Set([
  'node_modules',
  'dbt_packages',
  'dbt_modules',
  'target',
  'logs',
  'dist',
  'venv',
  'env',
  '__pycache__',
]);

export interface Document {
  readonly host: ProjectHost;
  /** Below the project's folder. */
  readonly path: string;
}

export class Folders {
  readonly #events: HostEvents;
  readonly #hosts = new Map<string, ProjectHost>();
  /** Where each project's folder really is: some editors follow links in the names of their documents. */
  readonly #real = new WeakMap<ProjectHost, string>();
  /** The folders of the window. */
  readonly #roots = new Set<string>();

  constructor(events: HostEvents) {
    this.#events = events;
  }

  /** False for one whose folder was closed. */
  has(host: ProjectHost): boolean {
    return this.#hosts.get(host.folder) === host;
  }

  all(): readonly ProjectHost[] {
    return [...this.#hosts.values()];
  }

  /** The project in a folder, by the folder's URI. */
  named(uri: Uri): ProjectHost | undefined {
    const path = toFilePath(uri);
    return path === undefined ? undefined : this.#hosts.get(withoutSlash(path));
  }

  /** The project that a document is of; undefined for what is no file or in none. */
  documentAt(uri: Uri): Document | undefined {
    const absolute = toFilePath(uri);
    if (absolute === undefined) return undefined;
    let found: Document | undefined;
    for (const host of this.#hosts.values()) {
      const path =
        pathBelow(host.folder, absolute) ?? pathBelow(this.#real.get(host) ?? host.folder, absolute);
      if (path === undefined) continue;
      if (!found || host.folder.length > found.host.folder.length) found = { host, path };
    }
    return found;
  }

  /** Makes a host for each project below a folder of the window that has none; returns those. */
  open(folder: Uri, targetOf: (folder: string) => string): readonly ProjectHost[] {
    const path = toFilePath(folder);
    if (path === undefined) return [];
    const root = withoutSlash(path);
    this.#roots.add(root);
    return projectsBelow(root, DEPTH).flatMap((found) => this.#add(found, targetOf(found)));
  }

  /** A dbt_project.yml came into being below a folder of the window. */
  openAt(projectFile: Uri, targetOf: (folder: string) => string): readonly ProjectHost[] {
    const path = toFilePath(projectFile);
    if (path === undefined || !existsSync(path)) return [];
    const folder = dirname(path);
    const isFound = [...this.#roots].some((root) => {
      const below = folder === root ? '' : pathBelow(root, folder);
      return below !== undefined && !below.split('/').some(isSkipped);
    });
    return isFound ? this.#add(folder, targetOf(folder)) : [];
  }

  /** Returns the hosts that are in no folder of the window any more, which are no longer known. */
  close(folder: Uri): readonly ProjectHost[] {
    const path = toFilePath(folder);
    if (path === undefined) return [];
    this.#roots.delete(withoutSlash(path));
    const isWithin = (root: string, host: ProjectHost): boolean =>
      host.folder === root || pathBelow(root, host.folder) !== undefined;
    const gone = this.all().filter((host) => ![...this.#roots].some((root) => isWithin(root, host)));
    for (const host of gone) this.#hosts.delete(host.folder);
    return gone;
  }

  #add(folder: string, target: string): readonly ProjectHost[] {
    if (this.#hosts.has(folder)) return [];
    const host = new ProjectHost(folder, target, this.#events);
    this.#hosts.set(folder, host);
    this.#real.set(host, realPath(folder));
    return [host];
  }
}

/** A project may hold others, such as the integration tests of a package. */
function projectsBelow(folder: string, depth: number): string[] {
  const own = existsSync(join(folder, 'dbt_project.yml')) ? [folder] : [];
  if (depth === 0) return own;
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not ours to read: then there is no project of ours in it.
    return own;
  }
  const folders = entries.filter((entry) => entry.isDirectory() && !isSkipped(entry.name));
  return [...own, ...folders.flatMap((entry) => projectsBelow(join(folder, entry.name), depth - 1))];
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || SKIPPED.has(name);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // Not there any more: it has no other name.
    return folder;
  }
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}
