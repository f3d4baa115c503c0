/** What the tests of the Jinja engine share: rendering a text with a few names, and a small dbt-like context. */

import { isPromise } from '../../server/src/base/maybe-promise.ts';
import {
  bindMacro,
  fromJs,
  hostFunction,
  parseMacroFile,
  parseTemplate,
  renderTemplate,
  returnFunction,
  str,
} from '../../server/src/jinja/index.ts';
import type { Context, Rendered, RenderOptions, Value } from '../../server/src/jinja/index.ts';

export type Names = Readonly<Record<string, unknown>>;

/** A context of plain data and values. */
export function contextOf(names: Names = {}): Context {
  const values = new Map(Object.entries(names).map(([name, value]) => [name, fromJs(value)] as const));
  return { get: (name) => values.get(name) };
}

export function renderText(text: string, names: Names = {}, options: Partial<RenderOptions> = {}): Rendered {
  const rendered = renderTemplate(parseTemplate(text, 'model.sql', { dialect: 'jinja' }), {
    context: contextOf(names),
    ...options,
  });
  if (isPromise(rendered)) throw new Error('this render should not wait');
  return rendered;
}

/** dbt-like functions and the macros of a macro file, which call each other through the context. */
export function dbtContext(macroText = '', names: Names = {}, macroPath = 'macros.sql'): Context {
  const own = contextOf(names);
  const macros = new Map<string, Value>();
  const functions = new Map<string, Value>([
    ['ref', hostFunction('ref', ({ positional }) => `"db"."public"."${positional.map(str).join('.')}"`)],
    [
      'source',
      hostFunction('source', ({ positional }) => positional.map((part) => `"${str(part)}"`).join('.')),
    ],
    ['config', hostFunction('config', () => '')],
    ['return', returnFunction],
  ]);
  const context: Context = { get: (name) => macros.get(name) ?? functions.get(name) ?? own.get(name) };
  for (const definition of parseMacroFile(macroText, macroPath).definitions) {
    macros.set(definition.fullName, bindMacro(definition, { context }));
  }
  return context;
}

/** Renders a model as dbt does, with the macros of a macro file. */
export function renderModel(text: string, macroText = '', names: Names = {}): Rendered {
  const rendered = renderTemplate(parseTemplate(text, 'model.sql'), {
    context: dbtContext(macroText, names),
  });
  if (isPromise(rendered)) throw new Error('this render should not wait');
  return rendered;
}
