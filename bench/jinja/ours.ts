/** The measured side of the Jinja benchmark, in a process of its own: reads models from a file, prints what each thing took. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import {
  bindMacro,
  fromJs,
  hostFunction,
  originOf,
  parseMacroFile,
  parseTemplate,
  renderTemplate,
  str,
  templateFacts,
} from '../../server/src/jinja/index.ts';
import type { Context, Value } from '../../server/src/jinja/index.ts';

/** What the benchmark hands to both sides. */
export interface Work {
  readonly macros: string;
  readonly models: readonly string[];
}

/** CPU milliseconds, all threads of the process counted: the compiler's and the collector's too. */
export interface Took {
  readonly parse: number;
  readonly facts: number;
  /** Parse, compile, render with the map, and the origin of every line's start. */
  readonly whole: number;
  /** The same a second time in the same process. */
  readonly warm: number;
  readonly hash: string;
}

const [file = '', task = 'whole'] = process.argv.slice(2);
const work = JSON.parse(readFileSync(file, 'utf8')) as Work;
const context = contextOf(work.macros);
console.log(JSON.stringify(task === 'parse' ? measureParse() : measureWhole()));

function measureParse(): Partial<Took> {
  const started = process.cpuUsage();
  const templates = work.models.map((text, index) => parseTemplate(text, `models/${index}.sql`));
  const parse = since(started);
  const parsed = process.cpuUsage();
  for (const template of templates) templateFacts(template);
  return { parse, facts: since(parsed) };
}

function measureWhole(): Partial<Took> {
  const started = process.cpuUsage();
  const rendered = renderAll();
  const whole = since(started);
  const again = process.cpuUsage();
  renderAll();
  const warm = since(again);
  const hash = createHash('sha256');
  for (const text of rendered) hash.update(text).update('\0');
  return { whole, warm, hash: hash.digest('hex') };
}

/** Keeps the texts, as the other side does. */
function renderAll(): string[] {
  return work.models.map((text, index) => {
    const rendered = renderTemplate(parseTemplate(text, `models/${index}.sql`), { context });
    if (isPromise(rendered)) throw new Error('nothing waits here');
    const { text: written, mapping } = rendered;
    for (let at = 0; at >= 0 && at < written.length; at = nextLine(written, at)) {
      if (!originOf(mapping, at)) throw new Error(`nothing says where ${at} is from`);
    }
    return written;
  });
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? -1 : end + 1;
}

function since(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** The same stubs as the Python side's. */
function contextOf(macros: string): Context {
  const values = new Map<string, Value>(
    Object.entries({
      target: { name: 'dev', type: 'postgres', schema: 'analytics' },
      execute: true,
      invocation_id: '00000000-0000-0000-0000-000000000000',
      this: '"db"."analytics"."this_model"',
    }).map(([name, value]) => [name, fromJs(value)]),
  );
  values.set(
    'ref',
    hostFunction('ref', ({ positional }) => `"db"."analytics"."${str(positional.at(-1) ?? '')}"`),
  );
  values.set(
    'source',
    hostFunction('source', ({ positional: [source = '', table = ''] }) => {
      return `"db"."${str(source)}"."${str(table)}"`;
    }),
  );
  values.set(
    'config',
    hostFunction('config', () => ''),
  );
  values.set(
    'is_incremental',
    hostFunction('is_incremental', () => true),
  );
  values.set(
    'var',
    hostFunction('var', ({ positional }) => positional[1] ?? null),
  );
  const context: Context = { get: (name) => values.get(name) };
  for (const definition of parseMacroFile(macros, 'macros/library.sql').definitions) {
    values.set(definition.name.text, bindMacro(definition, { context }));
  }
  return context;
}
