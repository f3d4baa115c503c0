/** `unknown-config`: a configuration key that nothing reads and that looks like one that dbt knows. */

import { closestName } from '../base/closest-name.ts';
import type { Place } from '../base/diagnostic.ts';
import { templateFacts } from '../jinja/index.ts';
import { asList, isConfig } from '../project/config.ts';
import type { Config } from '../project/nodes.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../project/yaml.ts';
import { isOwn, ownTemplate, type Check, type Report } from './check.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { writtenEntries } from './property-files.ts';
import type { EntryKind } from './property-keys.ts';
import { wordSuggestion } from './word-suggestion.ts';

/** Keys of one's own are legal, so only a likely slip of the pen is reported. */
export const checkUnknownConfig: Check = (input, report) => {
  const { project, nodes } = input;
  const suspect = suspicion(project, report);
  for (const node of nodes) {
    const template = ownTemplate(project, node);
    if (!template || !isOwn(project, node)) continue;
    for (const { name } of templateFacts(template).configs.flatMap(({ entries }) => entries)) {
      // The model may read its own key: config.get('key').
      if (new RegExp(`get\\(\\s*['"]${escaped(name.text)}['"]`).test(node.raw_code)) continue;
      suspect(node.resource_type, name.text, {
        path: template.path,
        range: { start: name.start, end: name.end },
      });
    }
  }
  const { concerns } = input;
  for (const entry of writtenEntries(project, concerns)) checkEntry(entry, suspect);
  if (concerns(project.world.root.file.path)) checkProjectFile(project, suspect);
};

type Suspect = (type: string, key: string, place: Place) => void;

function suspicion(project: Project, report: Report): Suspect {
  let known: readonly string[] | undefined;
  const written = (): readonly string[] =>
    (known ??= [...project.world.macros.byId.values()]
      .filter(({ node }) => !CONFIG_KEYS_OF_OURS.has(node.package_name))
      .map(({ definition }) => definition.text));
  return (type, key, place) => {
    const keys = CONFIG_KEYS[type];
    const plain = key.replace('-', '_');
    if (!keys || plain === 'dbname' || keys.includes(plain)) return;
    const close = closestName(plain, keys);
    if (!close || written().some((text) => new RegExp(`\\b${escaped(key)}\\b`).test(text))) return;
    report(
      `no ${type === 'test' ? 'test' : type} and no macro of the project reads a config named '${key}'. Did you mean '${close}'?`,
      place,
      { suggestion: wordSuggestion(place.range, key, close) },
    );
  };
}

/** The built-in macros read only what the table of keys has. */
const CONFIG_KEYS_OF_OURS = new Set(['dbt', 'dbt_postgres']);

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Which entries have which configuration. */
const TYPES: Readonly<Partial<Record<EntryKind, string>>> = {
  models: 'model',
  versions: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  sources: 'source',
  tables: 'source',
  unit_tests: 'unit_test',
  singular_tests: 'test',
};

function checkEntry(
  {
    kind,
    yaml,
    path,
    value,
  }: { readonly kind: EntryKind; readonly yaml: YamlFile; readonly path: YamlPath; readonly value: Config },
  suspect: Suspect,
): void {
  const type = TYPES[kind];
  if (type !== undefined) checkMapping(yaml, [...path, 'config'], value.config, type, suspect);
  for (const key of ['data_tests', 'tests']) {
    asList(value[key]).forEach((test, index) => {
      if (!isConfig(test)) return;
      for (const [name, args] of Object.entries(test)) {
        if (isConfig(args))
          checkMapping(yaml, [...path, key, index, name, 'config'], args.config, 'test', suspect);
      }
    });
  }
}

function checkMapping(yaml: YamlFile, path: YamlPath, config: unknown, type: string, suspect: Suspect): void {
  if (!isConfig(config)) return;
  for (const key of Object.keys(config))
    suspect(type, key, placeIn(yaml.file, yaml.keyRangeOf([...path, key])));
}

const SECTIONS: Readonly<Record<string, string>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  sources: 'source',
  data_tests: 'test',
  tests: 'test',
  unit_tests: 'unit_test',
};

/** In dbt_project.yml only a `+` tells a configuration from a folder. */
function checkProjectFile({ world }: Project, suspect: Suspect): void {
  const yaml = parseYaml(world.root.file);
  if (!isConfig(yaml.value)) return;
  const visit = (section: unknown, path: YamlPath, type: string): void => {
    if (!isConfig(section)) return;
    for (const [key, value] of Object.entries(section)) {
      if (key.startsWith('+'))
        suspect(type, key.slice(1).trim(), placeIn(yaml.file, yaml.keyRangeOf([...path, key])));
      else visit(value, [...path, key], type);
    }
  };
  for (const [section, type] of Object.entries(SECTIONS)) visit(yaml.value[section], [section], type);
}
