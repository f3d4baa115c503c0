/** The context of one resource: its members by phase, every macro bound to it, dbt's order of names. */

import { then, type MaybePromise } from '../../base/maybe-promise.ts';
import type { Dict } from '../../jinja/index.ts';
import {
  callValue,
  compilationError,
  fromJs,
  HostObject,
  layeredContext,
  parseTemplate,
  PySet,
  renderTemplate,
  str,
  TemplateError,
  toCapturedText,
  toJs,
  type CallArguments,
  type Context,
  type Value,
} from '../../jinja/index.ts';
import type { Macro } from '../macros.ts';
import type { Config } from '../nodes.ts';
import { AdapterValue } from './adapter/adapter.ts';
import { RelationClass } from './adapter/relation-class.ts';
import type { AgateTable } from './agate/index.ts';
import { baseMember } from './base-members.ts';
import { ColumnClass } from './column.ts';
import { ExceptionsValue } from './exceptions.ts';
import { define, dictOf } from './host.ts';
import { lazyLayer, memberLayer, type Members } from './layers.ts';
import { MacroNamespace, MacroScope } from './macro-scope.ts';
import type { StatementResults } from './results.ts';
import { environmentLookup, VariableLookup } from './variables.ts';
import type { WarehouseAccess } from './warehouse-access.ts';
import { variablesFor, type OnMessage, type World } from './world.ts';

/** What differs between parsing, naming, running and operations. */
export interface Phase {
  /** `execute` in templates. */
  readonly execute: boolean;
  readonly access: WarehouseAccess | null;
  readonly missingVariables: 'none' | 'error';
  ref(packageName: string | null, name: string, version: string | number | null): MaybePromise<Value>;
  source(sourceName: string, tableName: string): Value;
  readonly config: () => Value;
  /** `this`; undefined where there is none. */
  readonly thisRelation: () => Value;
  readonly results: StatementResults;
  /** Members of this phase alone, such as `sql` and `write`; they win over the common ones. */
  readonly extra?: Members;
  /** Told of each macro that the resource's own template names, for depends_on.macros. */
  readonly onMacro?: (macro: string) => void;
  /** `env_var` and `var` answers that a unit test sets. */
  readonly environmentOverrides?: Readonly<Record<string, unknown>>;
  readonly variableOverrides?: Readonly<Record<string, unknown>>;
  readonly macroOverrides?: ReadonlyMap<string, Value>;
}

export interface Resource {
  readonly unique_id: string;
  readonly package_name: string;
  readonly database?: string | null;
  readonly schema?: string | null;
  readonly config?: Config;
}

export interface NodeContext {
  /** For the resource's own template. */
  readonly context: Context;
  readonly scope: MacroScope;
}

export interface NodeContextOptions {
  readonly world: World;
  readonly resource: Resource;
  /** `model` in templates: the manifest entry. */
  readonly model: () => Value;
  /** `graph` in templates. */
  readonly graph: () => Value;
  readonly phase: Phase;
  readonly onMessage: OnMessage;
  readonly selectedResources?: readonly string[];
}

export function nodeContext(options: NodeContextOptions): NodeContext {
  const { world, resource, phase } = options;
  // Macros see the resource's whole context, themselves included: the layers refer to one another.
  const full: Context = { get: (name) => layers.get(name) };
  const scope = new MacroScope(world.macros, resource.package_name, full, phase.macroOverrides);
  const extra = phase.extra && memberLayer(phase.extra);
  const members = lazyLayer((name) => extra?.get(name) ?? commonMember(name, options, full, scope));
  const layers = layeredContext(scope, members);
  const { onMacro } = phase;
  if (!onMacro) return { context: full, scope };
  return { context: recording(full, scope, onMacro), scope };
}

