/** `yaml-value`: a value in a property file or dbt_project.yml that is of the wrong kind, or none of those that mean something. */

import { closestName } from '../base/closest-name.ts';
import type { Range } from '../base/text.ts';
import { PyFloat } from '../jinja/index.ts';
import { asList, isConfig } from '../project/config.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../project/yaml.ts';
import type { Check, Report } from './check.ts';
import { configKey } from './config-meanings.ts';
import { writtenEntries } from './property-files.ts';
import { wordSuggestion } from './word-suggestion.ts';
import { yamlKey, type YamlKey, type YamlKind, type YamlShape } from './yaml-keys.ts';

export const checkYamlValue: Check = ({ project, concerns }, report) => {
  const said = alreadySaid(project);
  const judge = (yaml: YamlFile): Judge => new Judge(yaml, said, report);
  for (const { kind, yaml, path, value } of writtenEntries(project, concerns)) {
    const judged = judge(yaml);
    // A version's columns may be a choice of the model's.
    if (kind === 'columns' && ('include' in value || 'exclude' in value)) continue;
    judged.mapping(kind, value, path);
    judged.config(value.config, [...path, 'config']);
    for (const list of ['data_tests', 'tests']) {
      asList(value[list]).forEach((test, index) => {
        if (!isConfig(test)) return;
        for (const [name, args] of Object.entries(test))
          if (isConfig(args)) judged.config(args.config, [...path, list, index, name, 'config']);
      });
    }
  }
  const { file } = project.world.root;
  const settings = parseYaml(file);
  if (concerns(file.path) && isConfig(settings.value)) checkSettings(judge(settings), settings.value);
};

const CONFIGURED = [
  'models',
  'seeds',
  'snapshots',
  'sources',
  'analyses',
  'data_tests',
  'tests',
  'unit_tests',
  'exposures',
];

function checkSettings(judge: Judge, value: Readonly<Record<string, unknown>>): void {
  judge.mapping('project', value, []);
  const visit = (section: unknown, path: YamlPath): void => {
    if (!isConfig(section)) return;
    for (const [key, item] of Object.entries(section)) {
      const at = [...path, key];
      if (key.startsWith('+')) judge.configValue(key.slice(1), item, at);
      else if (isConfig(item)) visit(item, at);
      else judge.configValue(key, item, at);
    }
  };
  for (const section of CONFIGURED) visit(value[section], [section]);
}

/** Where reading the project has found something already; nothing is said twice. */
function alreadySaid({ diagnostics }: Project): (path: string, range: Range) => boolean {
  const places = diagnostics.flatMap(({ place }) => place ?? []);
  return (path, { start, end }) =>
    places.some((place) => place.path === path && place.range.start >= start && place.range.end <= end);
}

class Judge {
  readonly #yaml: YamlFile;
  readonly #said: (path: string, range: Range) => boolean;
  readonly #report: Report;

  constructor(yaml: YamlFile, said: (path: string, range: Range) => boolean, report: Report) {
    this.#yaml = yaml;
    this.#said = said;
    this.#report = report;
  }

  mapping(kind: YamlKind, value: Readonly<Record<string, unknown>>, path: YamlPath): void {
    for (const [key, item] of Object.entries(value)) {
      const known = yamlKey(kind, key);
      if (!known) continue;
      const at = [...path, key];
      if (!this.#fits(key, known, item, at) || known.keys === undefined) continue;
      const { keys } = known;
      if (isConfig(item)) this.mapping(keys, item, at);
      else
        asList(item).forEach((inner, index) => {
          if (isConfig(inner)) this.mapping(keys, inner, [...at, index]);
        });
    }
  }

  config(config: unknown, path: YamlPath): void {
    if (!isConfig(config)) return;
    for (const [key, value] of Object.entries(config)) this.configValue(key, value, [...path, key]);
  }

  configValue(key: string, value: unknown, path: YamlPath): void {
    const known = configKey(key);
    if (!known) return;
    const shape: YamlShape | undefined = known.isBoolean ? 'boolean' : known.shape;
    const values = known.isOpen ? undefined : known.values;
    if (shape === undefined && values === undefined) return;
    const isRight = this.#fits(
      key,
      { says: '', shape: shape ?? 'text', ...(values && { values }) },
      value,
      path,
    );
    if (!isRight || !isConfig(value)) return;
    for (const inner of known.booleans ?? [])
      this.#fits(inner, { says: '', shape: 'boolean' }, value[inner], [...path, inner]);
  }

  #fits(key: string, { shape, values }: YamlKey, value: unknown, path: YamlPath): boolean {
    if (value === null || value === undefined || isTemplate(value)) return true;
    const range = this.#yaml.rangeOf(path);
    if (!isOf(shape, value)) {
      this.#say(`'${key}' must be ${WORDS[shape]}; this is ${kindOf(value)}.`, range);
      return false;
    }
    if (!values || typeof value !== 'string' || values.includes(value.toLowerCase())) return true;
    const close = closestName(value, values);
    const hint = close === undefined ? '' : ` Did you mean '${close}'?`;
    const options = values.map((option) => `'${option}'`);
    const last = options.pop() ?? '';
    this.#say(`'${key}' must be ${options.join(', ')} or ${last}; this is '${value}'.${hint}`, range, [
      value,
      close,
    ]);
    return true;
  }

  #say(message: string, range: Range, [written, meant]: readonly (string | undefined)[] = []): void {
    const { file } = this.#yaml;
    if (this.#said(file.path, range)) return;
    this.#report(message, placeIn(file, range), {
      suggestion: written === undefined ? undefined : wordSuggestion(range, written, meant),
    });
  }
}

const WORDS: Readonly<Record<YamlShape, string>> = {
  text: 'a text',
  boolean: 'true or false',
  number: 'a number',
  texts: 'a text or a list of texts',
  list: 'a list',
  mapping: 'a mapping',
  any: 'a value',
};

/** Numbers and dates are taken for the text that they are written as, and texts for what they say. */
function isOf(shape: YamlShape, value: unknown): boolean {
  switch (shape) {
    case 'any':
      return true;
    case 'text':
      return !Array.isArray(value) && !isConfig(value) && typeof value !== 'boolean';
    case 'texts':
      return !isConfig(value) && typeof value !== 'boolean';
    case 'boolean':
      return typeof value === 'boolean' || (typeof value === 'string' && /^(?:true|false)$/iu.test(value));
    case 'number':
      return (
        typeof value === 'number' ||
        (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
      );
    case 'list':
      return Array.isArray(value);
    case 'mapping':
      return isConfig(value);
  }
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && (value.includes('{{') || value.includes('{%'));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || value instanceof PyFloat) return 'a number';
  if (isConfig(value)) return 'a mapping';
  return typeof value === 'string'
    ? `the text '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`
    : 'none';
}
