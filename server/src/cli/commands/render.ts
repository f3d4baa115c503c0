/** `render`: one template by itself, or a corpus of templates compared with what each must give. */

import { formatPlace } from '../../base/text.ts';
import { entriesOf, fromJson, parseTemplate, renderTemplate, str, TemplateError } from '../../jinja/index.ts';
import type { Context, Template, Value } from '../../jinja/index.ts';
import { readText } from '../../workspace/disk.ts';
import { text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import {
  CorpusFault,
  isEqual,
  readCorpus,
  runCase,
  type CorpusCase,
  type Outcome,
} from '../template-corpus.ts';

export async function renderCommand(args: Arguments, output: Output): Promise<number> {
  const corpus = text(args, 'corpus');
  const [file] = args.positional;
  if ((corpus === null) === (file === undefined))
    throw new UsageError('render takes a template file, or --corpus FILE.json; see render --help.');
  if (corpus !== null) return renderCorpus(corpus, output);
  return renderFile(file ?? '', text(args, 'context'), output);
}

async function renderFile(path: string, contextPath: string | null, output: Output): Promise<number> {
  const template = parseTemplate(fileText(path), path, { dialect: 'jinja' });
  const context = contextPath === null ? { get: () => undefined } : contextIn(contextPath);
  try {
    output.print((await renderTemplate(template, { context })).text);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    for (const line of errorLines(error, template)) output.error(line);
    return EXIT.failed;
  }
}

function fileText(path: string): string {
  const content = readText(path, path);
  if (content === undefined) throw new UsageError(`There is no file ${path}.`);
  return content;
}

function contextIn(path: string): Context {
  const names = new Map<string, Value>();
  for (const [name, value] of contextEntries(path)) names.set(str(name), value);
  return { get: (name) => names.get(name) };
}

function contextEntries(path: string): readonly (readonly [Value, Value])[] {
  let data: Value;
  try {
    data = fromJson(fileText(path));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UsageError(`${path} is no JSON: ${error.message}.`);
  }
  const entries = entriesOf(data);
  if (!entries) throw new UsageError(`${path} must hold a JSON object whose keys are the template's names.`);
  return entries;
}

/** The innermost place first, each as a terminal can open it. */
function errorLines(error: TemplateError, template: Template): string[] {
  const [fault] = template.diagnostics;
  const frames =
    error.frames.length > 0 ? error.frames : [{ ...template, start: fault?.start ?? template.start }];
  const [innermost, ...outer] = frames.map((frame) => ({
    place: formatPlace(frame.path, frame.text, frame.start),
    macro: 'macro' in frame ? frame.macro : undefined,
  }));
  const where = innermost?.macro === undefined ? '' : ` (in macro ${innermost.macro})`;
  return [
    `${innermost?.place ?? template.path}: ${error.pythonClass}: ${error.message}${where}`,
    ...outer.map(
      ({ place, macro }) => `  ${place}: called ${macro === undefined ? 'here' : `in macro ${macro}`}`,
    ),
  ];
}

function renderCorpus(path: string, output: Output): number {
  const results = corpusIn(path).map((one) => {
    const outcome = runCase(one);
    return { one, outcome, isEqual: isEqual(one, outcome) };
  });
  for (const result of results) if (!result.isEqual) output.print(difference(result.one, result.outcome));
  const equal = results.filter((result) => result.isEqual);
  const relevant = results.filter(({ one }) => one.dbt_relevant);
  const equalRelevant = relevant.filter((result) => result.isEqual);
  const failing = results.filter(({ one }) => one.error !== undefined);
  const raised = failing.filter(({ outcome }) => outcome.error !== undefined);
  const share = (part: readonly unknown[], all: readonly unknown[]): string =>
    `${String(part.length)} of ${String(all.length)}`;
  output.print(
    `corpus: ${share(equal, results)} equal, ${share(equalRelevant, relevant)} dbt-relevant equal, ${share(raised, failing)} errors raised`,
  );
  return equalRelevant.length === relevant.length ? EXIT.done : EXIT.failed;
}

function corpusIn(path: string): readonly CorpusCase[] {
  try {
    return readCorpus(fileText(path));
  } catch (error) {
    if (!(error instanceof CorpusFault)) throw error;
    throw new UsageError(`${path} is no corpus: ${error.message}.`);
  }
}

function difference(one: CorpusCase, outcome: Outcome): string {
  const shown = (rendered?: string, error?: string, message = ''): string =>
    error === undefined ? JSON.stringify(rendered) : `${error}: ${message}`;
  const expected = shown(one.expected, one.error, one.message);
  return `${one.id}: expected ${expected}, got ${shown(outcome.text, outcome.error, outcome.message)}`;
}
