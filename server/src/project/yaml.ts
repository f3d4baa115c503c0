/** YAML as PyYAML's safe loader reads it (YAML 1.1, dbt's loader), with the place of every key and value. */

import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type ScalarTag,
} from 'yaml';
import type { Range } from '../base/text.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { PyFloat } from '../jinja/index.ts';
import type { SourceFile } from './files.ts';
import { plainYaml } from './plain-yaml.ts';

export type YamlPath = readonly (string | number)[];

export interface YamlFile {
  readonly file: SourceFile;
  /** null for an empty file or one that does not parse. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** The range of the value at a path, else of the nearest parent that exists. */
  rangeOf(path: YamlPath): Range;
  /** The range of the key that leads to the value at a path. */
  keyRangeOf(path: YamlPath): Range;
}

/** PyYAML knows no `y`/`n`. */
const booleanTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: (value) => typeof value === 'boolean',
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|t|on)/i.test(text),
};

/** A float keeps its kind where JavaScript would lose it: `1.0` prints as `1.0`. */
const floatTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => value instanceof PyFloat,
  test: /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve(text) {
    const plain = text.replaceAll('_', '').toLowerCase();
    if (plain.endsWith('inf')) return new PyFloat(plain.startsWith('-') ? -Infinity : Infinity);
    if (plain.endsWith('nan')) return new PyFloat(NaN);
    return new PyFloat(Number(plain));
  },
};

const REPLACED_TAGS = new Set([
  'tag:yaml.org,2002:bool',
  'tag:yaml.org,2002:float',
  // Dates stay text: they print the same, and JSON has no dates.
  'tag:yaml.org,2002:timestamp',
]);

const parsed = new WeakMap<SourceFile, YamlFile>();

export function parseYaml(file: SourceFile): YamlFile {
  const known = parsed.get(file);
  if (known) return known;
  const result = readYaml(file);
  parsed.set(file, result);
  return result;
}

function readYaml(file: SourceFile): YamlFile {
  const value = plainYaml(file.text, resolvePlain);
  if (value === undefined) return readFully(file);
  // Places are asked for when there is something to say about the file.
  let full: YamlFile | undefined;
  const fully = (): YamlFile => (full ??= readFully(file));
  return {
    file,
    value,
    diagnostics: [],
    rangeOf: (path) => fully().rangeOf(path),
    keyRangeOf: (path) => fully().keyRangeOf(path),
  };
}

function resolvePlain(text: string): unknown {
  const tag = [booleanTag, floatTag].find(({ test }) => test?.test(text));
  return tag?.resolve(text, ignored, {});
}

function ignored(): void {
  // Neither tag has errors to tell.
}

/** With a tree of the document: any YAML, its mistakes, its places. */
export function readFully(file: SourceFile): YamlFile {
  return readDocument(file, 'only-whole');
}

/** As far as it goes: what a broken file says before and behind its mistake, for questions about the rest of it. */
export function readTolerantly(file: SourceFile): YamlFile {
  const whole = parseYaml(file);
  return whole.diagnostics.length === 0 ? whole : readDocument(file, 'broken-too');
}

function readDocument(file: SourceFile, values: 'only-whole' | 'broken-too'): YamlFile {
  const document = parseDocument(file.text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    // What it would print is for whoever develops with it.
    logLevel: 'error',
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || !REPLACED_TAGS.has(tag.tag)),
      booleanTag,
      floatTag,
    ],
  });
  // What follows the first mistake is mostly its echo.
  const diagnostics = document.errors.slice(0, 1).map((error): Diagnostic => ({
    code: 'yaml-syntax',
    severity: 'error',
    message: `this YAML cannot be read: ${error.message.replace(/\.?$/, '')}. Correct the line; the file is ignored until then.`,
    place: { path: file.path, range: { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) } },
  }));
  let value: unknown = null;
  if (diagnostics.length === 0 || values === 'broken-too') value = toPlain(document, file, diagnostics);
  return {
    file,
    value,
    diagnostics,
    rangeOf: (path) => nodeRange(nearest(document, path).value) ?? { start: 0, end: 0 },
    keyRangeOf(path) {
      const found = nearest(document, path);
      return nodeRange(found.key) ?? nodeRange(found.value) ?? { start: 0, end: 0 };
    },
  };
}

/** Aliases that expand without bound (the billion laughs) are the document's error, not ours. */
function toPlain(document: Document.Parsed, file: SourceFile, diagnostics: Diagnostic[]): unknown {
  try {
    return stringKeys(document.toJS({ maxAliasCount: 1000 }));
  } catch (error) {
    diagnostics.push({
      code: 'yaml-syntax',
      severity: 'error',
      message: `this YAML cannot be read: ${error instanceof Error ? error.message : String(error)}. Correct it; the file is ignored until then.`,
      place: { path: file.path, range: { start: 0, end: 0 } },
    });
    return null;
  }
}

function stringKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringKeys);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), stringKeys(item)]));
  if (typeof value !== 'object' || value === null || value instanceof PyFloat) return value;
  for (const [key, item] of Object.entries(value)) (value as Record<string, unknown>)[key] = stringKeys(item);
  return value;
}

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

function nearest(document: Document.Parsed, path: YamlPath): Found {
  let found: Found = { key: undefined, value: document.contents ?? undefined };
  for (const step of path) {
    const next = child(found.value, step);
    if (!next) return found;
    found = next;
  }
  return found;
}

function child(parent: Node | undefined, step: string | number): Found | undefined {
  if (isSeq(parent)) {
    const item = parent.items[Number(step)];
    return isNode(item) ? { key: undefined, value: item } : undefined;
  }
  if (!isMap(parent)) return undefined;
  for (const pair of parent.items) {
    if (!isPair(pair) || !isScalar(pair.key) || String(pair.key.value) !== String(step)) continue;
    return { key: pair.key, value: isNode(pair.value) ? pair.value : pair.key };
  }
  return undefined;
}

function nodeRange(node: Node | undefined): Range | undefined {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}
