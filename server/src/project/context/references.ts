/** `ref`, `source`, `metric` and `function` as templates call them, and what packages read off them. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import {
  compilationError,
  HostFunction,
  TemplateError,
  toJs,
  typeName,
  type CallArguments,
  type Value,
} from '../../jinja/index.ts';
import { RelationClass } from './adapter/relation-class.ts';
import type { Phase, Resource } from './node-context.ts';
import { RuntimeConfigValue } from './runtime-config.ts';
import type { World } from './world.ts';

/** What a reference is made in. */
export interface Referring {
  readonly world: World;
  readonly resource: Resource;
  readonly phase: Phase;
  readonly model: () => Value;
}

export type ReferenceKind = 'ref' | 'source' | 'metric' | 'function';

/** A function that also shows what dbt's resolvers do: `config`, `model`, `Relation`. */
export class Reference extends HostFunction {
  readonly #referring: Referring;

  constructor(kind: ReferenceKind, referring: Referring) {
    super(kind, (args) => CALLS[kind](args, referring));
    this.#referring = referring;
  }

  override getAttribute(name: string): Value | undefined {
    const { world, resource, model } = this.#referring;
    switch (name) {
      case 'config':
        return new RuntimeConfigValue(world);
      case 'current_project':
        return world.root.name;
      case 'model':
        return model();
      case 'package':
        return resource.package_name;
      case 'Relation':
        return new RelationClass(world);
      default:
        return undefined;
    }
  }
}

const CALLS: Readonly<
  Record<ReferenceKind, (args: CallArguments, referring: Referring) => MaybePromise<Value>>
> = {
  ref: callRef,
  source: callSource,
  metric: callMetric,
  function: callFunction,
};

function callRef({ positional, keyword }: CallArguments, { phase }: Referring): MaybePromise<Value> {
  const names = atMostTwo('ref', 'RefArgsError', positional);
  const [name, packageName] = names;
  const version = toJs(keyword.get('version') ?? keyword.get('v') ?? null);
  requireText(name, 'The name argument to ref()');
  if (packageName !== null) requireText(packageName, 'The package argument to ref()');
  return phase.ref(
    packageName === null ? null : String(toJs(packageName)),
    String(toJs(name)),
    typeof version === 'number' || typeof version === 'string' ? version : null,
  );
}

function callSource({ positional }: CallArguments, { phase }: Referring): Value {
  if (positional.length !== 2) {
    throw new TemplateError(
      'compilation',
      'NumberSourceArgsError',
      `source() takes exactly two arguments (${String(positional.length)} given)`,
    );
  }
  const [source = null, table = null] = positional;
  requireText(source, 'The source name (first) argument to source()');
  requireText(table, 'The table name (second) argument to source()');
  return phase.source(String(toJs(source)), String(toJs(table)));
}

function callMetric({ positional }: CallArguments, referring: Referring): Value {
  const [name, packageName] = atMostTwo('metric', 'MetricArgsError', positional);
  requireText(name, 'The name argument to metric()');
  if (packageName !== null) requireText(packageName, 'The package argument to metric()');
  return referring.phase.otherTarget?.('metric', String(toJs(name)), textOrNull(packageName)) ?? name;
}

function callFunction({ positional }: CallArguments, referring: Referring): Value {
  const [name, packageName] = atMostTwo('function', 'RefArgsError', positional);
  return referring.phase.otherTarget?.('function', String(toJs(name)), textOrNull(packageName)) ?? name;
}

function textOrNull(value: Value): string | null {
  return value === null ? null : String(toJs(value));
}

/** The name, and the package where there is one. */
function atMostTwo(
  caller: string,
  pythonClass: string,
  positional: readonly Value[],
): readonly [name: Value, packageName: Value] {
  const [first = null, second = null] = positional;
  if (positional.length === 1) return [first, null];
  if (positional.length === 2) return [second, first];
  throw new TemplateError(
    'compilation',
    pythonClass,
    `${caller}() takes at most two arguments (${String(positional.length)} given)`,
  );
}

function requireText(value: Value, what: string): void {
  if (typeof toJs(value) !== 'string')
    throw compilationError(`${what} must be a string, got <class '${typeName(value)}'>`);
}
