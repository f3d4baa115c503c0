/** The templates that a file holds, wherever they stand in it: one for a model, one a macro, one a YAML string; read once a file. */

import type { Range } from '../base/text.ts';
import { parseTemplate, templateFacts, type Template } from '../jinja/index.ts';
import { isConfig } from '../project/config.ts';
import { parsedMacroFile } from '../project/macros.ts';
import { fileTemplate } from '../project/parse/read-nodes.ts';
import { hasTemplate } from '../project/render-yaml.ts';
import { readTolerantly, type YamlFile, type YamlPath } from '../project/yaml.ts';
import type { SourceFile } from '../project/files.ts';
import { alignScalar, type Locate } from './aligned-scalar.ts';
import type { FileRole, OwnedFile } from './source-files.ts';

export interface Passage {
  readonly template: Template;
  /** From the template's offsets to the file's. */
  readonly locate: Locate;
}

const known = new WeakMap<SourceFile, { readonly role: FileRole; readonly passages: readonly Passage[] }>();

export function passagesOf({ file, role }: OwnedFile): readonly Passage[] {
  const read = known.get(file);
  if (read?.role === role) return read.passages;
  const passages = readPassages(file, role);
  known.set(file, { role, passages });
  return passages;
}

function readPassages(file: SourceFile, role: FileRole): readonly Passage[] {
  switch (role) {
    case 'template':
      return [asWritten(fileTemplate(file))];
    case 'macros':
    case 'snapshots':
      return parsedMacroFile(file)
        .definitions.filter(({ kind }) => kind !== 'docs')
        .map(({ template }) => asWritten(template));
    case 'properties':
    case 'settings':
      return yamlPassages(tolerantYaml(file));
    case 'docs':
    case 'other':
      return [];
  }
}

const yamlFiles = new WeakMap<SourceFile, YamlFile>();

/** A file that is broken in one line still says something in the others. */
export function tolerantYaml(file: SourceFile): YamlFile {
  let yaml = yamlFiles.get(file);
  if (!yaml) yamlFiles.set(file, (yaml = readTolerantly(file)));
  return yaml;
}

function asWritten(template: Template): Passage {
  return { template, locate: ({ start, end }) => ({ start, end }) };
}

function yamlPassages(yaml: YamlFile): readonly Passage[] {
  const passages: Passage[] = [];
  visitTexts(yaml.value, [], 'text', (text, path, kind) => {
    const passage = hasTemplate(text)
      ? yamlPassage(yaml, text, path, '')
      : kind === 'reference' && text.includes('(')
        ? yamlPassage(yaml, text, path, EXPRESSION)
        : undefined;
    if (passage) passages.push(passage);
  });
  return passages;
}

const EXPRESSION = '{{ ';

/** `opening` makes a template of what is written without its delimiters. */
function yamlPassage(yaml: YamlFile, text: string, path: YamlPath, opening: string): Passage | undefined {
  const template = parseTemplate(opening === '' ? text : `${opening}${text} }}`, yaml.file.path);
  if (opening !== '' && !isReference(template)) return undefined;
  let located: Locate | undefined;
  return {
    template,
    // The YAML is read with its places only when one is asked for.
    locate({ start, end }) {
      located ??= scalarAt(yaml, path, text);
      return located({ start: start - opening.length, end: end - opening.length });
    },
  };
}

export function scalarAt(yaml: YamlFile, path: YamlPath, value: string): Locate {
  return alignScalar(yaml.file.text, yaml.rangeOf(path), value);
}

export function keyAt(yaml: YamlFile, path: YamlPath): Range | undefined {
  const key = String(path.at(-1));
  return alignScalar(yaml.file.text, yaml.keyRangeOf(path), key)({ start: 0, end: key.length });
}

/** What dbt takes for a template without braces: a lone call of one of these. */
function isReference(template: Template): boolean {
  const [statement] = template.body;
  const [expression] = statement?.type === 'output' ? statement.expressions : [];
  if (expression?.type !== 'call') return false;
  const facts = templateFacts(template);
  return [...facts.refs, ...facts.sources, ...facts.vars, ...facts.envVars, ...facts.docs].some(
    ({ start }) => start === expression.start,
  );
}

/** Where a text means a call: the arguments of tests, and the properties that name what they read. */
const REFERENCE_KEYS: ReadonlySet<string> = new Set([
  'depends_on',
  'input',
  'relation',
  'model',
  'data_tests',
  'tests',
]);

type TextKind = 'text' | 'reference';

function visitTexts(
  value: unknown,
  path: YamlPath,
  kind: TextKind,
  visit: (text: string, path: YamlPath, kind: TextKind) => void,
): void {
  if (typeof value === 'string') visit(value, path, kind);
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visitTexts(item, [...path, index], kind, visit);
    });
  } else if (isConfig(value)) {
    for (const [key, item] of Object.entries(value)) {
      // The rows of a unit test are data.
      if (key === 'rows' && path[0] === 'unit_tests') continue;
      const isReferring = path.length > 1 && REFERENCE_KEYS.has(key);
      visitTexts(item, [...path, key], isReferring ? 'reference' : kind, visit);
    }
  }
}
