/** What a selection asks for, as a tree of set operations over single criteria such as `+tag:nightly`. */

import type { IndirectSelection } from '../settings.ts';

export const METHODS = [
  'fqn',
  'tag',
  'group',
  'access',
  'source',
  'path',
  'file',
  'package',
  'config',
  'test_name',
  'test_type',
  'resource_type',
  'state',
  'exposure',
  'metric',
  'result',
  'source_status',
  'version',
  'semantic_model',
  'saved_query',
  'unit_test',
] as const;

export type Method = (typeof METHODS)[number];

export interface Criterion {
  readonly kind: 'criterion';
  /** As the user wrote it, for messages. */
  readonly raw: string;
  readonly method: Method;
  /** What follows the method's name after dots, such as `materialized` in `config.materialized`. */
  readonly methodArguments: readonly string[];
  /** A string, except where YAML gave another value. */
  readonly value: unknown;
  /** `@`: the descendants, and all ancestors of those. */
  readonly childrensParents: boolean;
  /** How many edges upwards; undefined for none. */
  readonly parents: number | undefined;
  /** How many edges downwards; undefined for none. */
  readonly children: number | undefined;
  readonly indirectSelection: IndirectSelection;
}

export interface Combination {
  readonly kind: 'union' | 'intersection' | 'difference';
  readonly components: readonly Criteria[];
  readonly indirectSelection: IndirectSelection;
  /** What to name in the warning when nothing matches; undefined for no warning. */
  readonly warnsAs: string | undefined;
}

export type Criteria = Criterion | Combination;

/** What cannot be selected by, in the words that dbt has for it. */
export class SelectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SelectionError';
  }
}

/** The parts of a criterion before they are checked: from a command line or from YAML. */
export interface CriterionParts {
  readonly method: string | undefined;
  readonly value: unknown;
  readonly childrensParents: boolean;
  readonly parents: boolean;
  readonly parentsDepth: string | number | undefined;
  readonly children: boolean;
  readonly childrenDepth: string | number | undefined;
  readonly indirectSelection: IndirectSelection;
}

const SPEC = /^(@)?(?:(\d*)(\+))?(?:([\p{L}\p{N}_.]+):)?(.*?)(?:(\+)(\d*))?$/su;

/** Reads one criterion of a command line, such as `2+state:modified.body+1`. Throws SelectionError. */
export function parseCriterion(spec: string, indirectSelection: IndirectSelection): Criterion {
  const match = SPEC.exec(spec);
  if (!match) throw new SelectionError(`Invalid selector spec "${spec}"`);
  const [, at, parentsDepth, parents, method, value, children, childrenDepth] = match;
  return criterion(spec, {
    method,
    value: value ?? '',
    childrensParents: at !== undefined,
    parents: parents !== undefined,
    parentsDepth,
    children: children !== undefined,
    childrenDepth,
    indirectSelection,
  });
}

/** Throws SelectionError when the method is unknown or the operators contradict each other. */
export function criterion(raw: string, parts: CriterionParts): Criterion {
  const { method, methodArguments } = methodOf(parts);
  if (parts.children && parts.childrensParents) {
    throw new SelectionError(`Invalid node spec ${raw} - "@" prefix and "+" suffix are incompatible`);
  }
  return {
    kind: 'criterion',
    raw,
    method,
    methodArguments,
    value: parts.value,
    childrensParents: parts.childrensParents,
    parents: parts.parents ? depth(parts.parentsDepth) : undefined,
    children: parts.children ? depth(parts.childrenDepth) : undefined,
    indirectSelection: parts.indirectSelection,
  };
}

function methodOf(parts: CriterionParts): { method: Method; methodArguments: readonly string[] } {
  if (parts.method === undefined) return { method: defaultMethod(String(parts.value)), methodArguments: [] };
  const [name = '', ...methodArguments] = parts.method.split('.');
  const method = METHODS.find((known) => known === name);
  if (!method) {
    throw new SelectionError(`'${name}' is not a valid method name; expected one of ${METHODS.join(', ')}`);
  }
  return { method, methodArguments };
}

function defaultMethod(value: string): Method {
  if (value.includes('/')) return 'path';
  return /\.(?:sql|py|csv)$/i.test(value) ? 'file' : 'fqn';
}

/** An absent depth has no limit. In YAML a plain 0 means the same, on a command line `0+` is none at all. */
function depth(raw: string | number | undefined): number {
  if (raw === undefined || raw === '' || raw === 0) return Infinity;
  const value = Number(raw);
  if (!Number.isInteger(value))
    throw new SelectionError(`Invalid node spec - could not handle parent depth ${String(raw)}`);
  return value;
}
