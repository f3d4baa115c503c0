/** Compiles a resource: renders its code, and puts the ephemeral models it reads in front of it. */

import { then, foldMaybe, isPromise, type MaybePromise } from '../base/maybe-promise.ts';
import type { CapturedText } from '../jinja/index.ts';
import {
  concatTexts,
  Dict,
  fromJs,
  HostObject,
  layeredContext,
  noArguments,
  parseTemplate,
  renderTemplate,
  TemplateError,
  toCapturedText,
  type Context,
  type Template,
  type Value,
} from '../jinja/index.ts';
import { isConfig } from './config.ts';
import { RunningConfig } from './context/config-value.ts';
import { translateType } from './context/column.ts';
import type { ContextKind } from './context/names.ts';
import { memberLayer, type Members } from './context/layers.ts';
import { manifestDict, nodeContext, type NodeContext } from './context/node-context.ts';
import { ephemeralRelation, nodeRelation, sourceRelation } from './context/node-relation.ts';
import type { EventTimeFilter, Relation } from './context/relation.ts';
import { StatementResults } from './context/results.ts';
import type { WarehouseAccess } from './context/warehouse-access.ts';
import type { OnMessage } from './context/world.ts';
import { isEphemeral, type GraphNode, type ManifestNode, type SourceNode } from './nodes.ts';
import { testArguments } from './parse/capture.ts';
import { NodeLookup, SourceLookup } from './parse/lookup.ts';
import type { Project } from './project.ts';

/** One CTE that was put in front of a statement. */
export interface InjectedCte {
  readonly id: string;
  readonly sql: string | CapturedText;
}

export interface Compiled {
  readonly node: ManifestNode;
  /** The code as it runs, ephemeral CTEs included. */
  readonly code: string | CapturedText;
  /** The code before CTEs were put in front. */
  readonly own: string | CapturedText;
  readonly ctes: readonly InjectedCte[];
}

/** What compiling and running share: the project as it is, and the world behind it. */
export interface Compiler {
  readonly project: Project;
  readonly access: WarehouseAccess | null;
  readonly onMessage: OnMessage;
  readonly selected: readonly string[];
  /** Relations of another environment to read instead, by unique id: deferral. */
  readonly deferred?: ReadonlyMap<string, Relation>;
  /** Ephemeral models compiled so far; shared by the nodes of one command. */
  readonly ephemeral: Map<string, MaybePromise<Compiled>>;
  /** Time window and field for reading a resource's recent rows: `--sample` and microbatches. */
  eventTimeFilter?(target: GraphNode, reader: ManifestNode): EventTimeFilter | null;
}

const lookups = new WeakMap<Project, { nodes: NodeLookup; sources: SourceLookup }>();

export function lookupsOf(project: Project): { readonly nodes: NodeLookup; readonly sources: SourceLookup } {
  let found = lookups.get(project);
  if (!found) {
    const { manifest } = project;
    const disabled = [...manifest.disabled.values()].flat();
    found = {
      nodes: new NodeLookup(manifest.nodes.values(), disabled),
      sources: new SourceLookup(manifest.sources.values(), disabled),
    };
    lookups.set(project, found);
  }
  return found;
}

/** For a project that differs from another in one resource, of the same name: its lookups are made at the price of that one. */
export function inheritLookups(from: Project, to: Project, before: ManifestNode, after: ManifestNode): void {
  const { nodes, sources } = lookupsOf(from);
  lookups.set(to, { nodes: nodes.with(before, after), sources });
}

export interface RunningNode extends NodeContext {
  readonly results: StatementResults;
  /** Ephemeral models that the code read, in order. */
  readonly ctes: Set<string>;
}

/** The context of a node in a run. */
export function runningContext(
  compiler: Compiler,
  node: ManifestNode,
  extra: Members = {},
  macroOverrides: ReadonlyMap<string, Value> = new Map(),
  kind: ContextKind = 'model',
): RunningNode {
  const { project } = compiler;
  const { world } = project;
  const results = new StatementResults();
  const ctes = new Set<string>();
  const created = nodeContext({
    world,
    resource: node,
    model: () => modelDict(node),
    graph: () => graphValue(project),
    onMessage: compiler.onMessage,
    selectedResources: compiler.selected,
    phase: {
      kind,
      execute: true,
      access: compiler.access,
      missingVariables: 'error',
      ref(packageName, name, version) {
        const found = lookupsOf(project).nodes.find(
          name,
          packageName,
          version,
          world.root.name,
          node.package_name,
        );
        if (found.kind !== 'found')
          throw targetNotFound(node, { name, packageName, version }, 'node', missing(found.kind));
        if (kind === 'model') checkDeclared(node, found.node.unique_id, { name, packageName, version });
        return refRelation(compiler, node, found.node, ctes);
      },
      source(sourceName, tableName) {
        const found = lookupsOf(project).sources.find(
          sourceName,
          tableName,
          world.root.name,
          node.package_name,
        );
        if (found.kind !== 'found')
          throw targetNotFound(
            node,
            { name: `${sourceName}.${tableName}`, packageName: null, version: null },
            'source',
            missing(found.kind),
          );
        return sourceRelation(found.node, limits(compiler, found.node, node));
      },
      otherTarget(kind, name, packageName) {
        const isKnown =
          kind === 'metric' && [...project.manifest.metrics.values()].some((metric) => metric.name === name);
        if (isKnown) return name;
        throw targetNotFound(
          node,
          { name, packageName, version: null },
          kind,
          kind === 'metric' ? 'was not found or is disabled' : 'was not found',
        );
      },
      config: () => new RunningConfig(node.config, node.unique_id, () => modelDict(node)),
      thisRelation: () => (node.resource_type === 'operation' ? null : nodeRelation(world, node)),
      results,
      extra,
      macroOverrides,
    },
  });
  return { ...created, results, ctes };
}

