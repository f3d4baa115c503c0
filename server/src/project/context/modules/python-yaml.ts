/** YAML as PyYAML's safe_dump writes it and its safe loader reads it. */

import { type CST, parseDocument, Parser } from 'yaml';
import {
  Dict,
  floatRepr,
  fromJs,
  PyFloat,
  PySet,
  TemplateError,
  repr,
  spend,
  textOf,
  Tuple,
} from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { DateTime } from './datetime/date-time.ts';
import { PyDate } from './datetime/date.ts';
import { compareValues } from './order.ts';
import { scalarForm, writeDoubleQuoted, writePlain, writeSingleQuoted } from './yaml-scalar.ts';
import type { ScalarSink } from './yaml-scalar.ts';
import type { PlainType } from './yaml-types.ts';
import { plainType, pythonTags } from './yaml-types.ts';

export interface YamlWriteOptions {
  /** The dict's own order when absent. */
  readonly sortKeys?: boolean | undefined;
}

/** `yaml.safe_dump`. Raises PyYAML's RepresenterError for a value that YAML does not have. */
export function toYaml(value: Value, { sortKeys = false }: YamlWriteOptions = {}): string {
  return new YamlWriter(represent(value, sortKeys, new Map())).write();
}

type YamlNode =
  | { readonly kind: 'scalar'; readonly tag: Exclude<PlainType, 'merge' | 'value'>; readonly text: string }
  | { readonly kind: 'sequence'; readonly items: YamlNode[] }
  | {
      readonly kind: 'mapping';
      readonly isSet: boolean;
      readonly entries: (readonly [YamlNode, YamlNode])[];
    };

const NULL_NODE: YamlNode = { kind: 'scalar', tag: 'null', text: 'null' };

/** How deep YAML may nest, read or written: about what Python's own stack bears, and far from the end of ours. */
const MAX_DEPTH = 190;

function tooDeep(): TemplateError {
  return new TemplateError('limit', 'RecursionError', 'maximum recursion depth exceeded');
}

