/** `var` and `env_var`. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import {
  hasJinja,
  fromJs,
  HostObject,
  repr,
  TemplateError,
  truthy,
  type CallArguments,
  type Value,
} from '../../jinja/index.ts';
import { define } from './host.ts';

/** Names with this prefix are secrets: only profiles.yml and packages.yml may read them. */
export const SECRET_PREFIX = 'DBT_ENV_SECRET';

/** `var('name', default)` with `var.has_var('name')`. */
export class VariableLookup extends HostObject {
  readonly typeName = 'Var';
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #owner: string;
  /** While parsing, an unknown variable is none: the run will complain. */
  readonly #missing: 'none' | 'error';
  readonly #render: ((text: string) => MaybePromise<Value>) | undefined;

  constructor(
    variables: Readonly<Record<string, unknown>>,
    owner: string,
    missing: 'none' | 'error',
    /** A variable's text may hold a template of its own. */
    render?: (text: string) => MaybePromise<Value>,
  ) {
    super();
    this.#variables = variables;
    this.#owner = owner;
    this.#missing = missing;
    this.#render = render;
  }

  override call(args: CallArguments): MaybePromise<Value> {
    const name = args.positional[0] ?? args.keyword.get('var_name') ?? null;
    const key = typeof name === 'string' ? name : repr(name);
    if (Object.hasOwn(this.#variables, key)) {
      const value = this.#variables[key];
      return typeof value === 'string' && this.#render && hasJinja(value)
        ? this.#render(value)
        : fromJs(value);
    }
    const fallback = args.positional.length > 1 ? args.positional[1] : args.keyword.get('default');
    if (fallback !== undefined) return fallback;
    if (this.#missing === 'none') return null;
    const known = Object.fromEntries(Object.entries(this.#variables).sort(([a], [b]) => (a < b ? -1 : 1)));
    throw new TemplateError(
      'compilation',
      'RequiredVarNotFoundError',
      `Required var '${key}' not found in config:\nVars supplied to ${this.#owner} = ${JSON.stringify(known, null, 4)}`,
    );
  }

  override getAttribute(name: string): Value | undefined {
    if (name !== 'has_var') return undefined;
    return define(name, 'var_name', (args) => Object.hasOwn(this.#variables, args.text('var_name') ?? ''));
  }
}

export type SecretRule = 'secrets-allowed' | 'secrets-refused';

export function environmentLookup(
  environment: ReadonlyMap<string, string>,
  secrets: SecretRule,
  overrides: Readonly<Record<string, unknown>> = {},
): Value {
  return define('env_var', 'var,default=', (args) => {
    const name = args.text('var') ?? '';
    if (Object.hasOwn(overrides, name)) return fromJs(overrides[name]);
    if (name.startsWith(SECRET_PREFIX) && secrets === 'secrets-refused') {
      throw new TemplateError(
        'compilation',
        'SecretEnvVarLocationError',
        `Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`,
      );
    }
    const found = environment.get(name);
    if (found !== undefined) return found;
    const fallback = args.get('default');
    if (fallback !== undefined && fallback !== null) return fallback;
    throw new TemplateError(
      'compilation',
      'EnvVarMissingError',
      `Env var required but not provided: '${name}'`,
    );
  });
}

export function isTrue(value: Value | undefined): boolean {
  return value !== undefined && truthy(value);
}
