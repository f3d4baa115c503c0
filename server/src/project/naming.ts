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
  return md5Hex(name + repr(fromJs(hashable(metadata)))).slice(-10);
}

function hashable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hashable);
  if (isConfig(value)) {
    return Object.fromEntries(
      Object.keys(value)
        .sort(byCodePoint)
        .map((key) => [key, hashable(value[key])]),
    );
  }
  return str(fromJs(value));
}

export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