/** One value is one node, however often it is met. */
function represent(value: Value, sortKeys: boolean, known: Map<Value, YamlNode>, depth = 0): YamlNode {
  spend(1);
  if (depth > MAX_DEPTH) throw tooDeep();
  const scalar = scalarNode(value);
  if (scalar) return scalar;
  const met = known.get(value);
  if (met) return met;
  if (value instanceof PyDate || value instanceof DateTime) {
    const text = value instanceof DateTime ? value.isoFormat(' ') : value.isoFormat();
    const node: YamlNode = { kind: 'scalar', tag: 'timestamp', text };
    known.set(value, node);
    return node;
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
  if (items) {
    const node: YamlNode = { kind: 'sequence', items: [] };
    if (Array.isArray(value) || items.length > 0) known.set(value, node);
    for (const item of items) node.items.push(represent(item, sortKeys, known, depth + 1));
    return node;
  }
  if (!(value instanceof Dict || value instanceof PySet)) {
    throw new TemplateError('value', 'RepresenterError', `('cannot represent an object', ${repr(value)})`);
  }
  const node: YamlNode = { kind: 'mapping', isSet: value instanceof PySet, entries: [] };
  known.set(value, node);
  for (const [key, item] of entriesOf(value, sortKeys)) {
    node.entries.push([
      represent(key, sortKeys, known, depth + 1),
      represent(item, sortKeys, known, depth + 1),
    ]);
  }
  return node;
}

function scalarNode(value: Value): YamlNode | undefined {
  if (value === null) return NULL_NODE;
  if (typeof value === 'boolean') return { kind: 'scalar', tag: 'bool', text: String(value) };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { kind: 'scalar', tag: 'int', text: value.toString() };
  if (value instanceof PyFloat) return { kind: 'scalar', tag: 'float', text: floatText(value.value) };
  const text = textOf(value);
  return text === undefined ? undefined : { kind: 'scalar', tag: 'str', text };
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatRepr(value);
  // Without a point it would be no float.
  return text.includes('.') ? text : text.replace('e', '.0e');
}

function entriesOf(value: Dict | PySet, sortKeys: boolean): readonly (readonly [Value, Value])[] {
  const entries =
    value instanceof Dict ? [...value.entries()] : [...value.values()].map((item) => [item, null] as const);
  if (!sortKeys) return entries;
  try {
    return [...entries].sort(([left], [right]) => compareValues(left, right));
  } catch (error) {
    // Keys without an order stay as they are.
    if (error instanceof TemplateError) return entries;
    throw error;
  }
}

const WIDTH = 80;
const INDENT = 2;
const MAX_SIMPLE_KEY = 128;

interface Place {
  readonly isRoot?: boolean;
  readonly isInMapping?: boolean;
  readonly isSimpleKey?: boolean;
}

class YamlWriter {
  readonly #root: YamlNode;
  readonly #anchors = new Map<YamlNode, string>();
  readonly #written = new Set<YamlNode>();
  #out = '';
  #column = 0;
  #indent: number | undefined;
  /** Whether the last thing written was whitespace, and whether the line has held only indentation and indicators. */
  #isAfterSpace = true;
  #isIndention = true;
  #isOpenEnded = false;

  constructor(root: YamlNode) {
    this.#root = root;
  }

  write(): string {
    this.#nameAnchors(this.#root, new Set());
    this.#node(this.#root, { isRoot: true });
    this.#writeIndent();
    if (this.#isOpenEnded) {
      this.#indicator('...', true);
      this.#writeIndent();
    }
    return this.#out;
  }

  #nameAnchors(node: YamlNode, met: Set<YamlNode>): void {
    // The representation makes a node of its own for each plain scalar, but for None.
    if (node === NULL_NODE) return;
    if (met.has(node)) {
      if (!this.#anchors.has(node))
        this.#anchors.set(node, `id${String(this.#anchors.size + 1).padStart(3, '0')}`);
      return;
    }
    met.add(node);
    if (node.kind === 'sequence') for (const item of node.items) this.#nameAnchors(item, met);
    if (node.kind === 'mapping') {
      for (const [key, value] of node.entries) {
        this.#nameAnchors(key, met);
        this.#nameAnchors(value, met);
      }
    }
  }

  #node(node: YamlNode, place: Place): void {
    const anchor = this.#anchors.get(node);
    if (anchor !== undefined) {
      if (this.#written.has(node)) {
        this.#indicator(`*${anchor}`, true);
        return;
      }
      this.#written.add(node);
      this.#indicator(`&${anchor}`, true);
    }
    switch (node.kind) {
      case 'scalar':
        this.#scalar(node.tag, node.text, place);
        return;
      case 'sequence':
        this.#sequence(node.items, place);
        return;
      case 'mapping':
        if (node.isSet) this.#indicator('!!set', true);
        this.#mapping(node.entries);
    }
  }

  #indented(change: 'flow' | 'block' | 'same', body: () => void): void {
    const before = this.#indent;
    if (before === undefined) this.#indent = change === 'flow' ? INDENT : 0;
    else if (change !== 'same') this.#indent = before + INDENT;
    body();
    this.#indent = before;
  }

  #sequence(items: readonly YamlNode[], { isInMapping = false }: Place): void {
    if (items.length === 0) {
      this.#empty('[', ']');
      return;
    }
    this.#indented(isInMapping && !this.#isIndention ? 'same' : 'block', () => {
      for (const item of items) {
        this.#writeIndent();
        this.#indicator('-', true, { isIndention: true });
        this.#node(item, {});
      }
    });
  }

  #mapping(entries: readonly (readonly [YamlNode, YamlNode])[]): void {
    if (entries.length === 0) {
      this.#empty('{', '}');
      return;
    }
    this.#indented('block', () => {
      for (const [key, value] of entries) {
        this.#writeIndent();
        if (this.#isSimpleKey(key)) {
          this.#node(key, { isInMapping: true, isSimpleKey: true });
          this.#indicator(':', false);
        } else {
          this.#indicator('?', true, { isIndention: true });
          this.#node(key, { isInMapping: true });
          this.#writeIndent();
          this.#indicator(':', true, { isIndention: true });
        }
        this.#node(value, { isInMapping: true });
      }
    });
  }

  #empty(open: string, close: string): void {
    this.#indicator(open, true, { isAfterSpace: true });
    this.#indicator(close, false);
  }

  #isSimpleKey(node: YamlNode): boolean {
    const anchor = this.#anchors.get(node);
    if (anchor !== undefined && this.#written.has(node)) return true;
    const anchorLength = anchor?.length ?? 0;
    switch (node.kind) {
      case 'sequence':
        return node.items.length === 0;
      case 'mapping':
        return node.entries.length === 0;
      case 'scalar': {
        const length = anchorLength + node.tag.length + 2 + Array.from(node.text).length;
        return length < MAX_SIMPLE_KEY && node.text !== '' && !scalarForm(node.text).isMultiline;
      }
    }
  }

  #scalar(tag: string, text: string, { isRoot = false, isSimpleKey = false }: Place): void {
    this.#indented('flow', () => {
      const form = scalarForm(text);
      const isResolved = plainType(text) === tag && !/^[!&*]$/u.test(text);
      const isHard = isSimpleKey && (text === '' || form.isMultiline);
      const isPlain = isResolved && !isHard && form.allowsPlain;
      if (!isPlain && tag !== 'str') this.#indicator(`!!${tag}`, true);
      if (isPlain) this.#plain(text, isRoot, !isSimpleKey);
      else if (form.allowsSingleQuotes && !(isSimpleKey && form.isMultiline))
        this.#quoted("'", text, !isSimpleKey);
      else this.#quoted('"', text, !isSimpleKey);
    });
  }

  #plain(text: string, isRoot: boolean, mayFold: boolean): void {
    if (isRoot) this.#isOpenEnded = true;
    if (text === '') return;
    if (!this.#isAfterSpace) this.#raw(' ');
    this.#isAfterSpace = false;
    this.#isIndention = false;
    writePlain(text, this.#sink(), mayFold);
  }

  #quoted(quote: '"' | "'", text: string, mayFold: boolean): void {
    this.#indicator(quote, true);
    if (quote === "'") writeSingleQuoted(text, this.#sink(), mayFold);
    else writeDoubleQuoted(text, this.#sink(), WIDTH, mayFold);
    this.#indicator(quote, false);
  }

  #sink(): ScalarSink {
    const column = (): number => this.#column;
    return {
      get column() {
        return column();
      },
      get isWide() {
        return column() > WIDTH;
      },
      write: (text) => {
        this.#raw(text);
      },
      breakLine: () => {
        this.#breakLine();
      },
      indent: () => {
        this.#writeIndent();
        this.#isAfterSpace = false;
        this.#isIndention = false;
      },
    };
  }

  #raw(text: string): void {
    spend(1 + text.length);
    this.#out += text;
    this.#column += text.length;
  }

  #indicator(
    text: string,
    needsSpace: boolean,
    {
      isAfterSpace = false,
      isIndention = false,
    }: { readonly isAfterSpace?: boolean; readonly isIndention?: boolean } = {},
  ): void {
    this.#raw(this.#isAfterSpace || !needsSpace ? text : ` ${text}`);
    this.#isAfterSpace = isAfterSpace;
    this.#isIndention &&= isIndention;
    this.#isOpenEnded = false;
  }

  #writeIndent(): void {
    const indent = this.#indent ?? 0;
    if (!this.#isIndention || this.#column > indent || (this.#column === indent && !this.#isAfterSpace))
      this.#breakLine();
    if (this.#column < indent) {
      this.#isAfterSpace = true;
      this.#raw(' '.repeat(indent - this.#column));
    }
  }

  #breakLine(): void {
    this.#isAfterSpace = true;
    this.#isIndention = true;
    this.#out += '\n';
    this.#column = 0;
  }
}

