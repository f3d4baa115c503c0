/** The entries of the YAML property files (`models:`, `sources:`, …), rendered as dbt renders them, each with its place. */

import type { Suggestion } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import type { Context } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import { extension, type FileSet, type SourceFile } from '../files.ts';
import type { Config } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { placeIn, type Problems } from '../problems.ts';
import { renderYaml } from '../render-yaml.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../yaml.ts';
import { closestName } from '../../base/closest-name.ts';

export const ENTRY_KEYS = [
  'models', 'seeds', 'snapshots', 'analyses', 'sources', 'macros', 'exposures', 'metrics', 'semantic_models', 'saved_queries',
  'unit_tests', 'data_tests', 'tests', 'groups', 'functions',
] as const; // prettier-ignore

export type EntryKey = (typeof ENTRY_KEYS)[number];

const OTHER_KEYS = new Set(['version', 'config-version', 'anchors']);

/** One item below a key of one property file. */
export interface SchemaEntry {
  readonly key: EntryKey;
  readonly owner: Package;
  readonly yaml: YamlFile;
  readonly path: YamlPath;
  readonly name: string;
  readonly value: Config;
  /** The same before templates were rendered. */
  readonly unrendered: Config;
  /** Relative to the package's folder. */
  readonly originalPath: string;
  /** Relative to the resource path it was found in. */
  readonly relativePath: string;
}

export function entryRange(entry: SchemaEntry, ...path: YamlPath): Range {
  return entry.yaml.rangeOf([...entry.path, ...path]);
}

/** Every entry of a package's property files, in file order. */
export function readSchemaFiles(
  files: FileSet,
  owner: Package,
  context: Context,
  problems: Problems,
): SchemaEntry[] {
  const entries: SchemaEntry[] = [];
  for (const { file, originalPath, relativePath } of resourceFiles(files, owner, schemaPaths(owner), [
    '.yml',
    '.yaml',
  ])) {
    const yaml = parseYaml(file);
    problems.addAll(yaml.diagnostics);
    if (yaml.value === null || yaml.value === undefined) continue;
    if (!isConfig(yaml.value)) {
      problems.error(
        'yaml-shape',
        `a property file must be a mapping of keys such as 'models:' or 'sources:'.`,
        placeIn(file),
      );
      continue;
    }
    checkKeys(yaml, yaml.value, problems);
    for (const key of ENTRY_KEYS) {
      const list = yaml.value[key];
      if (list === undefined || list === null) continue;
      if (!Array.isArray(list)) {
        problems.error(
          'yaml-shape',
          `'${key}' must be a list; start each item with '- name:'.`,
          placeIn(file, yaml.keyRangeOf([key])),
        );
        continue;
      }
      list.forEach((item: unknown, index) => {
        const path = [key, index];
        if (!isConfig(item)) {
          problems.error(
            'yaml-shape',
            `an item of '${key}' must be a mapping with a name.`,
            placeIn(file, yaml.rangeOf(path)),
          );
          return;
        }
        const value = renderYaml(
          yaml,
          item,
          context,
          problems,
          (at) => rendersInEntry(key, at.slice(2)),
          path,
        ) as Config;
        const { name } = value;
        if (key === 'data_tests' && name === undefined) {
          // dbt reads the entries of other tools' files here, too.
          problems.warning(
            'yaml-shape',
            `this item of '${key}' has no name; it is ignored.`,
            placeIn(file, yaml.rangeOf(path)),
          );
          return;
        }
        if (typeof name !== 'string' && typeof name !== 'number') {
          problems.error(
            'yaml-shape',
            `this item of '${key}' has no name. Add '- name: …'.`,
            placeIn(file, yaml.rangeOf(path)),
          );
          return;
        }
        entries.push({
          key,
          owner,
          yaml,
          path,
          name: String(name),
          value,
          unrendered: item,
          originalPath,
          relativePath,
        });
      });
    }
  }
  return entries;
}

