/** Which resources are written in a file, and which a property file describes. */

import type { Project } from '../project/project.ts';

export interface FileResources {
  /** Ids of those whose code the file holds, in the manifest's order. */
  readonly code: readonly string[];
  /** Ids of models, seeds, snapshots and source tables that have their entries in the file. */
  readonly entries: readonly string[];
}

const NONE: FileResources = { code: [], entries: [] };

/** By the project's world, which an edit of one resource's text leaves as it is: what is written where stays the same, too. */
const known = new WeakMap<Project['world'], ReadonlyMap<string, FileResources>>();

export function resourcesIn(project: Project, path: string): FileResources {
  let byPath = known.get(project.world);
  if (!byPath) known.set(project.world, (byPath = readAll(project)));
  return byPath.get(path) ?? NONE;
}

function readAll({ manifest, origins }: Project): ReadonlyMap<string, FileResources> {
  const byPath = new Map<string, { code: string[]; entries: string[] }>();
  const of = (path: string): { code: string[]; entries: string[] } => {
    let found = byPath.get(path);
    if (!found) byPath.set(path, (found = { code: [], entries: [] }));
    return found;
  };
  for (const [id, { raw, entry }] of origins) {
    const node = manifest.nodes.get(id);
    if (!node && !manifest.sources.has(id)) continue;
    if (raw && raw.file !== entry?.yaml.file) of(raw.file.path).code.push(id);
    // A test's entry is that of what it tests.
    if (entry && node?.resource_type !== 'test') of(entry.yaml.file.path).entries.push(id);
  }
  return byPath;
}
