/** Finds the project, its profile and its files, and reads them: the composition root of every command. */

import { plainText } from '../base/plain-text.ts';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../base/diagnostic.ts';
import { concealing } from '../project/concealment.ts';
import { isConfig } from '../project/config.ts';
import type { SourceFile } from '../project/files.ts';
import { parseTime } from '../project/microbatch.ts';
import { Problems } from '../project/problems.ts';
import { readProjectFile, type Package } from '../project/project-file.ts';
import { loadProject, projectFileContext, type Project } from '../project/project.ts';
import { readTarget, targetNames, targetType } from '../project/profile.ts';
import {
  defaultFlags,
  type Flags,
  type IndirectSelection,
  type Settings,
  type Target,
} from '../project/settings.ts';
import { parseYaml } from '../project/yaml.ts';
import type { ConnectionSettings, Warehouse } from '../warehouse/port.ts';
import { readProjectFiles, readText } from '../workspace/disk.ts';
import { flag, numberedOr, text, toggle, UsageError, type Arguments } from './arguments.ts';

/** What a command works with. */
export interface Opened {
  readonly folder: string;
  readonly project: Project;
  readonly diagnostics: readonly Diagnostic[];
}

/** Errors of the project stop a command before it starts; exit code 2. */
export class ProjectErrors extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, SourceFile>;

  constructor(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, SourceFile>) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
    this.diagnostics = diagnostics;
    this.texts = texts;
  }
}

/** The folder of the project: named, or the closest with a dbt_project.yml from here upwards. */
export function findProjectFolder(args: Arguments): string {
  const named = text(args, 'project-dir');
  if (named !== null) {
    const folder = resolve(named);
    if (!existsSync(folder))
      throw new UsageError(`Invalid value for '--project-dir': Path '${named}' does not exist.`);
    return folder;
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'dbt_project.yml'))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

