/** One project with a life: its files on disk, what is open in the editor above them, and the immutable project made of both. */

import { basename, join } from 'node:path';
import type { Diagnostic, Place } from '../base/diagnostic.ts';
import { parseArguments } from '../cli/arguments.ts';
import { environmentMap, macroLibrary, surveyFolder, type Survey } from '../cli/open-project.ts';
import { emptyCatalog, type Catalog } from '../project/catalog.ts';
import type { SourceFile } from '../project/files.ts';
import { loadProject, projectFileContext, projectWith, type Project } from '../project/project.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import { isOtherDialect } from '../ide/other-dialects/parsers.ts';
import type { Snapshot } from '../ide/snapshot.ts';
import type { Settings } from '../project/settings.ts';
import { isProjectFile, readProjectFiles, readSourceFile, UnreadableFile } from '../workspace/disk.ts';
import { LIBRARY } from '../ide/source-files.ts';
import { toLocation, toUri, uriOf } from './convert.ts';
import type { Location, ProjectState } from './protocol.ts';

const PROFILES = 'profiles.yml';

/** Files whose text decides which other files there are. */
const DECIDING = new Set([
  'dbt_project.yml',
  'packages.yml',
  'dependencies.yml',
  '.dbtignore',
  'package-lock.yml',
]);

/** More changes than these are read together with everything else: that takes less time than one after the other. */
const MOST_EDITS = 20;

export interface HostEvents {
  /** The project is another one than before, because of an edit in the editor or of something else. */
  changed(host: ProjectHost, cause: 'edit' | 'other'): void;
}

export class ProjectHost {
  /** Absolute. */
  readonly folder: string;
  /** There before the first project is. */
  #parser: SqlParser | undefined;
  readonly #events: HostEvents;
  readonly #open = new Map<string, SourceFile>();
  #disk = new Map<string, SourceFile>();
  #library: readonly SourceFile[] = [];
  #survey: Survey | undefined;
  #target: string;
  #project: Project | undefined;
  /** Of a project that cannot be made at all. */
  #problems: readonly Diagnostic[] = [];
  #unreadable: string | undefined;
  #catalog: Catalog = emptyCatalog;
  #version = 0;
  /** Paths whose text changed since the project was made; an edit is cheap, and the project is made when somebody asks. */
  readonly #stale = new Set<string>();

  constructor(folder: string, target: string, events: HostEvents) {
    this.folder = folder;
    this.#target = target;
    this.#events = events;
  }

