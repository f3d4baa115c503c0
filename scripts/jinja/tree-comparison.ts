/** What Jinja2 says of one file against what we say of it: trees, errors, blocks, facts and comments. */

import { hasJinja, parseMacroFile, parseTemplate, templateFacts } from '../../server/src/jinja/index.ts';
import type {
  DefinitionKind,
  Literal,
  Span,
  Template,
  TemplateDiagnostic,
} from '../../server/src/jinja/index.ts';
import { NormalTree, lineCounter } from './normal-tree.ts';
import type { Json } from './normal-tree.ts';

interface Failure {
  readonly class: string;
  readonly message: string;
  readonly line?: number | null;
}

/** What Jinja2 makes of one text: a tree, or the error that it stops at. */
interface Reading {
  readonly error?: Failure;
  readonly compile?: Failure;
  readonly tree?: Json;
  readonly facts?: Readonly<Record<string, Json[]>>;
  readonly comments?: Json;
}

export interface PythonAnswer {
  readonly template: Reading;
  readonly file: {
    readonly error?: Failure;
    readonly blocks?: readonly (readonly [
      kind: string,
      name: string | null,
      text: string,
      reading: Reading,
    ])[];
  };
  readonly static: Readonly<Record<string, Json>> | null;
}

export type Aspect = 'tree' | 'facts' | 'static';

