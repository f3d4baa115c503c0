/** `var` and `env_var`. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import {
  hasJinja,
  fromJs,
  HostObject,
  repr,
  TemplateError,
  truthy,
  typeError,
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
  readonly #shown: Readonly<Record<string, unknown>>;
  readonly #render: ((text: string) => MaybePromise<Value>) | undefined;

  constructor(
    variables: Readonly<Record<string, unknown>>,
    owner: string,
    missing: 'none' | 'error',
    /** A variable's text may hold a template of its own. */
    render?: (text: string) => MaybePromise<Value>,
    /** Those that `has_var` and the complaint know, where they are not all. */
    shown: Readonly<Record<string, unknown>> = variables,
  ) {
    super();
    this.#variables = variables;
    this.#owner = owner;
    this.#missing = missing;
    this.#render = render;
    this.#shown = shown;
  }

  override call(args: CallArguments): MaybePromise<Value> {
    const name = args.positional[0] ?? args.keyword.get('var_name');
    if (name === undefined) throw typeError("__call__() missing 1 required positional argument: 'var_name'");
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
    const known = Object.fromEntries(Object.entries(this.#shown).sort(([a], [b]) => (a < b ? -1 : 1)));
    throw new TemplateError(
      'compilation',
      'RequiredVarNotFoundError',
      `Required var '${key}' not found in config:\nVars supplied to ${this.#owner} = ${JSON.stringify(known, null, 4)}`,
    );
  }

  override getAttribute(name: string): Value | undefined {
    if (name !== 'has_var') return undefined;
    return define(name, 'var_name', (args) => Object.hasOwn(this.#shown, args.text('var_name') ?? ''));
  }
}

/**
 * Whether secrets may be read: not at all; or in profiles.yml and packages.yml, where a template sees a stand-in and only the finished text
 * has the secret, so that no filter can take it apart and no message can show it.
 */
export type SecretRule = 'secrets-concealed' | 'secrets-refused';

const SECRET_START = '$$$DBT_SECRET_START$$$';
const SECRET_END = '$$$DBT_SECRET_END$$$';

/** A rendered text with its secrets in place of what stood for them. */
export function revealSecrets(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\$\$DBT_SECRET_START\$\$\$(.*?)\$\$\$DBT_SECRET_END\$\$\$/gsu,
    (whole, name: string) => environment.get(name) ?? whole,
  );
}

/** What `env_var` answered from each environment: the names by their values, so that messages can leave the values out. */
const answered = new WeakMap<ReadonlyMap<string, string>, Map<string, string>>();

export function environmentAnswers(environment: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return answered.get(environment) ?? NOTHING;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

function noteAnswer(environment: ReadonlyMap<string, string>, name: string, value: string): void {
  if (value === '') return;
  let answers = answered.get(environment);
  if (!answers) answered.set(environment, (answers = new Map<string, string>()));
  answers.set(value, name);
}

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
    if (found !== undefined) {
      noteAnswer(environment, name, found);
      return name.startsWith(SECRET_PREFIX) ? `${SECRET_START}${name}${SECRET_END}` : found;
    }
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
