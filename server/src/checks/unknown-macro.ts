/** `unknown-macro`: a call of a name that no package, no context and no line of the template provides. */

import { closestName } from '../base/closest-name.ts';
import { templateFacts, type Context, type MacroCallFact, type Template } from '../jinja/index.ts';
import { runningContext } from '../project/compile.ts';
import { findPackageMacro, isBuiltin, type MacroTable } from '../project/macros.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { boundNames } from './bound-names.ts';
import { isOwn, ownTemplate, type Check, type Report } from './check.ts';

/** What Jinja itself provides, and what only some macros see: in loops, call blocks, materializations and on-run-end hooks. */
const ELSEWHERE = new Set([
  ...[
    'range',
    'dict',
    'lipsum',
    'cycler',
    'joiner',
    'namespace',
    'loop',
    'caller',
    'varargs',
    'kwargs',
    'self',
    'super',
  ],
  ...['sql', 'compiled_code', 'results', 'schemas', 'database_schemas', 'validation'],
]);

export const checkUnknownMacro: Check = ({ project, nodes, concerns }, report) => {
  for (const node of nodes) {
    const template = ownTemplate(project, node);
    if (template && isOwn(project, node)) checkTemplate(project, template, contextOf(project, node), report);
  }
  // Macros see what the resource that calls them sees; without any resource nothing calls them.
  const [caller] = project.manifest.nodes.values();
  if (!caller) return;
  const context = contextOf(project, caller);
  for (const { node, definition } of project.world.macros.byId.values()) {
    if (isOwn(project, node) && concerns(definition.template.path))
      checkTemplate(project, definition.template, context, report);
  }
};

function contextOf(project: Project, node: ManifestNode): Context {
  return runningContext(
    { project, access: null, onMessage: () => undefined, selected: [], ephemeral: new Map() },
    node,
  ).context;
}

function checkTemplate(project: Project, template: Template, context: Context, report: Report): void {
  const calls = templateFacts(template).macroCalls;
  if (calls.length === 0) return;
  const bound = boundNames(template);
  for (const call of calls) {
    const outer = call.package ?? call.name;
    if (bound.has(outer.text) || ELSEWHERE.has(outer.text)) continue;
    const message = call.package ? unknownIn(project, call, context) : unknownName(project, call, context);
    if (!message) continue;
    const { text, word, close } = message;
    const range = { start: word.start, end: word.end };
    const suggestion = close === undefined ? undefined : { range, text: close };
    report(text, { path: template.path, range }, { suggestion });
  }
}

interface Unknown {
  readonly text: string;
  readonly word: { readonly start: number; readonly end: number };
  readonly close: string | undefined;
}

function unknownName({ world }: Project, { name }: MacroCallFact, context: Context): Unknown | undefined {
  if (context.get(name.text) !== undefined) return undefined;
  const close = closestName(name.text, callableNames(world.macros));
  const hint = close
    ? `Did you mean '${close}'?`
    : 'Correct the name, write the macro, or name the package it is from.';
  return { text: `there is no macro '${name.text}'. ${hint}`, word: name, close };
}

function unknownIn(
  { world }: Project,
  { package: owner, name }: MacroCallFact,
  context: Context,
): Unknown | undefined {
  if (!owner) return undefined;
  if (world.packages.has(owner.text) || isBuiltin(owner.text)) {
    if (findPackageMacro(world.macros, owner.text, name.text)) return undefined;
    const close = closestName(
      name.text,
      owner.text === 'dbt'
        ? world.macros.builtin.keys()
        : (world.macros.packages.get(owner.text)?.keys() ?? []),
    );
    const hint = close
      ? `Did you mean '${close}'?`
      : 'Correct the name, or install a version of the package that has it.';
    return { text: `the package '${owner.text}' has no macro '${name.text}'. ${hint}`, word: name, close };
  }
  if (context.get(owner.text) !== undefined) return undefined;
  const close = closestName(owner.text, world.packages.keys());
  const hint = close
    ? `Did you mean '${close}'?`
    : "If it is a package, add it to packages.yml and run 'dbt deps'.";
  return { text: `nothing here is named '${owner.text}'. ${hint}`, word: owner, close };
}

/** What can be called without naming a package, most likely ones first: ties go to the project's own. */
function* callableNames(table: MacroTable): IterableIterator<string> {
  yield* table.packages.get(table.rootPackage)?.keys() ?? [];
  yield* ['ref', 'source', 'config', 'var', 'env_var', 'log', 'return', 'tojson', 'fromjson'];
  yield* table.builtin.keys();
}
