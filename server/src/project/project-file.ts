/** dbt_project.yml: what a package says about itself, rendered and with dbt's defaults filled in. */

import { plainText } from '../base/plain-text.ts';
import { PyFloat, type Context } from '../jinja/index.ts';
import { asList, isConfig } from './config.ts';
import { joinPath, type FileSet, type SourceFile } from './files.ts';
import type { Config } from './nodes.ts';
import { placeIn, type Problems } from './problems.ts';
import { renderYaml } from './render-yaml.ts';
import { parseYaml, type YamlFile, type YamlPath } from './yaml.ts';

/** The sections of dbt_project.yml that configure resources by folder. */
export type ConfigSection =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'sources'
  | 'data_tests'
  | 'unit_tests'
  | 'exposures'
  | 'metrics'
  | 'semantic-models'
  | 'saved-queries';

export interface Package {
  readonly name: string;
  readonly version: string;
  /** The package's folder relative to the root project's; empty for the root project. */
  readonly folder: string;
  readonly file: SourceFile;
  readonly profile: string | null;
  readonly modelPaths: readonly string[];
  readonly seedPaths: readonly string[];
  readonly testPaths: readonly string[];
  readonly analysisPaths: readonly string[];
  readonly macroPaths: readonly string[];
  readonly snapshotPaths: readonly string[];
  /** null: docs blocks are looked for in all resource paths. */
  readonly docsPaths: readonly string[] | null;
  readonly packagesInstallPath: string;
  readonly targetPath: string;
  readonly cleanTargets: readonly string[];
  readonly quoting: Config;
  readonly onRunStart: readonly string[];
  readonly onRunEnd: readonly string[];
  readonly vars: Config;
  readonly dispatch: readonly { readonly namespace: string; readonly searchOrder: readonly string[] }[];
  /** Comment put on every statement; null for none, undefined for dbt's default. */
  readonly queryComment: string | null | { comment: string | null | undefined; append: boolean } | undefined;
  readonly sections: Readonly<Record<ConfigSection, unknown>>;
  /** The same as written, before templates were rendered: what `state:modified` compares. */
  readonly unrenderedSections: Readonly<Record<ConfigSection, unknown>>;
  readonly flags: Config;
  readonly restrictAccess: boolean;
}

const KNOWN_KEYS = new Set([
  'name', 'version', 'config-version', 'profile', 'project-root', 'source-paths', 'model-paths', 'macro-paths', 'data-paths', 'seed-paths',
  'test-paths', 'analysis-paths', 'docs-paths', 'asset-paths', 'target-path', 'snapshot-paths', 'clean-targets', 'log-path',
  'packages-install-path', 'quoting', 'on-run-start', 'on-run-end', 'require-dbt-version', 'dispatch', 'models', 'seeds', 'snapshots',
  'analyses', 'sources', 'tests', 'data_tests', 'unit_tests', 'metrics', 'semantic-models', 'saved-queries', 'exposures', 'functions',
  'function-paths', 'vars', 'packages', 'query-comment', 'restrict-access', 'dbt-cloud', 'flags',
]); // prettier-ignore

const RENAMED_KEYS = [
  ['source-paths', 'model-paths'],
  ['data-paths', 'seed-paths'],
] as const;

/** Reads the project file of one package; undefined (with a diagnostic) when nothing can be made of it. */
export function readProjectFile(
  files: FileSet,
  folder: string,
  context: Context,
  problems: Problems,
): Package | undefined {
  const path = joinPath(...(folder ? [folder] : []), 'dbt_project.yml');
  const file = files.get(path);
  if (!file) {
    problems.error(
      'project-file',
      `there is no dbt_project.yml in this folder. Run the command in a dbt project, or name one with --project-dir.`,
    );
    return undefined;
  }
  const yaml = parseYaml(file);
  problems.addAll(yaml.diagnostics);
  if (yaml.diagnostics.length > 0) return undefined;
  if (!isConfig(yaml.value)) {
    problems.error(
      'project-file',
      'dbt_project.yml must be a mapping with at least a name. Add `name: my_project`.',
      placeIn(file),
    );
    return undefined;
  }
  const written = renderYaml(yaml, yaml.value, context, problems, rendersInProjectFile) as Config;
  return packageFrom(yaml, written, yaml.value, folder, problems);
}

/** Hooks, vars and the query comment are rendered when they are used. */
function rendersInProjectFile(path: YamlPath): boolean {
  const first = String(path[0]);
  if (['on-run-start', 'on-run-end', 'query-comment', 'vars'].includes(first)) return false;
  if (!['seeds', 'models', 'snapshots', 'tests', 'data_tests'].includes(first)) return true;
  return !path.some((part) => /^[+ ]*(?:pre|post)[-_]hook$/.test(String(part)));
}

