/** The names that property files and dbt_project.yml give and use outside of templates: entries, columns, tests, variables, config keys. */

import type { Range } from '../base/text.ts';
import { asList, isConfig } from '../project/config.ts';
import type { SourceFile } from '../project/files.ts';
import type { Config } from '../project/nodes.ts';
import type { YamlFile, YamlPath } from '../project/yaml.ts';
import { keyAt, scalarAt, tolerantYaml } from './passages.ts';
import type { OwnedFile } from './source-files.ts';

export type NodeSection =
  'models' | 'seeds' | 'snapshots' | 'analyses' | 'data_tests' | 'exposures' | 'unit_tests';

export type YamlNameKind =
  /** An entry that names a resource, or the version of one. */
  | { readonly kind: 'entry'; readonly section: NodeSection; readonly version: EntryVersion | null }
  | { readonly kind: 'source' }
  | { readonly kind: 'table'; readonly source: string }
  | { readonly kind: 'column'; readonly of: ColumnOwner }
  | { readonly kind: 'macro' }
  /** A generic test, asked for. */
  | { readonly kind: 'test'; readonly package: string | null }
  /** `model:` of a unit test. */
  | { readonly kind: 'tested' }
  /** Of all packages, or of one that the mapping around it may be the name of. */
  | { readonly kind: 'variable'; readonly package: string | null }
  | { readonly kind: 'config'; readonly type: string };

export interface EntryVersion {
  readonly model: string;
  readonly v: string;
}

export type ColumnOwner =
  | { readonly kind: 'entry'; readonly section: NodeSection; readonly name: string }
  | { readonly kind: 'table'; readonly source: string; readonly table: string };

export interface YamlName {
  readonly is: YamlNameKind;
  readonly name: string;
  /** Of what the name is the name of; of its value, where it is a key. */
  readonly path: YamlPath;
  readonly locate: () => Range | undefined;
}

const known = new WeakMap<SourceFile, readonly YamlName[]>();

export function yamlNames({ file, role }: OwnedFile): readonly YamlName[] {
  if (role !== 'properties' && role !== 'settings') return [];
  let names = known.get(file);
  if (!names) {
    const yaml = tolerantYaml(file);
    const value = isConfig(yaml.value) ? yaml.value : {};
    const found = new Names(yaml);
    if (role === 'properties') propertyNames(found, value);
    else settingNames(found, value);
    known.set(file, (names = found.all));
  }
  return names;
}