const REPLACED = new Set(['bool', 'float', 'int', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`));

/** What reading a character costs. */
const READ = 50;

/** `yaml.safe_load`. Raises a YAMLError for a text that is no YAML or holds more than one document. */
export function fromYaml(text: string): Value {
  spend(READ * text.length);
  checkDepth(text);
  const document = parseDocument(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || !REPLACED.has(tag.tag)),
      ...pythonTags,
    ],
  });
  const [error] = document.errors;
  if (error) throw new TemplateError('value', 'YAMLError', error.message);
  // A tag that the safe loader does not know makes no value, `!!python/object/apply:…` above all.
  const unknown = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (unknown) {
    const tag = unknown.message.replace('Unresolved tag: ', '');
    const message = `could not determine a constructor for the tag '${tag}'`;
    throw new TemplateError('value', 'ConstructorError', message);
  }
  let data: unknown;
  try {
    data = document.toJS({ mapAsMap: true, maxAliasCount: 1000 });
  } catch (cause) {
    throw new TemplateError('value', 'YAMLError', cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
  return fromJs(data);
}

/** What reads the tokens goes as deep as they nest; the tokens themselves are made without recursion, and counted so here. */
function checkDepth(text: string): void {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 });
  for (let top = open.pop(); top; top = open.pop()) {
    const { token } = top;
    const depth = top.depth + 1;
    if (depth > MAX_DEPTH) throw tooDeep();
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth });
      if (value) open.push({ token: value, depth });
    }
  }
}