function packageFrom(
  yaml: YamlFile,
  written: Config,
  unrendered: Config,
  folder: string,
  problems: Problems,
): Package | undefined {
  const { file } = yaml;
  for (const key of Object.keys(written)) {
    if (KNOWN_KEYS.has(key)) continue;
    problems.warning(
      'unknown-key',
      `dbt_project.yml has no setting named '${key}'. Correct its spelling or remove it.`,
      placeIn(file, yaml.keyRangeOf([key])),
    );
  }
  for (const [old, current] of RENAMED_KEYS) {
    if (written[old] === undefined) continue;
    problems.warning(
      'deprecated-setting',
      `The \`${old}\` config has been renamed to \`${current}\`. Please update your dbt_project.yml.`,
      placeIn(file, yaml.keyRangeOf([old])),
    );
  }
  const { name } = written;
  if (typeof name !== 'string' || !/^[^\d\W]\w*$/.test(name)) {
    problems.error(
      'project-file',
      `the project needs a name of letters, digits and underscores that does not start with a digit; this is '${String(name)}'.`,
      placeIn(file, yaml.rangeOf(['name'])),
    );
    return undefined;
  }
  const { version } = written;
  if (version !== undefined && version !== null && !isVersion(version)) {
    problems.error(
      'project-file',
      `the version must be a number or text such as '1.0.0'; this is ${JSON.stringify(version)}.`,
      placeIn(file, yaml.rangeOf(['version'])),
    );
  }
  const paths = (key: string, fallback: readonly string[], oldKey?: string): string[] => {
    const value = written[key] ?? (oldKey === undefined ? undefined : written[oldKey]);
    if (value === undefined || value === null) return [...fallback];
    return [...new Set(asList(value).map((item) => joinPath(String(item).replace(/\/+$/, '')) || '.'))];
  };
  const modelPaths = paths('model-paths', ['models'], 'source-paths');
  const seedPaths = paths('seed-paths', ['seeds'], 'data-paths');
  const flags = isConfig(written.flags) ? written.flags : {};
  return {
    name,
    version: plainText(written.version),
    folder,
    file,
    profile: typeof written.profile === 'string' ? written.profile : null,
    modelPaths,
    seedPaths,
    testPaths: paths('test-paths', ['tests']),
    analysisPaths: paths('analysis-paths', ['analyses']),
    macroPaths: paths('macro-paths', ['macros']),
    snapshotPaths: paths('snapshot-paths', ['snapshots']),
    docsPaths: written['docs-paths'] === undefined ? null : paths('docs-paths', []),
    packagesInstallPath:
      typeof written['packages-install-path'] === 'string'
        ? written['packages-install-path']
        : 'dbt_packages',
    targetPath: typeof written['target-path'] === 'string' ? written['target-path'] : 'target',
    cleanTargets: written['clean-targets'] === undefined ? [] : asList(written['clean-targets']).map(String),
    quoting: isConfig(written.quoting) ? written.quoting : {},
    onRunStart: asList(written['on-run-start']).map(String),
    onRunEnd: asList(written['on-run-end']).map(String),
    vars: isConfig(written.vars) ? written.vars : {},
    dispatch: asList(written.dispatch).flatMap((entry) =>
      isConfig(entry) && typeof entry.macro_namespace === 'string'
        ? [{ namespace: entry.macro_namespace, searchOrder: asList(entry.search_order).map(String) }]
        : [],
    ),
    queryComment: queryComment(written),
    sections: sectionsOf(written),
    unrenderedSections: sectionsOf(unrendered),
    flags,
    restrictAccess: written['restrict-access'] === true,
  };
}

function sectionsOf(settings: Config): Package['sections'] {
  return {
    models: settings.models,
    seeds: settings.seeds,
    snapshots: settings.snapshots,
    sources: settings.sources,
    data_tests: settings.data_tests ?? settings.tests,
    unit_tests: settings.unit_tests,
    exposures: settings.exposures,
    metrics: settings.metrics,
    'semantic-models': settings['semantic-models'],
    'saved-queries': settings['saved-queries'],
  };
}

function isVersion(value: unknown): boolean {
  return (
    typeof value === 'number' ||
    value instanceof PyFloat ||
    (typeof value === 'string' && /^\d+(?:\.\d+){0,2}(?:[-+a-z0-9.]*)?$/i.test(value))
  );
}

function queryComment(written: Config): Package['queryComment'] {
  if (!('query-comment' in written)) return undefined;
  const value = written['query-comment'];
  if (isConfig(value)) {
    return {
      comment:
        value.comment === undefined ? undefined : value.comment === null ? null : plainText(value.comment),
      append: value.append === true,
    };
  }
  return value === null || value === '' ? null : plainText(value);
}

/** The installed packages: each folder of the install path with a dbt_project.yml, by name. */
export function packageFolders(files: FileSet, installPath: string): string[] {
  const folders = new Set<string>();
  const prefix = `${installPath}/`;
  for (const path of files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const folder = path.slice(0, path.indexOf('/', prefix.length));
    if (path === `${folder}/dbt_project.yml`) folders.add(folder);
  }
  return [...folders].sort();
}
