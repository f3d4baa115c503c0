/** What a place in a property file or dbt_project.yml is: which keys, tests or values may stand there. */

import { NESTED, SINGLE, TOP } from '../../checks/property-files.ts';
import { isEntryKind, yamlKey, type YamlKind } from '../../checks/yaml-keys.ts';
import type { EntryKind } from '../../checks/property-keys.ts';
import type { YamlPath } from '../../project/yaml.ts';

export type YamlContext =
  /** A mapping with known keys. */
  | { readonly kind: 'keys'; readonly of: YamlKind }
  /** A list of such mappings. */
  | { readonly kind: 'list'; readonly of: YamlKind }
  /** Configuration of a type of resource; below a section of dbt_project.yml there are folders, too. */
  | { readonly kind: 'config'; readonly type: string; readonly place: 'property-file' | 'settings' }
  /** A list of generic tests. */
  | { readonly kind: 'tests' }
  /** One of them, by its name. */
  | { readonly kind: 'test' }
  /** What is said to one. */
  | { readonly kind: 'test-arguments'; readonly name: string; readonly place: 'beside' | 'below' }
  | { readonly kind: 'unknown' };

const UNKNOWN: YamlContext = { kind: 'unknown' };

/** Which configuration the entries of a kind have. */
const CONFIGS: Readonly<Partial<Record<EntryKind, string>>> = {
  models: 'model',
  versions: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  sources: 'source',
  tables: 'source',
  exposures: 'exposure',
  unit_tests: 'unit_test',
  singular_tests: 'test',
};

const SECTIONS: Readonly<Record<string, string>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  sources: 'source',
  analyses: 'analysis',
  data_tests: 'test',
  tests: 'test',
  unit_tests: 'unit_test',
  exposures: 'exposure',
};

export function contextAt(role: 'properties' | 'settings', path: YamlPath): YamlContext {
  let context: YamlContext = { kind: 'keys', of: role === 'settings' ? 'project' : 'file' };
  for (const step of path) context = below(context, step);
  return context;
}

function below(context: YamlContext, step: string | number): YamlContext {
  switch (context.kind) {
    case 'keys':
      return typeof step === 'string' ? belowKey(context.of, step) : UNKNOWN;
    case 'list':
      return typeof step === 'number' ? { kind: 'keys', of: context.of } : UNKNOWN;
    case 'config':
      if (context.place === 'property-file' || typeof step !== 'string' || step.startsWith('+'))
        return UNKNOWN;
      return context;
    case 'tests':
      return typeof step === 'number' ? { kind: 'test' } : UNKNOWN;
    case 'test':
      return typeof step === 'string' ? { kind: 'test-arguments', name: step, place: 'beside' } : UNKNOWN;
    case 'test-arguments':
      if (context.place === 'below') return UNKNOWN;
      if (step === 'config') return { kind: 'config', type: 'test', place: 'property-file' };
      return step === 'arguments' ? { kind: 'test-arguments', name: context.name, place: 'below' } : UNKNOWN;
    case 'unknown':
      return UNKNOWN;
  }
}

function belowKey(kind: YamlKind, key: string): YamlContext {
  if (kind === 'file') {
    const entry = Object.hasOwn(TOP, key) ? TOP[key] : undefined;
    return entry ? { kind: 'list', of: entry } : UNKNOWN;
  }
  if (kind === 'project') {
    const type = Object.hasOwn(SECTIONS, key) ? SECTIONS[key] : undefined;
    if (type !== undefined) return { kind: 'config', type, place: 'settings' };
  }
  if (isEntryKind(kind)) {
    const nested = NESTED[kind]?.[key];
    if (nested) return SINGLE.has(nested) ? { kind: 'keys', of: nested } : { kind: 'list', of: nested };
    const type = CONFIGS[kind];
    if (key === 'config' && type !== undefined) return { kind: 'config', type, place: 'property-file' };
    if (key === 'data_tests' || key === 'tests') return { kind: 'tests' };
  }
  const known = yamlKey(kind, key);
  if (known?.keys === undefined) return UNKNOWN;
  return known.shape === 'list' ? { kind: 'list', of: known.keys } : { kind: 'keys', of: known.keys };
}
