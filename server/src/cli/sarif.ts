/** Diagnostics in SARIF 2.1.0, the form that code-scanning services read. */

import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import { positionAt } from '../base/text.ts';
import type { SourceFile } from '../project/files.ts';
import { VERSION } from './version.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

export function sarifLog(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
): Record<string, unknown> {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'grainline', version: VERSION, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          level: LEVELS[diagnostic.severity],
          message: { text: diagnostic.message },
          ...(diagnostic.place ? { locations: [location(diagnostic.place, files)] } : {}),
          ...(diagnostic.related
            ? {
                relatedLocations: diagnostic.related.map(({ place, message }) => ({
                  ...location(place, files),
                  message: { text: message },
                })),
              }
            : {}),
        })),
      },
    ],
  };
}

function location(
  place: NonNullable<Diagnostic['place']>,
  files: ReadonlyMap<string, SourceFile>,
): Record<string, unknown> {
  const content = files.get(place.path)?.text ?? '';
  const start = positionAt(content, place.range.start);
  const end = positionAt(content, place.range.end);
  return {
    physicalLocation: {
      artifactLocation: { uri: place.path },
      region: {
        startLine: start.line + 1,
        startColumn: start.column + 1,
        endLine: end.line + 1,
        endColumn: end.column + 1,
      },
    },
  };
}
