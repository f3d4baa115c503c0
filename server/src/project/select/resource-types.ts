/** Which kinds of resources each command works on, and how `--resource-type` narrows them. */

import type { ResourceType } from '../nodes.ts';

export type SelectingCommand =
  | 'build'
  | 'clone'
  | 'compile'
  | 'docs'
  | 'freshness'
  | 'list'
  | 'run'
  | 'seed'
  | 'show'
  | 'snapshot'
  | 'test';

const BUILT: readonly ResourceType[] = [
  'model',
  'snapshot',
  'seed',
  'test',
  'unit_test',
  'saved_query',
  'exposure',
  'function',
];
const COMPILED: readonly ResourceType[] = [
  'model',
  'test',
  'snapshot',
  'analysis',
  'operation',
  'seed',
  'doc',
  'sql_operation',
  'function',
];
const LISTED: readonly ResourceType[] = [
  'model',
  'snapshot',
  'seed',
  'test',
  'source',
  'exposure',
  'metric',
  'saved_query',
  'semantic_model',
  'unit_test',
  'function',
];
const REFERABLE: readonly ResourceType[] = ['model', 'seed', 'snapshot'];

/** What a command takes by default, and what it can take at most when asked for `all`. */
const COMMANDS: Readonly<
  Record<
    SelectingCommand,
    { readonly byDefault: readonly ResourceType[]; readonly all?: readonly ResourceType[] }
  >
> = {
  build: { byDefault: BUILT },
  clone: { byDefault: REFERABLE },
  compile: { byDefault: COMPILED },
  docs: { byDefault: COMPILED },
  freshness: { byDefault: ['source'] },
  list: { byDefault: LISTED, all: [...LISTED, 'analysis'] },
  run: { byDefault: ['model'] },
  seed: { byDefault: ['seed'] },
  show: { byDefault: COMPILED },
  snapshot: { byDefault: ['snapshot'] },
  test: { byDefault: ['test', 'unit_test'] },
};

/** The types after `--resource-type` (which may say `all` or `default`) and `--exclude-resource-type`. */
export function resourceTypesOf(
  command: SelectingCommand,
  include: readonly (ResourceType | 'all' | 'default')[] = [],
  exclude: readonly ResourceType[] = [],
): ReadonlySet<ResourceType> {
  const { byDefault, all = byDefault } = COMMANDS[command];
  const asked = include.flatMap((type) => (type === 'all' ? all : type === 'default' ? byDefault : [type]));
  const types = new Set(include.length === 0 ? byDefault : asked);
  for (const type of exclude) types.delete(type);
  // These two refuse other types even when asked for them.
  if (command !== 'test' && command !== 'clone') return types;
  return new Set([...types].filter((type) => byDefault.includes(type)));
}