  /** Of the texts as they are now. */
  get project(): Project | undefined {
    this.#catchUp();
    return this.#project;
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Counts the projects; the same number is the same project. */
  get version(): number {
    this.#catchUp();
    return this.#version;
  }

  get survey(): Survey | undefined {
    return this.#survey;
  }

  /** The dialect of the project's SQL where it is not Postgres's: then Postgres's parser says nothing about it. */
  get otherDialect(): string | undefined {
    const type = this.#survey?.targetType;
    return type !== undefined && isOtherDialect(type) ? type : undefined;
  }

  /** What every verb is asked about; undefined while there is no project. */
  get snapshot(): Snapshot | undefined {
    const { project } = this;
    return project && this.#parser && { project, catalog: this.#catalog, parser: this.#parser };
  }

  /** What was wrong with reading the project's own files, profiles.yml included. */
  get problems(): readonly Diagnostic[] {
    const { project } = this;
    const found = this.#problems.length > 0 ? this.#problems : (project?.diagnostics ?? []);
    return [...(this.#survey?.problems ?? []), ...found];
  }

  /** Those of a file that no project says: of its target, and of a project that cannot be made. */
  ownProblems(path: string): readonly Diagnostic[] {
    this.#catchUp();
    return [...(this.#survey?.problems ?? []), ...this.#problems].filter(({ place }) => place?.path === path);
  }

  get stateOfProject(): Pick<ProjectState, 'name' | 'target' | 'targets' | 'phase' | 'problem' | 'counts'> {
    const { manifest } = this.project ?? {};
    const counts = { models: 0, sources: manifest?.sources.size ?? 0, tests: manifest?.unitTests.size ?? 0 };
    for (const { resource_type: type } of manifest?.nodes.values() ?? [])
      if (type === 'model') counts.models += 1;
      else if (type === 'test') counts.tests += 1;
    const problem = this.#problem();
    return {
      name: manifest?.projectName ?? basename(this.folder),
      target: this.#survey?.hasTarget ? this.#survey.settings.target.name : null,
      targets: this.#survey?.targets ?? [],
      phase: this.#survey === undefined && problem === null ? 'loading' : this.#project ? 'ready' : 'broken',
      problem,
      counts,
    };
  }

  /** Reads everything from disk. What is open in the editor stays as it is there. */
  async load(target = this.#target): Promise<void> {
    this.#target = target;
    if (this.#library.length === 0) this.#library = await macroLibrary();
    this.#parser ??= await loadSqlParser();
    this.#unreadable = undefined;
    try {
      // What a template prints depends on it, and the editor shows what a run would send.
      const words = ['run', '--project-dir', this.folder, ...(target === '' ? [] : ['--target', target])];
      this.#survey = this.#shown(surveyFolder(parseArguments(words, environmentMap()), this.folder));
      this.#disk = readProjectFiles(this.folder, projectFileContext(this.#survey.settings));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // A folder that was deleted, a file that may not be read: it says which.
      this.#unreadable = error.message;
    }
    this.#assemble('other');
  }

  /** The text that the editor shows, saved or not; undefined closes it. */
  edit(path: string, text: string | undefined): void {
    const before = this.textOf(path);
    if (text === undefined) this.#close(path);
    else this.#open.set(path, { path, text: withoutMark(text) });
    if (this.textOf(path) !== before && this.#isPart(path)) this.#becomeStale(path);
  }

  /** It may have been saved a moment ago, by an editor that watches no files. */
  #close(path: string): void {
    this.#open.delete(path);
    if (!this.#disk.has(path)) return;
    const file = this.#read(path);
    if (file && file.text !== this.#disk.get(path)?.text) this.#disk.set(path, file);
  }

  /** Files that changed on disk, whoever did it. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    const changed = new Map<string, SourceFile>();
    for (const path of paths) {
      if (this.#isFolder(path)) {
        await this.load();
        return;
      }
      if (path !== PROFILES && !this.#isPart(path)) continue;
      const file = this.#read(path);
      const before = this.#survey?.files.get(path) ?? this.#disk.get(path);
      if (file?.text === before?.text && file?.isLarge === undefined && this.#unreadable === undefined)
        continue;
      // A new or removed file is one more or less of everything: the folder is read anew.
      if (!file || !before || DECIDING.has(path) || path === PROFILES || changed.size === MOST_EDITS) {
        await this.load();
        return;
      }
      changed.set(path, file);
    }
    for (const [path, file] of changed) {
      const before = this.textOf(path);
      this.#disk.set(path, file);
      if (this.textOf(path) !== before || file.isLarge) this.#becomeStale(path);
    }
  }

  /** Of a folder that is gone, an editor tells nothing but that. */
  #isFolder(path: string): boolean {
    if (/\.\w+$/u.test(path)) return false;
    return [...this.#disk.keys()].some((known) => known.startsWith(`${path}/`));
  }

  /** Whether a file is one of the project's, on disk or not yet; before the project was read nobody knows. */
  #isPart(path: string): boolean {
    if (DECIDING.has(path) || this.#disk.has(path)) return true;
    const root = this.#survey?.root;
    return root === undefined || isProjectFile(root, this.#disk.get('.dbtignore'), path);
  }

  setCatalog(catalog: Catalog): void {
    this.#catalog = catalog;
  }

  /** Of a file of the project or of the library; undefined when there is none. */
  textOf(path: string): string | undefined {
    if (path.startsWith(LIBRARY)) {
      const name = path.slice(LIBRARY.length);
      return this.#library.find((file) => file.path === name)?.text;
    }
    return (this.#open.get(path) ?? this.#disk.get(path))?.text ?? this.#survey?.files.get(path)?.text;
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  locationOf(place: Place): Location {
    return toLocation(this.folder, place, (path) => this.textOf(path));
  }

  uriOf(path: string): string {
    return uriOf(this.folder, path);
  }

  get uri(): string {
    return toUri(this.folder);
  }

  #problem(): ProjectState['problem'] {
    if (this.#unreadable !== undefined) return { message: this.#unreadable };
    const errors = this.problems.filter(({ severity }) => severity === 'error');
    const isFatal = this.#project === undefined || this.#survey?.hasTarget === false;
    // Without its packages much of a project is unknown, and only this says so.
    const first = isFatal ? errors[0] : errors.find(({ code }) => code === 'missing-packages');
    if (!first) return null;
    return {
      message: first.message,
      ...(first.place ? { location: this.locationOf(first.place) } : {}),
    };
  }

  #read(path: string): SourceFile | undefined {
    try {
      return readSourceFile(this.folder, path);
    } catch (error) {
      if (error instanceof UnreadableFile) return undefined;
      throw error;
    }
  }

  #becomeStale(path: string): void {
    if (this.#stale.size === 0)
      setImmediate(() => {
        this.#catchUp();
      });
    this.#stale.add(path);
  }

  #catchUp(): void {
    if (this.#stale.size === 0) return;
    const paths = [...this.#stale];
    this.#stale.clear();
    const isRemoved = (path: string): boolean => !this.#open.has(path) && !this.#disk.has(path);
    if (!this.#project || paths.some((path) => DECIDING.has(path) || isRemoved(path))) {
      this.#assemble('edit');
      return;
    }
    let made: ReturnType<typeof projectWith> = { project: this.#project, diagnostics: [] };
    for (const path of paths)
      if (made.project) made = projectWith(made.project, path, this.textOf(path) ?? '');
    this.#become(made.project, made.diagnostics, 'edit');
  }

  #assemble(cause: 'edit' | 'other'): void {
    this.#stale.clear();
    const survey = this.#survey;
    if (!survey) {
      this.#events.changed(this, cause);
      return;
    }
    const files = new Map(this.#disk);
    for (const [path, file] of this.#open) if (this.#isPart(path)) files.set(path, file);
    const { project, diagnostics } = loadProject({
      files,
      library: this.#library,
      settings: survey.hasTarget ? survey.settings : withoutTarget(survey.settings),
    });
    this.#become(project, diagnostics, cause);
  }

  /** A profiles.yml in the project's folder is one of its files, and named so. */
  #shown(survey: Survey): Survey {
    const own = join(this.folder, PROFILES);
    const placed = (problem: Diagnostic): Diagnostic =>
      problem.place?.path === own ? { ...problem, place: { ...problem.place, path: PROFILES } } : problem;
    return {
      ...survey,
      problems: survey.problems.map(placed),
      files: new Map(
        [...survey.files].map(([path, file]) =>
          path === own ? [PROFILES, { ...file, path: PROFILES }] : [path, file],
        ),
      ),
    };
  }

  /** A project file that is broken for a moment does not take the project away. */
  #become(project: Project | undefined, diagnostics: readonly Diagnostic[], cause: 'edit' | 'other'): void {
    this.#problems = project ? [] : diagnostics;
    if (project) this.#project = project;
    this.#version += 1;
    this.#events.changed(this, cause);
  }
}

/** Names that SQL can be written with: that there is no target is said once, and not in every model. */
function withoutTarget(settings: Settings): Settings {
  return { ...settings, target: { ...settings.target, database: 'unknown', schema: 'unknown' } };
}

/** Positions count from what an editor shows, and it does not show a byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
