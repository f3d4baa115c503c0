/** The Markdown cases of the Jinja engine: rendering, errors, native values, facts, mapping. */

import { fileURLToPath } from 'node:url';
import { testCases } from '../support/cases.ts';
import type { Case } from '../support/cases.ts';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import { positionAt } from '../../server/src/base/text.ts';
import {
  TemplateError,
  Undefined,
  fromJson,
  originOf,
  parseMacroFile,
  parseTemplate,
  renderNative,
  renderTemplate,
  repr,
  templateFacts,
  toJs,
} from '../../server/src/jinja/index.ts';
import type { Context, ErrorFrame, OriginPlace, Rendered, Span } from '../../server/src/jinja/index.ts';
import { dbtContext } from './support.ts';

testCases(fileURLToPath(new URL('../cases/jinja', import.meta.url)), answer);

function answer(one: Case, name: string): string {
  const [, what = name] = name.split(' ');
  const text = one.input.text;
  switch (what) {
    case 'rendered':
      return attempt(() => render(one).text);
    case 'error':
      return attempt(() => `no error, but:\n${render(one).text}`);
    case 'native':
      return attempt(() => native(one));
    case 'diagnostics':
      return diagnostics(text);
    case 'facts':
      return facts(text);
    case 'blocks':
      return blocks(text);
    case 'origins':
      return attempt(() => origins(render(one)));
    default:
      throw new Error(`A case cannot expect "${name}".`);
  }
}

function shared(one: Case, name: string): string {
  return one.shared.find((block) => block.name === name)?.text ?? '';
}

function context(one: Case): Context {
  const names = toJs(fromJson(shared(one, 'json names') || '{}')) as Record<string, unknown>;
  return dbtContext(shared(one, 'sql macros'), names);
}

function render(one: Case): Rendered {
  const isParse = one.title.includes('at parse time');
  const rendered = renderTemplate(parseTemplate(one.input.text, 'model.sql'), {
    context: context(one),
    undefined: isParse ? 'parse' : 'default',
  });
  if (isPromise(rendered)) throw new Error('a case never waits');
  return rendered;
}

function native(one: Case): string {
  const value = renderNative(parseTemplate(one.input.text, 'schema.yml'), { context: context(one) });
  if (isPromise(value)) throw new Error('a case never waits');
  return value instanceof Undefined ? `undefined: ${value.message()}` : repr(value);
}

function attempt(body: () => string): string {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [`${error.pythonClass}: ${error.message}`, ...error.frames.map(frameLine)].join('\n');
  }
}

function frameLine({ path, text, start, end, macro }: ErrorFrame): string {
  const where = macro === undefined ? '' : ` in ${macro}`;
  return `  ${place(text, start)} ${path}${where}: ${oneLine(text.slice(start, end))}`;
}

function place(text: string, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return `${line + 1}:${column + 1}`;
}

function oneLine(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

function diagnostics(text: string): string {
  return parseTemplate(text, 'model.sql')
    .diagnostics.map(
      ({ start, end, message }) => `${place(text, start)} ${oneLine(text.slice(start, end))} ${message}`,
    )
    .join('\n');
}

function facts(text: string): string {
  const { isStatic, comments, configs, macroCalls, definitions, ...calls } = templateFacts(
    parseTemplate(text, 'model.sql'),
  );
  const at = ({ start, end }: Span): string => `${place(text, start)} ${oneLine(text.slice(start, end))}`;
  const lines = [`static: ${String(isStatic)}`];
  for (const [kind, found] of Object.entries(calls)) {
    for (const { start, end, ...fact } of found) {
      const parts = Object.entries(fact).map(([name, value]) => `${name}=${literal(value)}`);
      lines.push(`${kind}: ${at({ start, end })} ${parts.join(' ')}`);
    }
  }
  for (const config of configs) {
    const entries = config.entries.map(
      ({ name, value }) => `${name.text}=${value === undefined ? '?' : repr(value)}`,
    );
    lines.push(`config: ${config.isLiteral ? 'literal' : 'computed'} ${entries.join(' ')}`);
  }
  for (const call of macroCalls) {
    lines.push(
      `call: ${place(text, call.start)} ${call.package ? `${call.package.text}.` : ''}${call.name.text}`,
    );
  }
  for (const definition of definitions) lines.push(`definition: ${definition.kind} ${definition.name.text}`);
  for (const comment of comments) lines.push(`comment: ${at(comment)}`);
  return lines.join('\n');
}

function literal(fact: unknown): string {
  if (fact === null) return '?';
  if (typeof fact === 'object' && 'value' in fact) return JSON.stringify(fact.value).replaceAll('"', '');
  return typeof fact === 'boolean' ? String(fact) : 'none';
}

function blocks(text: string): string {
  const file = parseMacroFile(text, 'macros.sql');
  const lines = file.definitions.map((definition) => {
    const parameters = definition.parameters.map(({ name, annotation, default: value }) => {
      const type = annotation ? `: ${annotation.text}` : '';
      return name.text + type + (value ? ` = ${text.slice(value.start, value.end)}` : '');
    });
    const languages = definition.supportedLanguages
      ? ` languages ${definition.supportedLanguages.join(' ')}`
      : '';
    const body = oneLine(text.slice(definition.body.start, definition.body.end));
    return `${definition.kind} ${definition.fullName}(${parameters.join(', ')})${languages} ${body}`;
  });
  for (const { start, message } of file.diagnostics) lines.push(`! ${place(text, start)} ${message}`);
  return lines.join('\n');
}

/** Each stretch of the rendered text with one origin, and the chain of places that it came through. */
function origins({ text, mapping }: Rendered): string {
  const lines: string[] = [];
  let start = 0;
  let last: string | undefined;
  for (let offset = 0; offset <= text.length; offset++) {
    const chain = offset < text.length ? chainAt(mapping, offset) : undefined;
    if (chain !== last) {
      if (last !== undefined) lines.push(`${oneLine(text.slice(start, offset))} ← ${last}`);
      start = offset;
      last = chain;
    }
  }
  return lines.join('\n');
}

function chainAt(mapping: Rendered['mapping'], offset: number): string {
  const origin = originOf(mapping, offset);
  if (!origin) return 'nowhere';
  return [origin, ...origin.sites].map(describePlace).join(' ← ');
}

function describePlace({ source, kind, start, end }: OriginPlace): string {
  if (kind === 'literal') return `text of ${source.path} line ${positionAt(source.text, start).line + 1}`;
  return `${oneLine(source.text.slice(start, end))} ${source.path}`;
}
