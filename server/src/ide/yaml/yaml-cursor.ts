/** Where a cursor is in YAML that may be half typed: a word is put there, and found again in what the file then means. */

import type { Range } from '../../base/text.ts';
import { isConfig } from '../../project/config.ts';
import type { Config } from '../../project/nodes.ts';
import { readTolerantly, type YamlPath } from '../../project/yaml.ts';

export interface YamlCursor {
  /** `key` of the mapping at `path`; `item` of the list there; `value` that `path` leads to. */
  readonly position: 'key' | 'item' | 'value';
  readonly path: YamlPath;
  /** The mapping around it, without what is being typed. */
  readonly beside: Config;
  readonly root: unknown;
  readonly replace: Range;
  /** Whether a colon follows the word. */
  readonly hasColon: boolean;
  /** The column of the key, or of the item. */
  readonly column: number;
}

const PLACEHOLDER = 'grainline_cursor';
const WORD = /[\p{L}\p{N}_.+-]/u;

/** undefined in comments, in texts of several lines, in quotes and where the text around makes no sense. */
export function yamlCursor(path: string, text: string, offset: number): YamlCursor | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const lineEnd = newline < 0 ? text.length : newline;
  let start = offset;
  while (start > lineStart && WORD.test(text.charAt(start - 1))) start--;
  // A dash with a blank behind it begins an item and is no part of a word.
  const before = text.slice(lineStart, start);
  if (/(?:^|\s)#/u.test(before) || /["'|>]\s*$/u.test(before.trimEnd().slice(-1)) || before.includes('{{'))
    return undefined;
  if (text.slice(start, offset) === '-') return undefined;
  let end = offset;
  while (end < lineEnd && WORD.test(text.charAt(end))) end++;
  const after = text.slice(end, lineEnd);
  const hasColon = /^\s*:(?:\s|$)/u.test(after);
  const beginsLine = /^\s*(?:- +)*$/u.test(before);
  if (!beginsLine && !/[:,[{]\s*$/u.test(before)) return undefined;
  // What follows on the line would be read with the word.
  if (after.trim() !== '' && !hasColon && !/^\s*[,\]}#]/u.test(after)) return undefined;
  const word = beginsLine && !hasColon ? `${PLACEHOLDER}:` : PLACEHOLDER;
  const marked = text.slice(0, start) + word + text.slice(end);
  const { value } = readTolerantly({ path, text: marked });
  const found = find(value, []);
  if (!found) return undefined;
  return { ...found, root: value, replace: { start, end }, hasColon, column: start - lineStart };
}

type Found = Pick<YamlCursor, 'position' | 'path' | 'beside'>;

function find(value: unknown, path: YamlPath): Found | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const isAlone = item === PLACEHOLDER || (isConfig(item) && Object.keys(item).join() === PLACEHOLDER);
      if (isAlone) return { position: 'item', path, beside: {} };
      const found = find(item, [...path, index]);
      if (found) return found;
    }
    return undefined;
  }
  if (!isConfig(value)) return undefined;
  if (Object.hasOwn(value, PLACEHOLDER)) {
    const { [PLACEHOLDER]: _, ...beside } = value;
    return { position: 'key', path, beside };
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === PLACEHOLDER) {
      const { [key]: _, ...beside } = value;
      return { position: 'value', path: [...path, key], beside };
    }
    const found = find(item, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
