/** `yaml-property`: a property that no dbt version knows in an entry of a property file; it would be ignored. */

import { closestName } from '../base/closest-name.ts';
import { placeIn } from '../project/problems.ts';
import { asList, isConfig } from '../project/config.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../project/yaml.ts';
import type { Check, Report } from './check.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { writtenEntries } from './property-files.ts';
import { PROPERTIES, type EntryKind } from './property-keys.ts';
import { wordSuggestion } from './word-suggestion.ts';
import { yamlKey, yamlKeys, type YamlKind } from './yaml-keys.ts';

/** What a reader calls an entry, and the configuration it has. */
const KINDS: Readonly<Record<EntryKind, { readonly called: string; readonly config?: string }>> = {
  models: { called: 'a model', config: 'model' },
  seeds: { called: 'a seed', config: 'seed' },
  snapshots: { called: 'a snapshot', config: 'snapshot' },
  analyses: { called: 'an analysis', config: 'analysis' },
  sources: { called: 'a source', config: 'source' },
  tables: { called: "a source's table", config: 'source' },
  columns: { called: 'a column' },
  versions: { called: "a model's version", config: 'model' },
  exposures: { called: 'an exposure', config: 'exposure' },
  macros: { called: 'a macro' },
  arguments: { called: "a macro's argument" },
  unit_tests: { called: 'a unit test', config: 'unit_test' },
  given: { called: "a unit test's input" },
  expect: { called: "a unit test's expectation" },
  overrides: { called: "a unit test's overrides" },
  groups: { called: 'a group' },
  singular_tests: { called: 'a test', config: 'test' },
};

export const checkYamlProperty: Check = ({ project, concerns }, report) => {
  for (const { kind, yaml, path, value } of writtenEntries(project, concerns)) {
    // A version's columns may be a choice of the model's.
    if (kind === 'columns' && ('include' in value || 'exclude' in value)) continue;
    const known: readonly string[] = PROPERTIES[kind];
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const { called } = KINDS[kind];
      const close = isConfigKey(kind, key) ? undefined : closestName(key, PROPERTIES[kind]);
      const range = yaml.keyRangeOf([...path, key]);
      report(
        `'${key}' is no property of ${called}; it is ignored. ${advice(kind, key, close)}`,
        placeIn(yaml.file, range),
        // Two properties of one name would be worse.
        { suggestion: close !== undefined && close in value ? undefined : wordSuggestion(range, key, close) },
      );
    }
    checkInner(yaml, kind, value, path, report);
  }
  const { file } = project.world.root;
  const settings = parseYaml(file);
  if (concerns(file.path) && isConfig(settings.value))
    checkInner(settings, 'project', settings.value, [], report);
};

/** Mappings below a property, such as `freshness`: others may have added keys to them, so only a likely slip is reported. */
function checkInner(
  yaml: YamlFile,
  kind: YamlKind,
  value: Readonly<Record<string, unknown>>,
  path: YamlPath,
  report: Report,
): void {
  for (const [key, item] of Object.entries(value)) {
    const keys = yamlKey(kind, key)?.keys;
    if (keys === undefined) continue;
    const mappings = isConfig(item)
      ? [{ inner: item, at: [...path, key] }]
      : asList(item).flatMap((inner, index) =>
          isConfig(inner) ? [{ inner, at: [...path, key, index] }] : [],
        );
    for (const { inner, at } of mappings) {
      for (const name of Object.keys(inner)) {
        const known = yamlKeys(keys);
        const close = known.includes(name) ? undefined : closestName(name, known);
        if (close === undefined || close in inner) continue;
        const range = yaml.keyRangeOf([...at, name]);
        report(
          `'${name}' means nothing below '${key}'. Did you mean '${close}'?`,
          placeIn(yaml.file, range),
          {
            suggestion: wordSuggestion(range, name, close),
          },
        );
      }
      checkInner(yaml, keys, inner, at, report);
    }
  }
}

function isConfigKey(kind: EntryKind, key: string): boolean {
  const { config } = KINDS[kind];
  return config !== undefined && CONFIG_KEYS[config]?.includes(key.replace('-', '_')) === true;
}

function advice(kind: EntryKind, key: string, close: string | undefined): string {
  if (isConfigKey(kind, key)) return `Move it under 'config'.`;
  if (close) return `Did you mean '${close}'?`;
  return kind === 'given' || kind === 'expect' || kind === 'overrides' || kind === 'arguments'
    ? 'Remove it.'
    : `What is your own belongs under 'config: meta:'.`;
}
