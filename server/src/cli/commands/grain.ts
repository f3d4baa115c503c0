/** `grain`: asks the warehouse whether each declared grain holds. */

import { FailureError } from '../../base/failure.ts';
import { checkGrain, declaredGrains, type GrainVerdict } from '../../run/grain.ts';
import { text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject, openWarehouse } from '../open-project.ts';
import type { Output } from '../output.ts';
import { diagnosticLine } from '../report-diagnostics.ts';
import { selectFor } from '../selection.ts';

export async function grainCommand(args: Arguments, output: Output): Promise<number> {
  const { project, folder } = await openProject(args);
  const form = text(args, 'format') ?? 'text';
  if (form !== 'text' && form !== 'json')
    throw new UsageError(`Invalid value for '--format': '${form}' is not one of 'text', 'json'.`);
  const { selected, warnings } = await selectFor(args, project, 'clone', folder);
  // JSON on standard output stays JSON.
  for (const warning of warnings) output.error(diagnosticLine(warning, project.input.files));
  const grains = declaredGrains(project, selected);
  if (grains.length === 0) {
    output.error(
      'None of the selected models declares a grain. Add one to its property file: config: {meta: {grain: [column, …]}}.',
    );
    return EXIT.done;
  }
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const session = await warehouse.open('grainline');
  const verdicts: GrainVerdict[] = [];
  try {
    for (const grain of grains) {
      const verdict = await checkGrain(session, grain).catch((error: unknown): GrainVerdict => {
        if (!(error instanceof FailureError)) throw error;
        return { ...grain, verdict: 'unknown', reason: error.message };
      });
      verdicts.push(verdict);
      if (form === 'text') for (const line of verdictLines(verdict, output)) output.print(line);
    }
  } finally {
    await session.close();
  }
  if (form === 'json') output.print(JSON.stringify(verdicts, null, 2));
  return verdicts.some((verdict) => verdict.verdict === 'refuted') ? EXIT.failed : EXIT.done;
}

function verdictLines(verdict: GrainVerdict, output: Output): string[] {
  const what = `${verdict.name}: one row per ${verdict.columns.join(', ')}`;
  if (verdict.verdict === 'unknown')
    return [`${output.paint('yellow', 'unknown')}  ${what}: ${verdict.reason}`];
  const { rows, distinctKeys, nullKeys } = verdict.figures;
  const figures = `${String(rows)} rows, ${String(distinctKeys)} distinct keys, ${String(nullKeys)} with a null`;
  if (verdict.verdict === 'holds') return [`${output.paint('green', 'holds')}    ${what} (${figures})`];
  return [
    `${output.paint('red', 'refuted')}  ${what} (${figures})`,
    ...verdict.figures.worst.map(
      ({ key, count }) => `           ${key.map((cell) => cell ?? 'NULL').join(', ')}: ${String(count)} rows`,
    ),
  ];
}
