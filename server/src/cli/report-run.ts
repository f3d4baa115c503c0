/** Prints the events of a run as they come, in dbt's lines. */

import { plural } from './plural.ts';
import type { NodeFinished, RunEvent } from '../run/events.ts';
import type { NodeResult } from '../run/results.ts';
import type { SourceFile } from '../project/files.ts';
import type { Place } from '../base/diagnostic.ts';
import { formatPlace } from '../base/text.ts';
import type { Color, Output } from './output.ts';

const STATUS_COLORS: Readonly<Record<NodeResult['status'], Color>> = {
  success: 'green',
  pass: 'green',
  error: 'red',
  fail: 'red',
  'runtime error': 'red',
  warn: 'yellow',
  skipped: 'yellow',
  'partial success': 'yellow',
  'no-op': 'dim',
};

export function reportEvent(event: RunEvent, output: Output, files: ReadonlyMap<string, SourceFile>): void {
  switch (event.kind) {
    case 'run-started':
      output.log(`Concurrency: ${String(event.threads)} threads (target='${event.target}')`);
      output.log('');
      break;
    case 'node-started':
      output.log(columns(`${count(event)} START ${event.description}`, '[RUN]'));
      break;
    case 'node-finished': {
      const { result } = event;
      const word = resultWord(result);
      const time = result.status === 'skipped' ? '' : ` in ${result.executionTime.toFixed(2)}s`;
      const summary = result.status === 'success' && result.message !== null ? result.message : word;
      output.log(
        columns(
          `${count(event)} ${verb(event.description, result)}`,
          `[${output.paint(STATUS_COLORS[result.status], summary)}${time}]`,
        ),
      );
      if (result.status === 'error') {
        for (const line of placeLines(event, files)) output.log(output.paint('dim', `  ${line}`));
      }
      break;
    }
    case 'message':
      if (event.level === 'print') output.print(event.text);
      else if (event.level === 'info') output.log(event.text);
      else if (event.level === 'warning') output.log(output.paint('yellow', `[WARNING]: ${event.text}`));
      break;
    case 'run-finished':
      reportResults(event.results, event.elapsed, output);
      break;
  }
}

/** The user's place, then the project's macros that led there; the engine's own files are no place to look. */
function placeLines(event: NodeFinished, files: ReadonlyMap<string, SourceFile>): string[] {
  const lineOf = ({ path, range }: Place, message = ''): string[] => {
    const file = files.get(path);
    return file ? [`at ${formatPlace(path, file.text, range.start)}${message}`] : [];
  };
  return [
    ...(event.place ? lineOf(event.place) : []),
    ...(event.related ?? []).flatMap(({ place, message }) => lineOf(place, `: ${message}`)),
  ];
}

function count(event: { readonly index: number; readonly total: number }): string {
  return `${String(event.index)} of ${String(event.total)}`;
}

/** Left text, dots, right text: dbt's 80 columns. */
function columns(left: string, right: string): string {
  return `${left} ${'.'.repeat(Math.max(3, 72 - left.length))} ${right}`;
}

function verb(description: string, result: NodeResult): string {
  switch (result.status) {
    case 'success':
      return description.startsWith('seed')
        ? `OK loaded ${description}`
        : description.startsWith('hook')
          ? `OK ${description}`
          : `OK created ${description}`;
    case 'pass':
      return `PASS ${description.replace(/^(?:unit_)?test /, '')}`;
    case 'warn':
      return `WARN ${String(result.failures ?? 0)} ${description.replace(/^test /, '')}`;
    case 'fail':
      return `FAIL ${String(result.failures ?? 0)} ${description.replace(/^(?:unit_)?test /, '')}`;
    case 'skipped':
      return `SKIP ${description}`;
    case 'error':
    case 'runtime error':
      return `ERROR ${description.startsWith('test') || description.startsWith('unit_test') ? '' : 'creating '}${description}`;
    case 'partial success':
      return `PARTIAL SUCCESS ${description}`;
    case 'no-op':
      return `NO-OP ${description}`;
  }
}

function resultWord(result: NodeResult): string {
  switch (result.status) {
    case 'fail':
      return `FAIL ${String(result.failures ?? 0)}`;
    case 'warn':
      return `WARN ${String(result.failures ?? 0)}`;
    case 'skipped':
      return 'SKIP';
    default:
      return result.status.toUpperCase();
  }
}

function reportResults(results: readonly NodeResult[], elapsed: number, output: Output): void {
  output.log('');
  output.log(
    `Finished running ${String(results.length)} node${results.length === 1 ? '' : 's'} in ${elapsed.toFixed(2)} seconds.`,
  );
  const failures = results.filter((result) =>
    ['error', 'fail', 'runtime error', 'partial success'].includes(result.status),
  );
  const warnings = results.filter((result) => result.status === 'warn');
  output.log('');
  if (failures.length === 0 && warnings.length === 0)
    output.log(output.paint('green', 'Completed successfully'));
  else {
    const color = failures.length > 0 ? 'red' : 'yellow';
    output.log(
      output.paint(
        color,
        `Completed with ${plural(failures.length, 'error')} and ${plural(warnings.length, 'warning')}:`,
      ),
    );
  }
  for (const result of [...failures, ...warnings]) {
    output.log('');
    const what = result.status === 'warn' ? 'Warning' : result.status === 'fail' ? 'Failure' : 'Error';
    output.log(output.paint(result.status === 'warn' ? 'yellow' : 'red', `${what} in ${result.uniqueId}`));
    if (result.message !== null) for (const line of result.message.split('\n')) output.log(`  ${line}`);
  }
  output.log('');
  output.log(tally(results));
}

export function tally(results: readonly NodeResult[]): string {
  const number = (...statuses: readonly NodeResult['status'][]): number =>
    results.filter((result) => statuses.includes(result.status)).length;
  return `Done. PASS=${String(number('success', 'pass'))} WARN=${String(number('warn'))} ERROR=${String(number('error', 'fail', 'runtime error', 'partial success'))} SKIP=${String(number('skipped'))} NO-OP=${String(number('no-op'))} TOTAL=${String(results.length)}`;
}