export function environmentMap(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Where the embedded server and other state of a project live. */
export function stateFolder(folder: string): string {
  const home = process.env.GRAINLINE_HOME;
  return home === undefined || home === '' ? join(folder, '.grainline') : resolve(home);
}

export interface Located {
  readonly folder: string;
  readonly settings: Settings;
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** What a folder says before its models are read: never a throw, for an editor opens what is broken, too. */
export interface Survey extends Located {
  /** Undefined when there is no usable dbt_project.yml. */
  readonly root: Package | undefined;
  /** False when the target cannot be had; the settings then have one without a name. */
  readonly hasTarget: boolean;
  readonly problems: readonly Diagnostic[];
  readonly targets: readonly string[];
  /** The `type` of the target's output, such as `snowflake`, also where Grainline does not run on it. */
  readonly targetType: string | undefined;
}

/** `from` is the folder in which the command is given: profiles.yml is looked for there first. */
export function surveyFolder(args: Arguments, from = process.cwd()): Survey {
  const folder = findProjectFolder(args);
  const environment = environmentMap();
  const vars = commandLineVars(args);
  const problems = new Problems(concealing(environment, new Map()));
  const bare = settingsWith(args, placeholderTarget, environment, vars, {});
  const context = projectFileContext(bare);
  const projectText = textOf(join(folder, 'dbt_project.yml'));
  const file: SourceFile = { path: 'dbt_project.yml', text: projectText ?? '' };
  const only = projectText === undefined ? new Map<string, SourceFile>() : new Map([[file.path, file]]);
  const root = readProjectFile(only, '', context, problems);
  const surveyed = (
    target: Target | undefined,
    files: ReadonlyMap<string, SourceFile>,
    targets: readonly string[],
    profileName = '',
    type?: string,
  ): Survey => ({
    folder,
    root,
    hasTarget: target !== undefined,
    settings: settingsWith(
      args,
      target ?? { ...placeholderTarget, profileName },
      environment,
      vars,
      root?.flags ?? {},
    ),
    problems: problems.all(),
    targets,
    targetType: type,
    files,
  });
  if (!root) return surveyed(undefined, only, []);
  const profileName = text(args, 'profile') ?? root.profile;
  const profiles = profilesFile(args, folder, from);
  const shown = new Map([...only, ...(profiles ? [[profiles.path, profiles] as const] : [])]);
  const threads = toggle(args, 'single-threaded') === true ? 1 : threadsOption(args);
  if (profileName === null) {
    problems.error(
      'missing-profile',
      'dbt_project.yml names no profile. Add `profile: name`, or name one with --profile.',
      { path: file.path, range: { start: 0, end: 0 } },
    );
    return surveyed(undefined, shown, []);
  }
  const target = readTarget(profiles, { profileName, target: text(args, 'target'), threads }, bare, problems);
  const type = targetType(profiles, { profileName, target: text(args, 'target') });
  return surveyed(target, shown, targetNames(profiles, profileName), profileName, type);
}

/** Everything up to the target: enough for commands that need a server but no models. */
export function locate(args: Arguments, need: 'target' | 'no-target' = 'target'): Located {
  const { folder, settings, files, root, hasTarget, problems } = surveyFolder(args);
  const isUsable = root && (hasTarget || (need === 'no-target' && settings.target.profileName !== ''));
  if (!isUsable) throw new ProjectErrors(problems, files);
  return { folder, settings, files };
}

/** Reads and assembles the project; throws ProjectErrors when it cannot be used as it is. */
export async function openProject(args: Arguments): Promise<Opened> {
  const opened = await openWithProblems(args);
  const errors = opened.diagnostics.filter((diagnostic) => isFatal(diagnostic, opened.project));
  if (errors.length > 0) throw new ProjectErrors(errors, opened.project.input.files);
  return opened;
}

/** The same, with its errors as values: for `check` and for what shows them. */
export async function openWithProblems(args: Arguments): Promise<Opened> {
  const { folder, settings } = locate(args);
  const files = readProjectFiles(folder, projectFileContext(settings));
  const { project, diagnostics } = loadProject({ files, library: await macroLibrary(), settings });
  if (!project) throw new ProjectErrors(diagnostics, files);
  return { folder, project, diagnostics };
}

function isFatal(diagnostic: Diagnostic, project: Project): boolean {
  return (
    diagnostic.severity === 'error' ||
    (diagnostic.severity === 'warning' && project.input.settings.flags.warnError)
  );
}

/** The engine's macros: one file beside the bundle, or the folder when run from source. */
export async function macroLibrary(): Promise<SourceFile[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  // The bundle's parts stand one folder below its entry.
  const bundled = [join(here, 'macros.json'), join(here, '../macros.json')].find((path) => existsSync(path));
  if (bundled !== undefined) {
    const files = JSON.parse(readFileSync(bundled, 'utf8')) as Record<
      string,
      Pick<SourceFile, 'text' | 'calls'>
    >;
    return Object.entries(files).map(([path, file]) => ({ path, ...file }));
  }
  const root = join(here, '../../macros');
  const files: SourceFile[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.sql')) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({
      path: path.slice(root.length + 1).replaceAll('\\', '/'),
      text: await readFile(path, 'utf8'),
    });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** undefined when it is not there; the caller says what that means. */
function textOf(path: string): string | undefined {
  return readText(path, path);
}

function profilesFile(args: Arguments, folder: string, from: string): SourceFile | undefined {
  const named = text(args, 'profiles-dir');
  const places = named === null ? [from, folder, join(homedir(), '.dbt')] : [resolve(named)];
  for (const place of places) {
    const path = join(place, 'profiles.yml');
    const content = textOf(path);
    if (content !== undefined) return { path, text: content };
  }
  return undefined;
}

const placeholderTarget: Target = {
  profileName: '',
  name: '',
  kind: 'postgres',
  database: '',
  schema: '',
  threads: 1,
  credentials: {},
};

function commandLineVars(args: Arguments): Record<string, unknown> {
  const written = text(args, 'vars');
  if (written === null) return {};
  const yaml = parseYaml({ path: '--vars', text: written });
  if (yaml.diagnostics.length > 0 || !isConfig(yaml.value ?? {})) {
    throw new UsageError(
      `Invalid value for '--vars': it must be a YAML mapping such as '{name: value}'; this is '${written}'.`,
    );
  }
  return isConfig(yaml.value) ? yaml.value : {};
}

function threadsOption(args: Arguments): number | null {
  if (text(args, 'threads') === null) return null;
  const threads = numberedOr(args, 'threads', 1);
  if (threads < 1) throw new UsageError(`Invalid value for '--threads': ${String(threads)} is less than 1.`);
  return threads;
}

const INDIRECT: readonly IndirectSelection[] = ['eager', 'cautious', 'buildable', 'empty'];

function settingsWith(
  args: Arguments,
  target: Target,
  environment: ReadonlyMap<string, string>,
  vars: Record<string, unknown>,
  projectFlags: Readonly<Record<string, unknown>>,
): Settings {
  const asked =
    text(args, 'indirect-selection') ??
    (typeof projectFlags.indirect_selection === 'string' ? projectFlags.indirect_selection : 'eager');
  const indirectSelection = INDIRECT.find((kind) => kind === asked);
  if (!indirectSelection)
    throw new UsageError(
      `Invalid value for '--indirect-selection': '${asked}' is not one of ${INDIRECT.map((kind) => `'${kind}'`).join(', ')}.`,
    );
  const fromProject = (key: string): boolean => projectFlags[key] === true;
  const flags: Flags = {
    ...defaultFlags,
    fullRefresh: flag(args, 'full-refresh') ? true : null,
    storeFailures: flag(args, 'store-failures') || fromProject('store_failures'),
    empty: toggle(args, 'empty') ?? false,
    failFast: toggle(args, 'fail-fast') ?? fromProject('fail_fast'),
    warnError: flag(args, 'warn-error') || fromProject('warn_error') || raisesAll(args),
    favorState: toggle(args, 'favor-state') ?? false,
    defer: toggle(args, 'defer') ?? false,
    introspect: toggle(args, 'introspect') ?? true,
    quiet: toggle(args, 'quiet') ?? false,
    ...eventTimes(args),
    indirectSelection,
    which:
      args.command === 'docs'
        ? 'generate'
        : args.command === 'source'
          ? 'freshness'
          : args.command === 'ls'
            ? 'list'
            : args.command,
    others: Object.fromEntries(
      Object.entries(projectFlags).map(([key, value]) => [key.toUpperCase(), value]),
    ),
  };
  return { target, vars, environment, flags, invocationId: randomUUID(), startedAt: Date.now() };
}

/** `--event-time-start` and `--event-time-end`: both or neither, the earlier first. */
function eventTimes(args: Arguments): Pick<Flags, 'eventTimeStart' | 'eventTimeEnd'> {
  const [start, end] = (['event-time-start', 'event-time-end'] as const).map((name) => {
    const written = text(args, name);
    if (written === null) return null;
    const time = parseTime(written);
    if (time === undefined)
      throw new UsageError(
        `Invalid value for '--${name}': '${written}' is no date or time such as 2026-01-31 or '2026-01-31 08:00:00'.`,
      );
    return { written, time };
  });
  if (!start && !end) return {};
  if (!start || !end)
    throw new UsageError(
      'The flags --event-time-start and --event-time-end belong together. Give both or neither.',
    );
  if (start.time >= end.time)
    throw new UsageError('Value for `--event-time-start` must be less than `--event-time-end`.');
  return { eventTimeStart: start.written, eventTimeEnd: end.written };
}

/** `--warn-error-options '{error: all}'`; `include` is the older word. */
function raisesAll(args: Arguments): boolean {
  const written = text(args, 'warn-error-options');
  if (written === null) return false;
  const { value } = parseYaml({ path: '--warn-error-options', text: written });
  return isConfig(value) && [value.error, value.include].some((names) => names === 'all' || names === '*');
}

/** A warehouse for the target; the embedded server is started when it is the target. */
export async function openWarehouse(
  folder: string,
  target: Target,
  onProgress: (line: string) => void,
): Promise<Warehouse> {
  const { postgresWarehouse } = await import('../warehouse/postgres/warehouse.ts');
  return postgresWarehouse(await connectionSettings(folder, target, onProgress));
}

export async function connectionSettings(
  folder: string,
  target: Target,
  onProgress: (line: string) => void,
): Promise<ConnectionSettings> {
  if (target.kind === 'embedded') {
    const { ensureEmbedded } = await import('../warehouse/embedded/launcher.ts');
    const settings = await ensureEmbedded({
      stateFolder: stateFolder(folder),
      searchFrom: [folder],
      onProgress,
    });
    return { ...settings, database: target.database };
  }
  const { credentials } = target;
  const optional = (key: string): string | undefined => {
    const value = credentials[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const given = {
    sslmode: optional('sslmode'),
    sslcert: optional('sslcert'),
    sslkey: optional('sslkey'),
    sslrootcert: optional('sslrootcert'),
    searchPath: optional('search_path'),
    role: optional('role'),
  };
  return {
    host: String(credentials.host),
    port: Number(credentials.port),
    user: String(credentials.user),
    password: plainText(credentials.password),
    database: target.database,
    connectTimeout: Number(credentials.connect_timeout ?? 10),
    keepalivesIdle: Number(credentials.keepalives_idle ?? 0),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