class Names {
  readonly all: YamlName[] = [];
  readonly #yaml: YamlFile;

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
  }

  /** A name that is the value at `path` + `key`; the named thing is at `path`. */
  value(is: YamlNameKind, written: unknown, path: YamlPath, ...key: YamlPath): void {
    if (typeof written !== 'string' && typeof written !== 'number') return;
    const name = String(written);
    this.#add(is, name, path, (span) => scalarAt(this.#yaml, [...path, ...key], name)(span));
  }

  key(is: YamlNameKind, path: YamlPath): void {
    this.#add(is, String(path.at(-1)), path, (span) => {
      const range = keyAt(this.#yaml, path);
      return range && { start: range.start + span.start, end: range.start + span.end };
    });
  }

  #add(is: YamlNameKind, written: string, path: YamlPath, locate: (span: Range) => Range | undefined): void {
    const { start, name } = is.kind === 'config' ? plainKey(written) : { start: 0, name: written };
    this.all.push({ is, name, path, locate: () => locate({ start, end: start + name.length }) });
  }

  /** `name` or `package.name`. */
  test(written: string, path: YamlPath, at: 'key' | 'value', ...key: YamlPath): void {
    const dot = written.indexOf('.');
    const is = { kind: 'test', package: dot < 0 ? null : written.slice(0, dot) } as const;
    const name = written.slice(dot + 1);
    const full = [...path, ...key];
    const span = { start: dot + 1, end: written.length };
    this.all.push({
      is,
      name,
      path,
      locate: () => {
        if (at === 'value') return scalarAt(this.#yaml, full, written)(span);
        const range = keyAt(this.#yaml, full);
        return range && { start: range.start + span.start, end: range.start + span.end };
      },
    });
  }
}

/** `+materialized` is the key `materialized`. */
function plainKey(written: string): { readonly start: number; readonly name: string } {
  const start = written.startsWith('+') ? 1 : 0;
  return { start, name: written.slice(start) };
}

const SECTIONS: Readonly<Record<string, { readonly section: NodeSection; readonly type: string }>> = {
  models: { section: 'models', type: 'model' },
  seeds: { section: 'seeds', type: 'seed' },
  snapshots: { section: 'snapshots', type: 'snapshot' },
  analyses: { section: 'analyses', type: 'analysis' },
  data_tests: { section: 'data_tests', type: 'test' },
  tests: { section: 'data_tests', type: 'test' },
  exposures: { section: 'exposures', type: 'exposure' },
  unit_tests: { section: 'unit_tests', type: 'unit_test' },
};

function propertyNames(names: Names, value: Config): void {
  for (const [key, { section, type }] of Object.entries(SECTIONS)) {
    forEachItem(value[key], [key], (entry, path) => {
      const { name } = entry;
      names.value({ kind: 'entry', section, version: null }, name, path, 'name');
      configNames(names, entry, path, type);
      if (section === 'unit_tests') names.value({ kind: 'tested' }, entry.model, path, 'model');
      if (section === 'exposures' || section === 'unit_tests' || section === 'data_tests') return;
      const owner = { kind: 'entry', section, name: String(name) } as const;
      columnNames(names, entry, path, owner);
      forEachItem(entry.versions, [...path, 'versions'], (version, at) => {
        const of = { model: String(name), v: String(version.v) };
        names.value({ kind: 'entry', section, version: of }, version.v, at, 'v');
        configNames(names, version, at, type);
        columnNames(names, version, at, owner);
      });
    });
  }
  forEachItem(value.sources, ['sources'], (source, path) => {
    names.value({ kind: 'source' }, source.name, path, 'name');
    configNames(names, source, path, 'source');
    forEachItem(source.tables, [...path, 'tables'], (table, at) => {
      names.value({ kind: 'table', source: String(source.name) }, table.name, at, 'name');
      configNames(names, table, at, 'source');
      columnNames(names, table, at, {
        kind: 'table',
        source: String(source.name),
        table: String(table.name),
      });
    });
  });
  forEachItem(value.macros, ['macros'], (macro, path) => {
    names.value({ kind: 'macro' }, macro.name, path, 'name');
  });
}

/** The columns and tests of an entry. */
function columnNames(names: Names, entry: Config, path: YamlPath, of: ColumnOwner): void {
  testNames(names, entry, path);
  forEachItem(entry.columns, [...path, 'columns'], (column, at) => {
    names.value({ kind: 'column', of }, column.name, at, 'name');
    testNames(names, column, at);
  });
}

function testNames(names: Names, entry: Config, path: YamlPath): void {
  for (const list of ['data_tests', 'tests']) {
    asList(entry[list]).forEach((test, index) => {
      const at = [...path, list, index];
      if (typeof test === 'string') names.test(test, at, 'value');
      if (!isConfig(test)) return;
      if (typeof test.test_name === 'string') {
        names.test(test.test_name, at, 'value', 'test_name');
        configNames(names, test, at, 'test');
        return;
      }
      const [key, ...others] = Object.keys(test);
      if (key === undefined || others.length > 0) return;
      names.test(key, at, 'key', key);
      const args = test[key];
      if (isConfig(args)) configNames(names, args, [...at, key], 'test');
    });
  }
}

function configNames(names: Names, entry: Config, path: YamlPath, type: string): void {
  if (!isConfig(entry.config)) return;
  for (const key of Object.keys(entry.config)) names.key({ kind: 'config', type }, [...path, 'config', key]);
}

/** The sections of dbt_project.yml that configure, and what. */
const SETTINGS: Readonly<Record<string, string>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  sources: 'source',
  data_tests: 'test',
  tests: 'test',
  unit_tests: 'unit_test',
};

function settingNames(names: Names, value: Config): void {
  if (isConfig(value.vars)) {
    for (const [key, item] of Object.entries(value.vars)) {
      names.key({ kind: 'variable', package: null }, ['vars', key]);
      if (!isConfig(item)) continue;
      for (const inner of Object.keys(item))
        names.key({ kind: 'variable', package: key }, ['vars', key, inner]);
    }
  }
  const visit = (section: unknown, path: YamlPath, type: string): void => {
    if (!isConfig(section)) return;
    for (const [key, item] of Object.entries(section)) {
      if (key.startsWith('+')) names.key({ kind: 'config', type }, [...path, key]);
      else visit(item, [...path, key], type);
    }
  };
  for (const [section, type] of Object.entries(SETTINGS)) visit(value[section], [section], type);
}

function forEachItem(list: unknown, path: YamlPath, visit: (entry: Config, path: YamlPath) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((item: unknown, index) => {
    if (isConfig(item)) visit(item, [...path, index]);
  });
}