/** Notes the macros named at the top level, through namespaces and dispatch too. */
function recording(full: Context, scope: MacroScope, onMacro: (name: string) => void): Context {
  return {
    get(name) {
      const value = full.get(name);
      if (value === undefined) return undefined;
      if (scope.find(name) === value) onMacro(name);
      else if (value instanceof MacroNamespace)
        return new RecordingNamespace(value, (macro) => {
          onMacro(`${value.packageName}.${macro}`);
        });
      return value;
    },
  };
}

class RecordingNamespace extends HostObject {
  readonly typeName = 'dict';
  readonly #namespace: MacroNamespace;
  readonly #onMacro: (name: string) => void;

  constructor(namespace: MacroNamespace, onMacro: (name: string) => void) {
    super();
    this.#namespace = namespace;
    this.#onMacro = onMacro;
  }

  override getAttribute(name: string): Value | undefined {
    const macro = this.#namespace.getAttribute(name);
    if (macro !== undefined) this.#onMacro(name);
    return macro;
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }

  override contains(item: Value): boolean {
    return this.#namespace.contains(item);
  }
}

/** One member, made when a template asks for it. */
function commonMember(
  name: string,
  options: NodeContextOptions,
  full: Context,
  scope: MacroScope,
): Value | undefined {
  const { world, resource, phase, onMessage } = options;
  const { settings } = world;
  const ref = (): Value =>
    define('ref', '*args,**kwargs', (args) => callRef(args.rest, args.keywords, phase));
  const source = (): Value => define('source', '*args', (args) => callSource(args.rest, phase));
  switch (name) {
    case 'project_name':
      return world.root.name;
    case 'execute':
      return phase.execute;
    case 'ref':
      return ref();
    case 'source':
      return source();
    case 'metric':
      return define('metric', '*args', (args) => args.rest.at(-1) ?? null);
    case 'function':
      return define('function', '*args', (args) => args.rest.at(-1) ?? null);
    case 'config':
      return phase.config();
    case 'this':
      return phase.thisRelation();
    case 'var':
      return new VariableLookup(
        { ...variablesFor(world, resource.package_name), ...phase.variableOverrides },
        resource.unique_id,
        phase.missingVariables,
        (text) => renderText(text, full),
      );
    case 'env_var':
      return environmentLookup(settings.environment, 'secrets-refused', phase.environmentOverrides);
    case 'adapter':
      return new AdapterValue({ world, scope, context: full, access: phase.access });
    case 'api':
      return dictOf({ Relation: new RelationClass(world), Column: new ColumnClass() });
    case 'column':
      return new ColumnClass();
    case 'exceptions':
      return new ExceptionsValue(onMessage, resource.unique_id);
    case 'model':
      return options.model();
    case 'graph':
      return options.graph();
    case 'database':
      return resource.database ?? settings.target.database;
    case 'schema':
      return resource.schema ?? settings.target.schema;
    case 'pre_hooks':
      return fromJs(resource.config?.['pre-hook'] ?? []);
    case 'post_hooks':
      return fromJs(resource.config?.['post-hook'] ?? []);
    case 'builtins':
      return dictOf({ ref: ref(), source: source(), config: phase.config() });
    case 'context':
      return new ContextValue(full);
    case 'render':
      return define('render', 'string', (args) => renderText(str(args.value('string')), full));
    case 'try_or_compiler_error':
      return tryOrCompilerError();
    case 'validation':
      return dictOf({ any: define('any', '*args', (args) => validator(args.rest)) });
    case 'dbt_metadata_envs':
      return fromJs(metadataEnvironment(settings.environment));
    case 'selected_resources':
      return fromJs(options.selectedResources ?? []);
    case 'invocation_args_dict':
      return fromJs({ which: settings.flags.which, vars: settings.vars });
    case 'adapter_macro':
      return define('adapter_macro', 'name,*args,**kwargs', (args) => {
        throw compilationError(
          `The "adapter_macro" macro has been deprecated. Instead, use the \`adapter.dispatch\` method to find a macro and call the result.  For more information, see: https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch) adapter_macro was called for: ${args.text('name') ?? ''}`,
        );
      });
    case 'write':
      return define('write', 'payload', () => '');
    default:
      return phase.results.member(name) ?? baseMember(name, settings, onMessage, resource.unique_id);
  }
}

