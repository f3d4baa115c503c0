/** Prints diagnostics: place first, so that terminals link it, then what is wrong and what to do. */

import type { Diagnostic } from '../base/diagnostic.ts';
import { formatPlace } from '../base/text.ts';
import type { SourceFile } from '../project/files.ts';
import type { Output } from './output.ts';

export function diagnosticLine(diagnostic: Diagnostic, files: ReadonlyMap<string, SourceFile>): string {
  const at = (place: Diagnostic['place']): string =>
    place ? `${formatPlace(place.path, files.get(place.path)?.text ?? '', place.range.start)}: ` : '';
  return [
    `${at(diagnostic.place)}${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`,
    ...(diagnostic.related ?? []).map(({ place, message }) => `  ${at(place)}${message}`),
  ].join('\n');
}

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  output: Output,
): void {
  for (const diagnostic of diagnostics) {
    const line = diagnosticLine(diagnostic, files);
    if (diagnostic.severity === 'error') output.error(output.paint('red', line));
    else output.log(output.paint('yellow', line));
  }
}
