/** A project's files as the verbs see them: by path, with the package that owns each and what is in it. */

import { extension, type SourceFile } from '../project/files.ts';
import { isBuiltin } from '../project/macros.ts';
import type { Package } from '../project/project-file.ts';
import type { Project } from '../project/project.ts';

/** The paths of the built-in macros' files begin with this: `library:dbt/…`. They are no files of the project and only to be read. */
export const LIBRARY = 'library:';

/**
 * `template`: one template (a model, an analysis, a test); `macros`, `snapshots`, `docs`: blocks; `properties`: YAML; `settings`: a
 * dbt_project.yml; `other`: data, Python, and what dbt does not read.
 */
export type FileRole = 'template' | 'macros' | 'snapshots' | 'docs' | 'properties' | 'settings' | 'other';

export interface OwnedFile {
  readonly file: SourceFile;
  /** As a `Place` has it. */
  readonly path: string;
  /** The package's name. */
  readonly owner: string;
  readonly role: FileRole;
}

export function ownedFile(project: Project, path: string): OwnedFile | undefined {
  if (path.startsWith(LIBRARY)) return libraryFile(project, path);
  const file = project.input.files.get(path);
  return file && owned(project, file);
}

function libraryFile({ input }: Project, path: string): OwnedFile | undefined {
  const file = input.library.find((known) => known.path === path.slice(LIBRARY.length));
  return file && { file, path, owner: file.path.split('/')[0] ?? '', role: 'macros' };
}

/** Those of the project and its packages, without the built-in ones. */
export function* ownedFiles(project: Project): IterableIterator<OwnedFile> {
  for (const file of project.input.files.values()) yield owned(project, file);
}

/** The path under which a macro's file is known. */
export function macroPath(packageName: string, file: SourceFile): string {
  return isBuiltin(packageName) ? `${LIBRARY}${file.path}` : file.path;
}

function owned({ world }: Project, file: SourceFile): OwnedFile {
  const { root } = world;
  let owner = root;
  // Only what lies in the packages' folder can be a package's.
  if (file.path.startsWith(`${root.packagesInstallPath}/`))
    for (const candidate of world.packages.values())
      if (candidate.folder !== '' && file.path.startsWith(`${candidate.folder}/`)) owner = candidate;
  return { file, path: file.path, owner: owner.name, role: roleOf(owner, file.path) };
}

function roleOf(owner: Package, path: string): FileRole {
  const inner = owner.folder === '' ? path : path.slice(owner.folder.length + 1);
  const isIn = (folders: readonly string[]): boolean =>
    folders.some((folder) => folder === '.' || inner.startsWith(`${folder}/`));
  switch (extension(path)) {
    case '.yml':
    case '.yaml':
      if (inner === 'dbt_project.yml') return 'settings';
      // Elsewhere it is another tool's, or that of a project in this one's folder.
      return isIn(resourcePaths(owner)) ? 'properties' : 'other';
    case '.md':
      return isIn(owner.docsPaths ?? resourcePaths(owner)) ? 'docs' : 'other';
    case '.sql':
      if (isIn(owner.macroPaths) || isIn(owner.testPaths.map((folder) => `${folder}/generic`)))
        return 'macros';
      if (isIn(owner.snapshotPaths)) return 'snapshots';
      return isIn([...owner.modelPaths, ...owner.analysisPaths, ...owner.testPaths]) ? 'template' : 'other';
    default:
      return 'other';
  }
}

function resourcePaths(owner: Package): readonly string[] {
  return [
    ...owner.modelPaths,
    ...owner.seedPaths,
    ...owner.snapshotPaths,
    ...owner.analysisPaths,
    ...owner.macroPaths,
    ...owner.testPaths,
  ];
}
