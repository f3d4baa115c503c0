/** Renders a resource's template as dbt does while parsing, to learn what it refers to and how it configures itself. */

import { isPromise } from '../../base/maybe-promise.ts';
import type { Diagnostic, Place } from '../../base/diagnostic.ts';
import {
  Dict,
  parseTemplate,
  renderNative,
  renderTemplate,
  templateFacts,
  TemplateError,
  toJs,
  type Context,
  type Template,
  type TemplateFacts,
  type Value,
} from '../../jinja/index.ts';
import { ConfigCalls, ParsingConfig } from '../context/config-value.ts';
import { nodeContext, manifestDict, type NodeContext } from '../context/node-context.ts';
import { nodeRelation } from '../context/node-relation.ts';
import { StatementResults } from '../context/results.ts';
import { findMacro, findPackageMacro } from '../macros.ts';
import type { Config, ManifestNode, RefArgs } from '../nodes.ts';
import type { SourceFile } from '../files.ts';
import type { ParseSession } from './session.ts';
import { dictOf } from '../context/host.ts';

/** What a template said. */
export interface Captured {
  readonly refs: RefArgs[];
  readonly sources: string[][];
  readonly calls: Config;
  /** Ids of the macros it names at its top level. */
  readonly macros: string[];
}

const NOTHING = (): void => undefined;

export interface ParsingContext {
  readonly context: NodeContext;
  readonly captured: { refs: RefArgs[]; sources: string[][]; macros: Set<string>; calls: ConfigCalls };
}

export function parsingContext(session: ParseSession, node: ManifestNode): ParsingContext {
  const { world } = session;
  const captured = {
    refs: [] as RefArgs[],
    sources: [] as string[][],
    macros: new Set<string>(),
    calls: new ConfigCalls(),
  };
  const own = (): Value => nodeRelation(world, node);
  const context = nodeContext({
    world,
    resource: node,
    model: () => manifestDict(node),
    graph: () => new Dict(),
    onMessage: NOTHING,
    phase: {
      // A generic test is parsed with the names of its macros.
      kind: node.test_metadata ? 'macro' : 'model',
      execute: false,
      access: null,
      missingVariables: 'none',
      ref(packageName, name, version) {
        captured.refs.push({ name, package: packageName, version });
        return own();
      },
      source(sourceName, tableName) {
        captured.sources.push([sourceName, tableName]);
        return own();
      },
      config: () => new ParsingConfig(captured.calls),
      thisRelation: () => (node.resource_type === 'operation' ? null : own()),
      results: new StatementResults(),
      onMacro(name) {
        const dot = name.indexOf('.');
        const id =
          dot < 0
            ? macroId(session, node, name)
            : macroId(session, node, name.slice(dot + 1), name.slice(0, dot));
        if (id !== undefined) captured.macros.add(id);
      },
    },
  });
  return { context, captured };
}

/**
 * Captures a template; what goes wrong becomes a diagnostic. A broken template, which is what one is while it is typed, says what its tree
 * still says: a model does not lose its parents and its configuration for the time of a keystroke.
 */
export function captureTemplate(session: ParseSession, node: ManifestNode, template: Template): Captured {
  const facts = templateFacts(template);
  if (template.diagnostics.length > 0) {
    for (const fault of template.diagnostics) {
      session.problems.error('template-syntax', fault.message, {
        path: template.path,
        range: { start: fault.start, end: fault.end },
      });
    }
    return { ...staticCapture(facts), macros: calledMacros(session, node, facts) };
  }
  if (facts.isStatic && !overridesReferences(session, node)) return staticCapture(facts);
  const parsing = parsingContext(session, node);
  attempt(session, node, template.path, () =>
    renderTemplate(template, { context: parsing.context.context, undefined: 'parse' }),
  );
  return capturedOf(parsing);
}

/** A project may define macros named ref, source or config; then only a render tells. */
function overridesReferences(session: ParseSession, node: ManifestNode): boolean {
  const { macros } = session.world;
  return ['ref', 'source', 'config'].some((name) => findMacro(macros, node.package_name, name) !== undefined);
}

function macroId(
  { world }: ParseSession,
  node: ManifestNode,
  name: string,
  packageName?: string,
): string | undefined {
  const macro =
    packageName === undefined
      ? findMacro(world.macros, node.package_name, name)
      : findPackageMacro(world.macros, packageName, name);
  return macro?.node.unique_id;
}