function checkKeys(yaml: YamlFile, value: Config, problems: Problems): void {
  for (const key of Object.keys(value)) {
    if ((ENTRY_KEYS as readonly string[]).includes(key) || OTHER_KEYS.has(key)) continue;
    const close = closestName(key, ENTRY_KEYS);
    problems.warning(
      'unknown-key',
      `'${key}' means nothing in a property file; it is ignored.${close ? ` Did you mean '${close}'?` : ''}`,
      placeIn(yaml.file, yaml.keyRangeOf([key])),
      plainSuggestion(yaml.keyRangeOf([key]), key, close),
    );
  }
}

/** Only where the word fills its place: quoted or escaped it is left alone. */
export function plainSuggestion(
  range: Range,
  written: string,
  meant: string | undefined,
): Suggestion | undefined {
  return meant !== undefined && range.end - range.start === written.length
    ? { range, text: meant }
    : undefined;
}

/** Descriptions and test arguments are rendered later, with contexts of their own. */
function rendersInEntry(key: EntryKey, path: YamlPath): boolean {
  const isText = (at: YamlPath): boolean => {
    const [first, , third] = at;
    if (['description', 'tests', 'data_tests', 'loaded_at_query'].includes(String(first))) return true;
    if (
      first === 'config' &&
      ['pre_hook', 'post_hook', 'pre-hook', 'post-hook', 'loaded_at_query'].includes(String(at[1]))
    )
      return true;
    if (
      ['columns', 'dimensions', 'measures', 'entities', 'arguments'].includes(String(first)) &&
      ['description', 'tests', 'data_tests'].includes(String(third))
    )
      return true;
    return (
      first === 'versions' &&
      (['description', 'tests', 'data_tests'].includes(String(third)) ||
        (third === 'columns' && ['description', 'tests', 'data_tests'].includes(String(at[4]))))
    );
  };
  if (key === 'sources') return path[0] === 'tables' ? !isText(path.slice(2)) : !isText(path);
  if (key === 'unit_tests') return false;
  if (key === 'metrics') return !path.includes('filter') && !isText(path);
  if (key === 'saved_queries') return !(path[0] === 'query_params' && path[1] === 'where') && !isText(path);
  return !isText(path);
}

function schemaPaths(owner: Package): string[] {
  return [
    ...owner.modelPaths,
    ...owner.seedPaths,
    ...owner.snapshotPaths,
    ...owner.analysisPaths,
    ...owner.macroPaths,
    ...owner.testPaths,
  ];
}

export interface ResourceFile {
  readonly file: SourceFile;
  /** Relative to the package's folder. */
  readonly originalPath: string;
  /** Relative to the resource path. */
  readonly relativePath: string;
}

/** The files of the given kinds below a package's resource paths, each once, in dbt's order of paths. */
export function resourceFiles(
  files: FileSet,
  owner: Package,
  paths: readonly string[],
  extensions: readonly string[],
): ResourceFile[] {
  const found = new Map<string, ResourceFile>();
  const below = owner.folder ? `${owner.folder}/` : '';
  for (const path of new Set(paths)) {
    const prefix = path === '.' || path === '' ? below : `${below}${path}/`;
    for (const file of files.values()) {
      if (!file.path.startsWith(prefix) || found.has(file.path) || !extensions.includes(extension(file.path)))
        continue;
      found.set(file.path, {
        file,
        originalPath: file.path.slice(below.length),
        relativePath: file.path.slice(prefix.length),
      });
    }
  }
  return [...found.values()];
}

/** The `tests` and `data_tests` lists of an entry or a column, each with its path below it. */
export function testsOf(value: Config): { readonly test: unknown; readonly path: YamlPath }[] {
  return (['data_tests', 'tests'] as const).flatMap((key) =>
    asList(value[key]).map((test, index) => ({ test, path: [key, index] })),
  );
}