/** `model` in a run: a contract's columns have their types as Postgres spells them. */
export function modelDict(node: ManifestNode): Dict {
  if (!node.contract.enforced || !node.contract.alias_types) return manifestDict(node);
  const columns = Object.entries(node.columns).map(([name, column]) => [
    name,
    { ...column, data_type: column.data_type === null ? null : translateType(column.data_type) },
  ]);
  return manifestDict({ ...node, columns: Object.fromEntries(columns) as ManifestNode['columns'] });
}

function limits(
  compiler: Compiler,
  target: GraphNode,
  reader: ManifestNode,
): { limit: number | null; eventTimeFilter: EventTimeFilter | null } {
  return {
    limit: compiler.project.input.settings.flags.empty ? 0 : null,
    eventTimeFilter: compiler.eventTimeFilter?.(target, reader) ?? null,
  };
}

function refRelation(compiler: Compiler, node: ManifestNode, target: ManifestNode, ctes: Set<string>): Value {
  if (isEphemeral(target)) {
    if (node.resource_type === 'operation') {
      throw new TemplateError(
        'compilation',
        'OperationsCannotRefEphemeralNodesError',
        `Operations can not ref() ephemeral nodes, but ${target.name} is ephemeral`,
      );
    }
    ctes.add(target.unique_id);
    return ephemeralRelation(target.alias, limits(compiler, target, node));
  }
  const deferred = compiler.deferred?.get(target.unique_id);
  if (deferred) return deferred.with(limits(compiler, target, node));
  return nodeRelation(compiler.project.world, target, limits(compiler, target, node));
}

interface Target {
  readonly name: string;
  readonly packageName: string | null;
  readonly version: string | number | null;
}

function missing(kind: string): string {
  return kind === 'disabled' ? 'which is disabled' : 'which was not found';
}

function targetNotFound(node: ManifestNode, target: Target, kind: string, why: string): TemplateError {
  const type = node.unique_id.startsWith('macro.') ? 'macro' : node.resource_type;
  const capital = type.charAt(0).toUpperCase() + type.slice(1);
  const version = target.version === null ? '' : ` with version '${String(target.version)}'`;
  const where = target.packageName === null ? '' : ` in package or project '${target.packageName}'`;
  const which = why.startsWith('which') ? why : `which ${why}`;
  return new TemplateError(
    'compilation',
    'TargetNotFoundError',
    `${capital} '${node.unique_id}' (${type === 'operation' ? './' : ''}${node.original_file_path}) depends on a ${kind} named '${target.name}'${version}${where} ${which}`,
  );
}

/** A ref that parsing did not see would run before its parent. */
function checkDeclared(node: ManifestNode, id: string, target: Target): void {
  if (node.resource_type === 'sql_operation' || node.depends_on.nodes.includes(id)) return;
  const { name, packageName, version } = target;
  const names = packageName === null ? `'${name}'` : `'${packageName}', '${name}'`;
  const call = `ref(${names}${version === null ? '' : `,version='${String(version)}'`})`;
  throw new TemplateError(
    'compilation',
    'RefBadContextError',
    `dbt was unable to infer all dependencies for the model "${node.name}".\nThis typically happens when ref() is placed within a conditional block.\n\nTo fix this, add the following hint to the top of the model "${node.name}":\n\n-- depends_on: {{ ${call} }}`,
  );
}

/** Compiles a node of the project, or one made up for the occasion (inline SQL, a unit test). */
export function compileNode(
  compiler: Compiler,
  node: ManifestNode,
  template?: Template,
  extra: Members = {},
): MaybePromise<Compiled> {
  const running = runningContext(compiler, node, extra);
  const code = template ?? templateOf(compiler.project, node);
  const context = withTestArguments(node, running.context);
  return then(renderTemplate(code, { context }), (rendered) =>
    injectEphemerals(compiler, node, toCapturedText(rendered), running.ctes),
  );
}