function calledMacros(session: ParseSession, node: ManifestNode, facts: TemplateFacts): string[] {
  const ids = facts.macroCalls.map((call) => macroId(session, node, call.name.text, call.package?.text));
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** What is written as literals; in a static template, that is everything. */
function staticCapture(facts: TemplateFacts): Captured {
  const calls = new ConfigCalls();
  for (const config of facts.configs) {
    calls.add(
      Object.fromEntries(
        config.entries.flatMap(({ name, value }) =>
          value === undefined ? [] : [[configKey(name.text), toJs(value)]],
        ),
      ),
    );
  }
  return {
    refs: facts.refs.flatMap(({ name, package: owner, version = null }) =>
      name ? [{ name: name.value, package: owner?.value ?? null, version: version?.value ?? null }] : [],
    ),
    sources: facts.sources.flatMap(({ source, table }) =>
      source && table ? [[source.value, table.value]] : [],
    ),
    calls: calls.merged,
    macros: [],
  };
}

function configKey(name: string): string {
  return name === 'pre_hook' ? 'pre-hook' : name === 'post_hook' ? 'post-hook' : name;
}

export function capturedOf(parsing: ParsingContext): Captured {
  const { captured } = parsing;
  return {
    refs: captured.refs,
    sources: captured.sources,
    calls: captured.calls.merged,
    macros: [...captured.macros],
  };
}

/** Renders a small text of a resource (a hook, an exposure's ref) for what it refers to. */
export function captureText(
  session: ParseSession,
  parsing: ParsingContext,
  node: ManifestNode,
  text: string,
  place: string,
): void {
  attempt(session, node, place, () =>
    renderTemplate(parseTemplate(text, place), { context: parsing.context.context, undefined: 'parse' }),
  );
}

const LOOKS_LIKE_CALL = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/;

/** The arguments of a generic test as its macro gets them: strings rendered natively, bare calls such as `ref('x')` too. */
export function testArguments(kwargs: Config, context: Context, undefinedKind: 'parse' | 'default'): Dict {
  const convert = (value: unknown, path: readonly string[]): Value | Promise<Value> => {
    if (typeof value === 'string') {
      const text = LOOKS_LIKE_CALL.test(value) ? `{{ ${value} }}` : value;
      if (!/\{[{%#]/.test(text)) return text;
      const template = parseTemplate(text, '<test argument>');
      if (path.length === 1 && path[0] === 'column_name') {
        const rendered = renderTemplate(template, { context, undefined: undefinedKind });
        return isPromise(rendered) ? rendered.then((done) => done.text) : rendered.text;
      }
      return renderNative(template, { context, undefined: undefinedKind });
    }
    if (Array.isArray(value))
      return value.map((item, index) => settled(convert(item, [...path, String(index)])));
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return dictOf(
        Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, settled(convert(item, [...path, key]))]),
        ),
      );
    }
    return fromPlain(value);
  };
  return dictOf(
    Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, settled(convert(value, [key]))])),
  );
}

function settled(value: Value | Promise<Value>): Value {
  if (value instanceof Promise) throw new Error('a test argument must not wait for the warehouse');
  return value;
}

function fromPlain(value: unknown): Value {
  return value as Value;
}

function attempt(session: ParseSession, node: ManifestNode, path: string, work: () => unknown): void {
  try {
    const result = work();
    if (isPromise(result)) throw new Error('parsing must not wait for the warehouse');
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    session.problems.error(
      'template',
      templateMessage(error, node),
      templatePlace(error, path),
      macroPlaces(error, path, session.files),
    );
  }
}

export function templateMessage(
  error: TemplateError,
  node: { readonly name: string; readonly resource_type: string },
): string {
  return `Compilation Error in ${node.resource_type} ${node.name}: ${error.message}`;
}

/** The project's macros in which it happened, innermost first. */
function macroPlaces(
  error: TemplateError,
  path: string,
  files: ReadonlyMap<string, SourceFile>,
): NonNullable<Diagnostic['related']> {
  return error.frames.flatMap((frame) =>
    frame.path !== path && frame.macro !== undefined && files.has(frame.path)
      ? [
          {
            place: { path: frame.path, range: { start: frame.start, end: frame.end } },
            message: `in the macro '${frame.macro}'`,
          },
        ]
      : [],
  );
}

/** The place in the resource's own file, else the innermost place there is. */
export function templatePlace(error: TemplateError, path: string): Place {
  const frame = error.frames.findLast((candidate) => candidate.path === path) ?? error.frames[0];
  return frame
    ? { path: frame.path, range: { start: frame.start, end: frame.end } }
    : { path, range: { start: 0, end: 0 } };
}
