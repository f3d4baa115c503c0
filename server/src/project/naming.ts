/** The names that dbt derives: unique ids, fully qualified names, and the synthesised names of generic tests. */

import { md5Hex } from '../base/hash.ts';
import { repr, str, fromJs } from '../jinja/index.ts';
import { isConfig } from './config.ts';
import type { Config } from './nodes.ts';

export function uniqueId(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join('.');
}

/** Package, folders below the resource path, name. */
export function fqnOf(packageName: string, relativePath: string, name: string): string[] {
  const folders = relativePath.split('/').slice(0, -1);
  return [packageName, ...folders, name];
}

export interface TestNames {
  /** At most 63 characters: names the compiled file and the stored failures. */
  readonly short: string;
  readonly full: string;
}

/** The name of a generic test without one of its own: type, target, and the arguments' values. */
export function genericTestNames(testType: string, targetName: string, kwargs: Config): TestNames {
  const parts = Object.keys(kwargs)
    .filter((key) => key !== 'model')
    .sort(byCodePoint)
    .flatMap((key) => argumentParts(kwargs[key]))
    .map((part) => part.replace(/[^0-9a-zA-Z_]+/g, '_'));
  const identifier = `${testType}_${targetName}`;
  const full = `${identifier}_${parts.join('__')}`;
  const short = full.length >= 64 ? `${identifier.slice(0, 30)}_${md5Hex(full)}` : full;
  return { short, full };
}

function argumentParts(value: unknown): string[] {
  const values = Array.isArray(value) ? value : isConfig(value) ? Object.values(value) : [value];
  return values.map((item) => str(fromJs(item)));
}

/** The ten last hex digits that make a generic test's id unique: of its name and its metadata as Python prints it. */
export function genericTestHash(name: string, metadata: Config): string {
  return md5Hex(name + hashable(metadata)).slice(-10);
}

/** Python's repr of the metadata with sorted keys and every scalar as text. */
function hashable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hashable).join(', ')}]`;
  if (isConfig(value)) {
    const keys = Object.keys(value).sort(byCodePoint);
    return `{${keys.map((key) => `${textRepr(key)}: ${hashable(value[key])}`).join(', ')}}`;
  }
  return textRepr(typeof value === 'string' ? value : str(fromJs(value)));
}

/** Most texts need no escapes; the rest is left to the full rules. */
function textRepr(text: string): string {
  return /^[ -&(-[\]-~]*$/.test(text) ? `'${text}'` : repr(text);
}

export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
