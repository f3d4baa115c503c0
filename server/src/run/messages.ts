/** The words for what went wrong in a run, as dbt prints them, and the place in the user's file. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import type { TemplateError } from '../jinja/index.ts';
import type { ManifestNode, UnitTestNode } from '../project/nodes.ts';

type Named = Pick<ManifestNode | UnitTestNode, 'resource_type' | 'name' | 'original_file_path'>;

/** `Database Error in model x (models/x.sql)` and the lines below it. */
export function errorMessage(error: TemplateError, node: Named, runPath: string | null): string {
  const lines = `${error.message}${hintOf(error)}`.split('\n');
  // What the environment lacks is no resource's fault, and dbt names none.
  if (ENVIRONMENT_ERRORS.has(error.pythonClass))
    return ['Parsing Error', ...lines.map((line) => `  ${line}`)].join('\n');
  const kind = errorKind(error);
  const trailer =
    kind === 'Compilation'
      ? macroStack(error, node)
      : kind === 'Database' && runPath !== null
        ? [`compiled code at ${runPath}`]
        : [];
  return [
    `${kind} Error in ${node.resource_type} ${node.name} (${node.original_file_path})`,
    ...[...lines, ...quotedLines(error), ...trailer].map((line) => `  ${line}`),
  ].join('\n');
}

const ENVIRONMENT_ERRORS = new Set(['EnvVarMissingError', 'SecretEnvVarLocationError']);

/** Where a resource's own code calls what is not there. */
function hintOf(error: TemplateError): string {
  return error.pythonClass === 'UndefinedError' && error.frames.every(({ macro }) => macro === undefined)
    ? '. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".'
    : '';
}

function quotedLines({ quoted }: TemplateError): string[] {
  return quoted ? [`  line ${quoted.line}`, ...(quoted.text === '' ? [] : [`    ${quoted.text}`])] : [];
}

function errorKind(error: TemplateError): string {
  if (error.kind === 'database') return 'Database';
  switch (error.pythonClass) {
    case 'DbtRuntimeError':
    case 'DbtValidationError':
      return 'Runtime';
    case 'FailFastError':
      return 'FailFast';
    case 'ParsingError':
      return 'Parsing';
    default:
      return 'Compilation';
  }
}

/** dbt notes them on their way for errors of compilation alone. */
function macroStack(error: TemplateError, node: Named): string[] {
  const macros = error.frames.filter((frame) => frame.macro !== undefined);
  if (macros.length === 0) return [];
  const calls = macros.map(
    (frame, index) => `> ${index === 0 ? 'in' : 'called by'} macro ${frame.macro ?? ''} (${frame.path})`,
  );
  return ['', ...calls, `> called by ${node.resource_type} ${node.name} (${node.original_file_path})`];
}

/** Where macros stood when it happened, innermost first, each place once. */
export function macroPlaces(
  error: TemplateError,
  known: Place | undefined,
): NonNullable<Diagnostic['related']> {
  const seen = new Set([placeKey(known)]);
  return error.frames.flatMap(({ path, start, end, macro }) => {
    const place: Place = { path, range: { start, end } };
    if (seen.has(placeKey(place))) return [];
    seen.add(placeKey(place));
    return [{ place, message: macro === undefined ? 'the text comes from here' : `in the macro '${macro}'` }];
  });
}

function placeKey(place: Place | undefined): string {
  return place ? `${place.path}:${String(place.range.start)}` : '';
}

/** The user's place: the outermost frame in the node's file, else the innermost one. */
export function errorPlace(error: TemplateError, path: string | undefined): Place | undefined {
  const frame = error.frames.findLast((candidate) => candidate.path === path) ?? error.frames[0];
  return frame ? { path: frame.path, range: { start: frame.start, end: frame.end } } : undefined;
}
