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
  type CallArguments,
  type Context,
  type Value,
} from '../../jinja/index.ts';
import type { Macro } from '../macros.ts';
import type { Config } from '../nodes.ts';
import { AdapterValue } from './adapter/adapter.ts';
import { RelationClass } from './adapter/relation-class.ts';
import type { AgateTable } from './agate/index.ts';
import { baseMember, targetDict } from './base-members.ts';
import { ColumnClass } from './column.ts';
import { ExceptionsValue } from './exceptions.ts';
import { define, dictOf } from './host.ts';
import { lazyLayer, memberLayer, type Members } from './layers.ts';
import { MacroNamespace, MacroScope } from './macro-scope.ts';
import { NamedMembers } from './named-members.ts';
import { namesOf, type ContextKind } from './names.ts';
import { Reference } from './references.ts';
import type { StatementResults } from './results.ts';
import { environmentLookup, VariableLookup } from './variables.ts';
import type { WarehouseAccess } from './warehouse-access.ts';
import { variablesFor, type OnMessage, type World } from './world.ts';

/** What differs between parsing, naming, running and operations. */
export interface Phase {
  /** Whether it is a resource's own context or that of a macro alone, which has fewer names. */
  readonly kind?: ContextKind;
  /** `execute` in templates. */
  readonly execute: boolean;
  readonly access: WarehouseAccess | null;
  readonly missingVariables: 'none' | 'error';
  ref(packageName: string | null, name: string, version: string | number | null): MaybePromise<Value>;
  source(sourceName: string, tableName: string): Value;
  /** The target of `metric` or `function`; absent where the name itself will do. */
  otherTarget?(kind: 'metric' | 'function', name: string, packageName: string | null): Value;
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
  readonly name?: string;
  readonly resource_type?: string;
  readonly package_name: string;
  readonly database?: string | null;
  readonly schema?: string | null;
  readonly config?: Config;
}

export interface NodeContext {
  /** For the resource's own template. */
  readonly context: Context;
  readonly scope: MacroScope;
  /** Every name that the context has. */
  readonly names: () => readonly string[];
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
  const members = lazyLayer((name) => extra?.get(name) ?? commonMember(name, options, full, scope, names));
  const layers = layeredContext(scope, members);
  const names = (): string[] => [
    ...Object.keys(phase.extra ?? {}),
    ...namesOf(phase.kind ?? 'model'),
    ...scope.names(),
  ];
  const { onMacro } = phase;
  if (!onMacro) return { context: full, scope, names };
  return { context: recording(full, scope, onMacro), scope, names };
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
  names: () => readonly string[],
): Value | undefined {
  const { world, resource, phase, onMessage } = options;
  const { settings } = world;
  const kind = phase.kind ?? 'model';
  if (!namesOf(kind).has(name)) return undefined;
  switch (name) {
    case 'project_name':
      return world.root.name;
    case 'execute':
      return phase.execute;
    case 'ref':
    case 'source':
    case 'metric':
    case 'function':
      return new Reference(name, options);
    case 'config':
      return phase.config();
    case 'this':
      return phase.thisRelation();
    case 'var':
      return new VariableLookup(
        { ...variablesFor(world, resource.package_name), ...phase.variableOverrides },
        resource.name ?? resource.unique_id,
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
      return hooksOf(kind, resource, 'pre-hook');
    case 'post_hooks':
      return hooksOf(kind, resource, 'post-hook');
    case 'builtins':
      return new NamedMembers(
        () => [...namesOf(kind)].filter((other) => other !== 'builtins' && other !== 'context').sort(),
        (other) => commonMember(other, options, full, scope, names),
      );
    case 'context':
      return new NamedMembers(names, (other) => full.get(other));
    case 'env':
      return fromJs(targetDict(settings));
    case 'sql_now':
      return 'now()';
    case 'sql':
    case 'compiled_code':
    case 'defer_relation':
      return null;
    case '_sql_results':
      return phase.results.asDict();
    case 'load_agate_table':
      return define(name, '', () => {
        throw new TemplateError(
          'compilation',
          'LoadAgateTableNotSeedError',
          `can only load_agate_table for seeds (got a ${kind === 'macro' ? 'macro' : (resource.resource_type ?? 'model')})`,
        );
      });
    case 'submit_python_job':
      return define(name, 'parsed_model,compiled_code', () => {
        throw new TemplateError(
          'compilation',
          'DbtRuntimeError',
          'submit_python_job is not intended to be called here, at model: Postgres cannot run Python models.',
        );
      });
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
      return define('write', 'payload', () => {
        if (kind === 'model') return '';
        throw new TemplateError(
          'compilation',
          'MacrosSourcesUnWriteableError',
          'cannot "write" macros or sources',
        );
      });
    default:
      return phase.results.member(name) ?? baseMember(name, settings, onMessage, resource.unique_id);
  }
}

/** Hooks as dbt shows them; what has none of its own shows none. */
function hooksOf(kind: ContextKind, resource: Resource, which: 'pre-hook' | 'post-hook'): Value {
  if (kind === 'macro') return null;
  const written = resource.config?.[which];
  return Array.isArray(written) ? written.map((hook) => manifestDict(hook as object)) : [];
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
