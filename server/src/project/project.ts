/** The project: an immutable value that everything else asks. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import type { Context } from '../jinja/index.ts';
import { asList, isConfig } from './config.ts';
import { concealing } from './concealment.ts';
import { projectFileContext } from './context/file-contexts.ts';
import type { World } from './context/world.ts';
import { withEditedResource } from './edit.ts';
import { withFile, type FileSet, type SourceFile } from './files.ts';
import { buildGraph, findCycle, type Graph } from './graph.ts';
import { BUILTIN_PACKAGES, buildMacroTable, macroFiles, type MacroSource } from './macros.ts';
import type { Manifest } from './manifest.ts';
import type { Config } from './nodes.ts';
import { assemble, placesOf } from './parse/assemble.ts';
import type { Origin } from './parse/collected.ts';
import { packageFolders, readProjectFile, type Package } from './project-file.ts';
import { placeIn, Problems } from './problems.ts';
import { renderYaml } from './render-yaml.ts';
import type { Settings } from './settings.ts';
import { parseYaml } from './yaml.ts';

export interface ProjectInput {
  /** The project's files and those of its installed packages. */
  readonly files: FileSet;
  /** The engine's own macros: `dbt/…` and `dbt_postgres/…`. */
  readonly library: readonly SourceFile[];
  readonly settings: Settings;
}

export interface Project {
  readonly input: ProjectInput;
  readonly world: World;
  readonly manifest: Manifest;
  readonly graph: Graph;
  readonly origins: ReadonlyMap<string, Origin>;
  /** Those of the diagnostics that one resource alone brought about, by unique id. */
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a project. What is wrong with it is in its diagnostics; undefined only when there is no dbt_project.yml to begin with. */
export function loadProject(input: ProjectInput): {
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { files, settings } = input;
  const problems = new Problems(concealing(settings.environment, files));
  const context = projectFileContext(settings);
  const root = readProjectFile(files, '', context, problems);
  if (!root) return { project: undefined, diagnostics: problems.all() };
  const packages = new Map([[root.name, root]]);
  for (const folder of packageFolders(files, root.packagesInstallPath)) {
    const installed = readProjectFile(files, folder, context, problems);
    if (!installed) continue;
    if (packages.has(installed.name)) {
      problems.error(
        'duplicate-package',
        `two packages have the name '${installed.name}': ${packages.get(installed.name)?.folder ?? 'the project'} and ${folder}. Remove or rename one.`,
        placeIn(installed.file),
      );
      continue;
    }
    packages.set(installed.name, installed);
  }
  checkInstalledPackages(files, root, packages, problems);
  const macros = buildMacroTable(root.name, macroSources(input, [...packages.values()]), problems);
  const world: World = { settings, root, packages, macros };
  const { manifest, origins, findings } = assemble(
    world,
    files,
    readSelectors(files, context, problems),
    problems,
  );
  const graph = buildGraph(manifest);
  const cycle = findCycle(graph);
  if (cycle) reportCycle(cycle, origins, manifest, problems);
  const project: Project = {
    input,
    world,
    manifest,
    graph,
    origins,
    findings,
    diagnostics: problems.all(),
  };
  return { project, diagnostics: project.diagnostics };
}

/** The project with one file changed; every file that is untouched keeps what was derived from it. */
export function projectWith(project: Project, path: string, text: string): ReturnType<typeof loadProject> {
  const files = withFile(project.input.files, path, text);
  if (files === project.input.files) return { project, diagnostics: project.diagnostics };
  const edited = withEditedResource(project, files.get(path) ?? { path, text });
  if (edited) return { project: edited, diagnostics: edited.diagnostics };
  return loadProject({ ...project.input, files });
}

function macroSources(input: ProjectInput, packages: readonly Package[]): MacroSource[] {
  const builtin = BUILTIN_PACKAGES.map((name) => ({
    packageName: name,
    folder: '',
    files: input.library.filter((file) => file.path.startsWith(`${name}/`)),
  }));
  return [
    ...builtin,
    ...packages.map((source) => ({
      packageName: source.name,
      folder: source.folder,
      files: macroFiles(input.files, source),
    })),
  ];
}

/** Packages that packages.yml names but that are not there: everything after would be a riddle. */
function checkInstalledPackages(
  files: FileSet,
  root: Package,
  packages: ReadonlyMap<string, Package>,
  problems: Problems,
): void {
  const wanted = ['packages.yml', 'dependencies.yml'].flatMap((path) => {
    const file = files.get(path);
    const value = file ? parseYaml(file).value : null;
    return file && isConfig(value) ? asList(value.packages).map((entry) => ({ file, entry })) : [];
  });
  const installed = packages.size - 1;
  const [first] = wanted;
  if (!first || installed >= wanted.length) return;
  problems.error(
    'missing-packages',
    `dbt found ${String(wanted.length)} package(s) specified in ${first.file.path}, but only ${String(installed)} package(s) installed in ${root.packagesInstallPath}. Run "dbt deps" to install package dependencies.`,
    placeIn(first.file),
  );
}

function readSelectors(files: FileSet, context: Context, problems: Problems): ReadonlyMap<string, Config> {
  const file = files.get('selectors.yml');
  if (!file) return new Map();
  const yaml = parseYaml(file);
  problems.addAll(yaml.diagnostics);
  const value = renderYaml(yaml, yaml.value, context, problems);
  const selectors = isConfig(value) ? asList(value.selectors).filter(isConfig) : [];
  return new Map(selectors.map((selector) => [String(selector.name), selector]));
}

/** Each resource is named where it reads the one before it; the first reads the last. */
function reportCycle(
  cycle: readonly string[],
  origins: ReadonlyMap<string, Origin>,
  manifest: Manifest,
  problems: Problems,
): void {
  const [first = ''] = cycle;
  const path = [...cycle, ...(cycle.at(-1) === first ? [] : [first])].join(' --> ');
  const placeAt = (index: number): Place | undefined => {
    const parent = manifest.nodes.get(cycle.at(index - 1) ?? '');
    return parent && placesOf(origins.get(cycle[index] ?? ''))(parent.name);
  };
  const related = cycle.slice(1).flatMap((id, index) => {
    const place = placeAt(index + 1);
    return place ? [{ message: `${id} reads ${cycle[index] ?? ''} here`, place }] : [];
  });
  problems.error('cycle', `Found a cycle: ${path}. Remove one of these refs.`, placeAt(0), related);
}

export { projectFileContext };
