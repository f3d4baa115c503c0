/** What a key of a property file or of dbt_project.yml means, and what it may be. */

import type { Range } from '../../base/text.ts';
import { configKey } from '../../checks/config-meanings.ts';
import { yamlKey, type YamlShape } from '../../checks/yaml-keys.ts';
import { isConfig } from '../../project/config.ts';
import type { YamlFile, YamlPath } from '../../project/yaml.ts';
import type { Hover } from '../answers.ts';
import { tolerantYaml } from '../passages.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { ownedFile } from '../source-files.ts';
import { genericTests, testMarkdown } from './generic-tests.ts';
import { contextAt } from './yaml-context.ts';

export function hoverYaml({ project }: Snapshot, { path, offset }: Cursor): Hover | undefined {
  const owned = ownedFile(project, path);
  if (owned?.role !== 'properties' && owned?.role !== 'settings') return undefined;
  const yaml = tolerantYaml(owned.file);
  const at = wordAt(yaml, offset);
  const name = at?.path.at(-1);
  if (!at || name === undefined) return undefined;
  const context = contextAt(owned.role, at.path.slice(0, -1));
  const found = (markdown: string): Hover => ({ range: at.range, markdown });
  const key = String(name);
  switch (context.kind) {
    case 'keys': {
      const known = yamlKey(context.of, key);
      return known && found(said(key, known.says, known.shape, known.values));
    }
    case 'config': {
      const plain = key.replace(/^\+/u, '');
      const isKey = context.place === 'property-file' || key.startsWith('+') || !isConfig(at.value);
      const known = isKey ? configKey(plain) : undefined;
      return (
        known &&
        found(said(plain, known.says, known.isBoolean ? 'boolean' : (known.shape ?? 'any'), known.values))
      );
    }
    case 'tests':
    case 'test': {
      const written = context.kind === 'test' ? key : String(at.value);
      const test = genericTests(project).find((candidate) => candidate.name === written);
      return test && found(testMarkdown(test));
    }
    case 'test-arguments': {
      const test = genericTests(project).find((candidate) => candidate.name === context.name);
      const parameter = test?.parameters.find((candidate) => candidate.name === key);
      if (!test || !parameter) return undefined;
      return found(
        `**${key}**: an argument of the test \`${test.name}\`${parameter.isRequired ? '' : ', optional'}.`,
      );
    }
    case 'list':
    case 'unknown':
      return undefined;
  }
}

const SHAPES: Readonly<Record<YamlShape, string>> = {
  text: 'A text.',
  boolean: 'true or false.',
  number: 'A number.',
  texts: 'A text or a list of texts.',
  list: 'A list.',
  mapping: 'A mapping.',
  any: '',
};

function said(key: string, says: string, shape: YamlShape, values: readonly string[] | undefined): string {
  const options = values ? `One of ${values.map((value) => `\`${value}\``).join(', ')}.` : SHAPES[shape];
  return [`**${key}**: ${says}`, options].filter((line) => line !== '').join('\n\n');
}

interface Word {
  readonly path: YamlPath;
  readonly range: Range;
  readonly value: unknown;
}

/** The key under the cursor, or the text that is an item of a list. */
function wordAt(yaml: YamlFile, offset: number): Word | undefined {
  const isIn = ({ start, end }: Range): boolean => start <= offset && offset <= end;
  const visit = (value: unknown, path: YamlPath): Word | undefined => {
    const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
      ? [...value.entries()]
      : isConfig(value)
        ? Object.entries(value)
        : [];
    for (const [step, item] of children) {
      const at = [...path, step];
      if (typeof step === 'string') {
        const range = yaml.keyRangeOf(at);
        if (isIn(range)) return { path: at, range, value: item };
      }
      const range = yaml.rangeOf(at);
      if (!isIn(range)) continue;
      if (typeof step === 'number' && typeof item === 'string') return { path: at, range, value: item };
      const inner = visit(item, at);
      if (inner) return inner;
    }
    return undefined;
  };
  return visit(yaml.value, []);
}