function callRef(
  positional: readonly Value[],
  keyword: ReadonlyMap<string, Value>,
  phase: Phase,
): MaybePromise<Value> {
  const names = positional.map(toJs);
  if (names.length !== 1 && names.length !== 2) {
    throw compilationError(`ref() takes at most two arguments (${String(names.length)} given)`);
  }
  const name = names.at(-1);
  const packageName = names.length === 2 ? names[0] : null;
  const version = toJs(keyword.get('version') ?? keyword.get('v') ?? null);
  for (const part of [name, ...(names.length === 2 ? [packageName] : [])]) {
    if (typeof part !== 'string') {
      throw compilationError(`The name argument to ref() must be a string, got ${typeof part}`);
    }
  }
  return phase.ref(
    typeof packageName === 'string' ? packageName : null,
    String(name),
    typeof version === 'number' || typeof version === 'string' ? version : null,
  );
}

function callSource(positional: readonly Value[], phase: Phase): Value {
  const names = positional.map(toJs);
  if (names.length !== 2)
    throw compilationError(`source() takes exactly two arguments (${String(names.length)} given)`);
  const [sourceName, tableName] = names;
  if (typeof sourceName !== 'string') {
    throw compilationError(
      `The source name (first) argument to source() must be a string, got ${typeof sourceName}`,
    );
  }
  if (typeof tableName !== 'string') {
    throw compilationError(
      `The table name (second) argument to source() must be a string, got ${typeof tableName}`,
    );
  }
  return phase.source(sourceName, tableName);
}

/** `context`: the names of the context as a dict. */
class ContextValue extends HostObject {
  readonly typeName = 'dict';
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }

  override getItem(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#context.get(key) : undefined;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'get') {
      return define(
        name,
        'key,default=',
        (args) => this.#context.get(args.text('key') ?? '') ?? args.value('default'),
      );
    }
    return this.#context.get(name);
  }

  override contains(item: Value): boolean {
    return typeof item === 'string' && this.#context.get(item) !== undefined;
  }
}

export function renderText(text: string, context: Context): MaybePromise<Value> {
  return then(renderTemplate(parseTemplate(text, '<render>'), { context }), toCapturedText);
}

function tryOrCompilerError(): Value {
  return define('try_or_compiler_error', 'message_if_exception,func,*args,**kwargs', (args) => {
    const failed = (): never => {
      throw compilationError(args.text('message_if_exception') ?? '');
    };
    const call: CallArguments = { positional: args.rest, keyword: args.keywords };
    try {
      const result = callValue(args.value('func'), call);
      return result instanceof Promise
        ? result.catch((error: unknown) =>
            error instanceof TemplateError ? failed() : Promise.reject(error as Error),
          )
        : result;
    } catch (error) {
      if (error instanceof TemplateError) return failed();
      throw error;
    }
  });
}

/** `validation.any[…]`: a function that complains about values not in the list. */
function validator(allowed: readonly Value[]): Value {
  return define('inner', 'value', (args) => {
    const value = args.value('value');
    if (PySet.of(allowed.filter((item) => !(item instanceof HostObject))).has(value)) return null;
    throw new TemplateError(
      'compilation',
      'DbtValidationError',
      `Expected value "${str(value)}" to be one of ${allowed.map(str).join(',')}`,
    );
  });
}

function metadataEnvironment(environment: ReadonlyMap<string, string>): Record<string, string> {
  const prefix = 'DBT_ENV_CUSTOM_ENV_';
  return Object.fromEntries(
    [...environment]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** A dict of a plain object without its nulls, as dbt shows a manifest entry to templates. */
export function manifestDict(entry: object): Dict {
  const shown = Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== null && value !== undefined),
  );
  return fromJs(shown) as Dict;
}

export type { AgateTable, Macro };
