/** `check`: every diagnostic of the project without running it. */

import { plural } from '../plural.ts';
import { checkProject } from '../../checks/check-project.ts';
import type { Diagnostic, Place } from '../../base/diagnostic.ts';
import { positionAt } from '../../base/text.ts';
import { emptyCatalog } from '../../project/catalog.ts';
import type { SourceFile } from '../../project/files.ts';
import type { Project } from '../../project/project.ts';
import { loadSqlParser } from '../../sql/parser.ts';
import { text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openWithProblems, ProjectErrors } from '../open-project.ts';
import type { Output } from '../output.ts';
import { diagnosticLine } from '../report-diagnostics.ts';
import { selectFor } from '../selection.ts';
import { sarifLog } from '../sarif.ts';

export async function checkCommand(args: Arguments, output: Output): Promise<number> {
  const form = text(args, 'format') ?? 'text';
  if (form !== 'text' && form !== 'json' && form !== 'sarif')
    throw new UsageError(`Invalid value for '--format': '${form}' is not one of 'text', 'json', 'sarif'.`);
  const found = await findings(args);
  if (form === 'json')
    output.print(
      JSON.stringify(
        found.diagnostics.map((diagnostic) => diagnosticJson(diagnostic, found.files)),
        null,
        2,
      ),
    );
  else if (form === 'sarif') output.print(JSON.stringify(sarifLog(found.diagnostics, found.files), null, 2));
  else reportText(found.diagnostics, found.files, output);
  return found.diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? EXIT.failed : EXIT.done;
}

interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, SourceFile>;
}

async function findings(args: Arguments): Promise<Findings> {
  try {
    const { project, folder } = await openWithProblems(args);
    const isWhole =
      args.values.get('select') === undefined &&
      args.values.get('selector') === undefined &&
      args.values.get('exclude') === undefined;
    const selected = isWhole ? undefined : (await selectFor(args, project, 'list', folder)).selected;
    const found = await checkProject(project, selected);
    return {
      diagnostics: [...found, ...(await verdicts(project, found, selected))],
      files: project.input.files,
    };
  } catch (error) {
    if (error instanceof ProjectErrors) return { diagnostics: error.diagnostics, files: error.texts };
    throw error;
  }
}

/** What the project's own SQL and tests prove of rows. Of a project with errors, what was read of it may be half of it. */
async function verdicts(
  project: Project,
  found: readonly Diagnostic[],
  selected: ReadonlySet<string> | undefined,
): Promise<readonly Diagnostic[]> {
  if (found.some(({ severity }) => severity === 'error')) return [];
  const [{ projectVerdicts }, parser] = await Promise.all([
    import('../../ide/grain/verdicts.ts'),
    loadSqlParser(),
  ]);
  return projectVerdicts({ project, catalog: emptyCatalog, parser }, selected);
}

function reportText(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  output: Output,
): void {
  for (const diagnostic of diagnostics) output.print(diagnosticLine(diagnostic, files));
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  output.print(`${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`);
}

/** Lines and columns are one-based, columns in UTF-16 units. */
export function diagnosticJson(
  diagnostic: Diagnostic,
  files: ReadonlyMap<string, SourceFile>,
): Record<string, unknown> {
  const { place } = diagnostic;
  const shown = { code: diagnostic.code, severity: diagnostic.severity, message: diagnostic.message };
  const related = (diagnostic.related ?? []).map((other) => ({
    message: other.message,
    ...placeJson(other.place, files),
  }));
  return {
    ...shown,
    ...(place ? placeJson(place, files) : {}),
    ...(related.length > 0 ? { related } : {}),
  };
}

function placeJson(place: Place, files: ReadonlyMap<string, SourceFile>): Record<string, unknown> {
  const content = files.get(place.path)?.text ?? '';
  const start = positionAt(content, place.range.start);
  const end = positionAt(content, place.range.end);
  return {
    path: place.path,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
}
