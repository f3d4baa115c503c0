/** `yaml-property`: a property that no dbt version knows in an entry of a property file; it would be ignored. */

import { closestName } from '../base/closest-name.ts';
import { placeIn } from '../project/problems.ts';
import type { Check } from './check.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { writtenEntries } from './property-files.ts';
import { PROPERTIES, type EntryKind } from './property-keys.ts';
import { wordSuggestion } from './word-suggestion.ts';

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
  }
};

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
