/** A corpus of templates with Python's exact output: reading it, running a case, comparing. */

import {
  TemplateError,
  bindArguments,
  fromJs,
  hostFunction,
  parseTemplate,
  renderTemplate,
  signature,
  str,
} from '../jinja/index.ts';
import type { Context, Value } from '../jinja/index.ts';
import { isPromise } from '../base/maybe-promise.ts';

export interface CorpusCase {
  readonly id: string;
  readonly category: string;
  readonly profile: 'plain' | 'dbt-fn';
  readonly template: string;
  readonly context: unknown;
  readonly expected?: string;
  readonly error?: string;
  readonly message?: string;
  readonly lineno?: number;
  readonly dbt_relevant: boolean;
}

export interface Outcome {
  readonly text?: string;
  readonly error?: string;
  readonly message?: string;
  readonly lineno?: number;
}

function lastArgument(args: readonly Value[]): string {
  return str(args.at(-1) ?? null);
}

const named = signature('var', ['n'], { default: null });

const stubs: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['ref', hostFunction('ref', ({ positional }) => `"db"."analytics"."${lastArgument(positional)}"`)],
  [
    'source',
    hostFunction('source', ({ positional: [a = null, b = null] }) => `"raw"."${str(a)}"."${str(b)}"`),
  ],
  ['config', hostFunction('config', () => '')],
  ['log', hostFunction('log', () => '')],
  ['var', hostFunction('var', (args) => withDefault(args, 'var_'))],
  ['env_var', hostFunction('env_var', (args) => withDefault(args, 'ENV_'))],
  ['is_incremental', hostFunction('is_incremental', () => false)],
  ['execute', false],
  [
    'target',
    fromJs({ name: 'dev', schema: 'analytics', database: 'db', type: 'postgres', profile_name: 'default' }),
  ],
  ['this', '"db"."analytics"."this"'],
  ['model', fromJs({ name: 'm' })],
  ['invocation_id', 'iid'],
]);

function withDefault(args: Parameters<typeof bindArguments>[0], prefix: string): Value {
  const [name = null, fallback = null] = bindArguments(args, named);
  return fallback ?? prefix + str(name);
}

function contextOf({ context, profile }: CorpusCase): Context {
  const own = new Map<string, Value>();
  for (const [name, value] of Object.entries(context as Record<string, unknown>))
    own.set(name, fromJs(value));
  const others: ReadonlyMap<string, Value> = profile === 'plain' ? new Map<string, Value>() : stubs;
  return { get: (name) => (own.has(name) ? own.get(name) : others.get(name)) };
}

/** A file that is no corpus; says what is missing. */
export class CorpusFault extends Error {}

/** Raises a CorpusFault for a text that is no corpus. */
export function readCorpus(text: string): readonly CorpusCase[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new CorpusFault(`it is no JSON: ${(error as Error).message}`);
  }
  const cases = isRecord(data) ? data.cases : undefined;
  if (!Array.isArray(cases)) throw new CorpusFault('it has no list "cases"');
  cases.forEach((one: unknown, index) => {
    const lack = isRecord(one) ? lackOf(one) : 'to be an object';
    if (lack !== undefined) throw new CorpusFault(`case ${String(index + 1)} has ${lack}`);
  });
  return cases as readonly CorpusCase[];
}

function lackOf(one: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof one.id !== 'string') return 'no text "id"';
  if (typeof one.template !== 'string') return 'no text "template"';
  if (!isRecord(one.context)) return 'no object "context"';
  if (one.profile !== 'plain' && one.profile !== 'dbt-fn')
    return 'a "profile" that is neither plain nor dbt-fn';
  return typeof one.expected === 'string' || typeof one.error === 'string'
    ? undefined
    : 'neither "expected" nor "error"';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function runCase(testCase: CorpusCase): Outcome {
  const template = parseTemplate(testCase.template, 'case.sql', { dialect: 'jinja' });
  try {
    const rendered = renderTemplate(template, { context: contextOf(testCase) });
    if (isPromise(rendered)) throw new Error('no case waits');
    return { text: rendered.text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const lineno = template.diagnostics[0]?.lineno;
    return { error: error.pythonClass, message: error.message, ...(lineno === undefined ? {} : { lineno }) };
  }
}

const syntaxClasses = new Set(['TemplateSyntaxError', 'TemplateAssertionError']);

/** The corpus names the class that was caught; an assertion error is a syntax error. */
export function isEqual(testCase: CorpusCase, outcome: Outcome): boolean {
  if (testCase.error === undefined) return outcome.text === testCase.expected;
  if (outcome.error === undefined) return false;
  const sameClass =
    outcome.error === testCase.error ||
    (syntaxClasses.has(testCase.error) && syntaxClasses.has(outcome.error));
  // Python's own compiler names a line of the code that Jinja2 generated.
  const message = (testCase.message ?? '').replace(/ \(<template>, line \d+\)$/, '');
  return sameClass && outcome.message === message;
}