export interface Difference {
  readonly aspect: Aspect;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

export function compareFile(text: string, answer: PythonAnswer): Difference[] {
  const template = parseTemplate(text, 'compared.sql');
  return [
    ...compareReading('template', template, answer.template),
    ...compareBlocks(text, answer),
    ...compareFacts(template, answer.template),
    ...compareStatic(template, answer.static),
  ];
}

function different(aspect: Aspect, what: string, expected: Json, got: Json): Difference[] {
  const [left, right] = [JSON.stringify(expected), JSON.stringify(got)];
  return left === right ? [] : [{ aspect, what, ...around(left, right) }];
}

/** The two texts from a little before the place where they part. */
function around(left: string, right: string): { expected: string; got: string } {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const from = Math.max(0, at - 60);
  return { expected: left.slice(from, at + 200), got: right.slice(from, at + 200) };
}

function compareReading(what: string, template: Template, reading: Reading): Difference[] {
  const { text, start, end, body, diagnostics } = template;
  const refused = reading.error ?? reading.compile;
  const [fault] = diagnostics;
  const failure = different(
    'tree',
    `${what}: error`,
    refused ? words(refused) : null,
    fault ? own(fault) : null,
  );
  if (refused || fault || failure.length > 0) return failure;
  // dbt gives such a text back as it is.
  const isPlain = !hasJinja(text.slice(start, end));
  const expected =
    isPlain && end > start ? [['Output', ['TemplateData', text.slice(start, end)]]] : reading.tree;
  const tree = new NormalTree(text, lineCounter(text, start, end)).statements(body);
  return different('tree', `${what}: tree`, expected ?? [], tree);
}

function words({ class: name, message, line }: Failure): Json {
  return line === null || line === undefined ? `${name}: ${message}` : `${name}: ${message} line ${line}`;
}

/** Python's own complaints have no line of the template. */
function own({ pythonClass, message, lineno }: TemplateDiagnostic): Json {
  const hasLine = pythonClass !== 'SyntaxError' && pythonClass !== 'MaterializationArgError';
  return hasLine ? `${pythonClass}: ${message} line ${lineno}` : `${pythonClass}: ${message}`;
}

function compareBlocks(text: string, { file }: PythonAnswer): Difference[] {
  const { definitions, diagnostics } = parseMacroFile(text, 'compared.sql');
  const faults = diagnostics.filter(({ code }) => code === 'jinja-block').map(({ message }) => message);
  if (file.error || faults.length > 0) {
    // Ours are all faults in the order of their places; dbt stops at one of them.
    const expected = file.error?.message ?? null;
    const isAmong = expected !== null && faults.includes(expected);
    return isAmong ? [] : different('tree', 'blocks: error', expected, faults[0] ?? null);
  }
  const expected = file.blocks ?? [];
  const kinds = expected.map(([kind, , source]) => [kind === 'data_test' ? 'test' : kind, source]);
  const ours = definitions.map(({ kind, body, text: whole }) => {
    return [kind, kind === 'snapshot' || kind === 'docs' ? text.slice(body.start, body.end) : whole];
  });
  const cut = different('tree', 'blocks', kinds, ours);
  if (cut.length > 0) return cut;
  return definitions.flatMap(({ name, kind, template }, index) => {
    const reading = expected[index]?.[3];
    if (!reading) return [];
    const what = `${kind} ${name.text}`;
    return [...compareReading(what, template, reading), ...compareFacts(template, reading)];
  });
}

const callLists = {
  ref: 'refs',
  source: 'sources',
  config: 'configs',
  var: 'vars',
  env_var: 'envVars',
  doc: 'docs',
} as const;

function compareFacts(template: Template, reading: Reading): Difference[] {
  const { text, start, end } = template;
  const { facts: expected, comments } = reading;
  if (!expected || template.diagnostics.length > 0) return [];
  const facts = templateFacts(template);
  const lineOf = lineCounter(text, start, end);
  const found: Difference[] = [];
  for (const [name, list] of Object.entries(callLists)) {
    const ours = facts[list].map((fact) => reparsed(text, fact, lineOf));
    found.push(...different('facts', name, sorted(expected[name] ?? []), sorted(ours)));
  }
  const calls = facts.macroCalls.map(({ package: owner, name, start: at, end: stop }): Json => {
    const call = reparsed(text, { start: at, end: stop }, lineOf);
    return [owner?.text ?? null, name.text, Array.isArray(call) ? (call[1] ?? null) : null];
  });
  found.push(...different('facts', 'calls', sorted(expected.calls ?? []), sorted(calls)));
  const names = (expected.definitions ?? []).map((one) =>
    Array.isArray(one) && typeof one[0] === 'string' ? one[0] : '',
  );
  const unused = [...names];
  const definitions = facts.definitions.map(({ kind, name }) => {
    const bound = boundName(kind, name.text, unused);
    unused.splice(unused.indexOf(bound) >>> 0, 1);
    return bound;
  });
  found.push(...different('facts', 'definitions', sorted(names), sorted(definitions)));
  const ours = facts.comments.map(({ start: at, end: stop }): Json => {
    return [lineOf(at), text.slice(at, stop).replaceAll(/\r\n?/g, '\n')];
  });
  found.push(...different('facts', 'comments', comments ?? [], ours));
  found.push(...compareTargets(expected, template));
  return found;
}

/** dbt's own spelling of a definition's name; the adapter of a materialization is no fact of ours. */
function boundName(kind: DefinitionKind, name: string, expected: readonly string[]): string {
  if (kind === 'test') return `dbt_macro__test_${name}`;
  if (kind === 'docs') return `dbt_docs__${name}`;
  if (kind !== 'materialization') return `dbt_macro__${name}`;
  const start = `dbt_macro__materialization_${name}_`;
  return expected.find((bound) => bound.startsWith(start)) ?? start;
}

function sorted(list: readonly Json[]): Json[] {
  return list.map((one) => JSON.stringify(one)).sort();
}

/** The tree of the text in a fact's range: the call itself, when the range is right. */
function reparsed(text: string, { start, end }: Span, lineOf: (offset: number) => number): Json {
  const before = '{{';
  const inner = `${before}${text.slice(start, end)} }}`;
  const { body, diagnostics } = parseTemplate(inner, 'fact.sql');
  const [statement] = body;
  if (diagnostics.length > 0 || statement?.type !== 'output' || body.length !== 1) return null;
  const [expression] = statement.expressions;
  if (expression?.start !== before.length || expression.end !== before.length + end - start) return null;
  return new NormalTree(inner, (offset) => lineOf(offset - before.length + start)).expression(expression);
}

/** The literal arguments that a fact tells against those of Jinja2's call. */
function compareTargets(expected: Readonly<Record<string, Json[]>>, template: Template): Difference[] {
  const facts = templateFacts(template);
  const refs = facts.refs.map(({ package: owner, name, version }): Json => [
    literal(owner),
    literal(name),
    version ? String(version.value) : null,
  ]);
  const sources = facts.sources.map(({ source, table }): Json => [literal(source), literal(table)]);
  const names = [...facts.vars, ...facts.envVars].map(({ name }): Json => literal(name));
  return [
    ...different('facts', 'ref targets', sorted((expected.ref ?? []).map(refTarget)), sorted(refs)),
    ...different(
      'facts',
      'source targets',
      sorted((expected.source ?? []).map(sourceTarget)),
      sorted(sources),
    ),
    ...different(
      'facts',
      'var names',
      sorted([...(expected.var ?? []), ...(expected.env_var ?? [])].map((call) => argument(call, 0, 'var'))),
      sorted(names),
    ),
  ];
}

function literal(word: Literal | null | undefined): Json {
  return typeof word?.value === 'string' ? word.value : null;
}

type CallTree = [string, number, Json, [string, Json][], [string, string, [string, Json]][], Json, Json];

function argument(call: Json, index: number, name?: string): Json {
  const [, , , positional, keyword] = call as unknown as CallTree;
  const value = positional[index] ?? keyword.find(([, word]) => word === name)?.[2];
  return value?.[0] === 'Const' && typeof value[1] === 'string' ? value[1] : null;
}

function refTarget(call: Json): Json {
  const [, , , positional, keyword, rest] = call as unknown as CallTree;
  const version = keyword.find(([, word]) => word === 'version' || word === 'v')?.[2];
  const written = version?.[0] === 'Const' ? version[1] : null;
  const number = typeof written === 'string' ? written : versionNumber(written);
  if (positional.length < 2) return [null, rest === null ? argument(call, 0) : null, number];
  const owner = argument(call, 0);
  return [owner, owner === null ? null : argument(call, 1), number];
}

function versionNumber(written: Json): Json {
  if (written === null || typeof written !== 'object' || Array.isArray(written)) return null;
  return written.int ?? null;
}

function sourceTarget(call: Json): Json {
  const [, , , , , rest] = call as unknown as CallTree;
  return rest === null ? [argument(call, 0), argument(call, 1)] : [null, null];
}

/** dbt's static parser, where it dares to answer. */
function compareStatic(template: Template, expected: PythonAnswer['static']): Difference[] {
  if (!expected || template.diagnostics.length > 0) return [];
  const facts = templateFacts(template);
  const refs = facts.refs.map(({ package: owner, name, version }): Json => [
    literal(owner),
    literal(name),
    version ? String(version.value) : 'None',
  ]);
  const sources = facts.sources.map(({ source, table }): Json => [literal(source), literal(table)]);
  const configs = facts.configs.flatMap(({ entries }) => entries.map(({ name }) => name.text));
  return [
    ...different('static', 'refs', sorted(expected.refs as Json[]), sorted(refs)),
    ...different(
      'static',
      'sources',
      [...new Set(sorted(expected.sources as Json[]))],
      [...new Set(sorted(sources))],
    ),
    ...different('static', 'configs', sorted(expected.configs as Json[]), sorted(configs)),
  ];
}
