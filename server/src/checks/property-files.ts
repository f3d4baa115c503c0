/** The project's own property files, entry by entry as written, down to columns, tables and versions. */

import { isConfig } from '../project/config.ts';
import type { Config } from '../project/nodes.ts';
import { resourceFiles } from '../project/parse/schema-files.ts';
import type { Project } from '../project/project.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../project/yaml.ts';
import type { EntryKind } from './property-keys.ts';

export interface WrittenEntry {
  readonly kind: EntryKind;
  readonly yaml: YamlFile;
  readonly path: YamlPath;
  readonly value: Config;
}

/** The keys of a property file that hold entries with known properties. */
export const TOP: Readonly<Record<string, EntryKind>> = {
  models: 'models',
  seeds: 'seeds',
  snapshots: 'snapshots',
  analyses: 'analyses',
  sources: 'sources',
  macros: 'macros',
  exposures: 'exposures',
  unit_tests: 'unit_tests',
  groups: 'groups',
  data_tests: 'singular_tests',
  tests: 'singular_tests',
};

/** Which of an entry's properties hold entries again. */
export const NESTED: Readonly<Partial<Record<EntryKind, Readonly<Record<string, EntryKind>>>>> = {
  models: { columns: 'columns', versions: 'versions' },
  versions: { columns: 'columns' },
  seeds: { columns: 'columns' },
  snapshots: { columns: 'columns' },
  analyses: { columns: 'columns' },
  sources: { tables: 'tables' },
  tables: { columns: 'columns' },
  macros: { arguments: 'arguments' },
  unit_tests: { given: 'given', expect: 'expect', overrides: 'overrides' },
};

/** Of the root project's property files, those that `concerns` names. */
export function* writtenEntries(
  { input, world }: Project,
  concerns: (path: string) => boolean,
): IterableIterator<WrittenEntry> {
  const { root } = world;
  const paths = [
    ...root.modelPaths,
    ...root.seedPaths,
    ...root.snapshotPaths,
    ...root.analysisPaths,
    ...root.macroPaths,
    ...root.testPaths,
  ];
  for (const { file } of resourceFiles(input.files, root, paths, ['.yml', '.yaml'])) {
    if (!concerns(file.path)) continue;
    const yaml = parseYaml(file);
    if (!isConfig(yaml.value)) continue;
    for (const [key, kind] of Object.entries(TOP)) yield* entriesIn(yaml, kind, [key], yaml.value[key]);
  }
}

/** Not lists, but one entry each. */
export const SINGLE: ReadonlySet<EntryKind> = new Set(['expect', 'overrides']);

/** What is not shaped as it should be has been reported as that. */
function* entriesIn(
  yaml: YamlFile,
  kind: EntryKind,
  path: YamlPath,
  value: unknown,
): IterableIterator<WrittenEntry> {
  if (SINGLE.has(kind)) {
    if (isConfig(value)) yield* entryAndBelow(yaml, kind, path, value);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (isConfig(item)) yield* entryAndBelow(yaml, kind, [...path, index], item);
  }
}

function* entryAndBelow(
  yaml: YamlFile,
  kind: EntryKind,
  path: YamlPath,
  value: Config,
): IterableIterator<WrittenEntry> {
  yield { kind, yaml, path, value };
  for (const [key, nested] of Object.entries(NESTED[kind] ?? {}))
    yield* entriesIn(yaml, nested, [...path, key], value[key]);
}