export function templateOf(project: Project, node: ManifestNode): Template {
  return (
    project.origins.get(node.unique_id)?.raw?.template ??
    parseTemplate(node.raw_code, node.original_file_path)
  );
}

function withTestArguments(node: ManifestNode, context: Context): Context {
  const metadata = node.test_metadata;
  if (!metadata) return context;
  const kwargs = testArguments(metadata.kwargs, context, 'default');
  return layeredContext(memberLayer({ _dbt_generic_test_kwargs: () => kwargs }), context);
}

/** Ephemeral models first, each once, parents before children, as dbt orders them. */
export function injectEphemerals(
  compiler: Compiler,
  node: ManifestNode,
  own: CapturedText,
  ctes: ReadonlySet<string>,
): MaybePromise<Compiled> {
  if (ctes.size === 0) return { node, code: own, own, ctes: [] };
  const collected = foldMaybe([...ctes], new Map<string, InjectedCte>(), (known, id) =>
    then(compileEphemeral(compiler, id), (compiled) => {
      for (const cte of compiled.ctes) if (!known.has(cte.id)) known.set(cte.id, cte);
      if (!known.has(id))
        known.set(id, {
          id,
          sql: concatTexts([` __dbt__cte__${compiled.node.alias} as (\n`, compiled.own, '\n)']),
        });
      return known;
    }),
  );
  return then(collected, (known) => {
    const injected = [...known.values()];
    return { node, own, code: withCtes(own, injected), ctes: injected };
  });
}

function compileEphemeral(compiler: Compiler, id: string): MaybePromise<Compiled> {
  const known = compiler.ephemeral.get(id);
  if (known !== undefined) return known;
  const node = compiler.project.manifest.nodes.get(id);
  if (!node) throw new Error(`no such node: ${id}`);
  const compiled = compileNode(compiler, node);
  compiler.ephemeral.set(id, compiled);
  return compiled;
}

/** `with` is added, or the statement's own `with` gets the CTEs first. */
export function withCtes(code: CapturedText, ctes: readonly InjectedCte[]): string | CapturedText {
  const list = ctes.flatMap((cte, index) => (index === 0 ? [cte.sql] : [', ', cte.sql]));
  const { text } = code;
  const start = text.length - text.trimStart().length;
  const own = ownWith(text, start);
  if (own === undefined)
    return concatTexts([code.slice(0, start), 'with', ...list, ' ', code.slice(start, text.length)]);
  return concatTexts([code.slice(0, own), ...list, ', ', code.slice(own, text.length)]);
}

/** Where the first CTE of the statement's own `with` begins. */
function ownWith(text: string, start: number): number | undefined {
  const at = skipComments(text, start);
  const match = /^with(?![\w$])(?:\s+recursive(?![\w$]))?\s*/i.exec(text.slice(at));
  return match ? at + match[0].length : undefined;
}

function skipComments(text: string, start: number): number {
  let at = start;
  for (;;) {
    const blank = /^\s+|^--[^\n]*\n?|^\/\*[\s\S]*?\*\//.exec(text.slice(at));
    if (!blank) return at;
    at += blank[0].length;
  }
}

const graphs = new WeakMap<Project, Value>();

/** `graph`: the manifest's sections as dicts, made when a template first asks. */
function graphValue(project: Project): Value {
  let value = graphs.get(project);
  if (value === undefined) {
    value = new GraphValue(project);
    graphs.set(project, value);
  }
  return value;
}

class GraphValue extends HostObject {
  readonly typeName = 'dict';
  readonly #project: Project;
  #made: readonly (readonly [Value, Value])[] | undefined;

  constructor(project: Project) {
    super();
    this.#project = project;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    const { manifest } = this.#project;
    const section = (items: ReadonlyMap<string, object>): Dict =>
      Dict.of([...items].map(([id, item]) => [id, manifestDict(item)]));
    this.#made ??= [
      ['exposures', section(manifest.exposures)],
      ['functions', new Dict()],
      ['groups', section(manifest.groups)],
      ['metrics', section(manifest.metrics)],
      ['nodes', section(manifest.nodes)],
      ['sources', section(manifest.sources)],
      ['semantic_models', section(manifest.semanticModels)],
      ['saved_queries', section(manifest.savedQueries)],
    ];
    return this.#made;
  }

  override getItem(key: Value): Value | undefined {
    return this.entries().find(([name]) => name === key)?.[1];
  }

  override getAttribute(name: string): Value | undefined {
    return this.getItem(name);
  }
}

export { fromJs, isConfig, isPromise, noArguments };
export type { SourceNode };
