/** The table of checks: one line each. */

import type { CheckEntry } from './check.ts';
import { checkGrainColumns } from './grain-columns.ts';
import { checkIdentifierTooLong } from './identifier-too-long.ts';
import { checkOneQuery } from './one-query.ts';
import { checkSqlSyntax } from './sql-syntax.ts';
import { checkTemplateError } from './template-error.ts';
import { checkUnknownConfig } from './unknown-config.ts';
import { checkUnknownMacro } from './unknown-macro.ts';
import { checkYamlProperty } from './yaml-property.ts';
import { checkYamlValue } from './yaml-value.ts';

// prettier-ignore
export const CHECKS: readonly CheckEntry[] = [
  { code: 'template-error', severity: 'error', title: 'A template that fails when it is compiled', check: checkTemplateError },
  { code: 'sql-syntax', severity: 'error', title: 'SQL that Postgres cannot read', check: checkSqlSyntax },
  { code: 'one-query', severity: 'error', title: 'A model, snapshot or test that is not one query', check: checkOneQuery },
  { code: 'identifier-too-long', severity: 'warning', title: 'A name over 63 bytes', check: checkIdentifierTooLong },
  { code: 'unknown-macro', severity: 'warning', title: 'A call of a macro that does not exist', check: checkUnknownMacro },
  { code: 'unknown-config', severity: 'warning', title: 'A misspelt configuration key', check: checkUnknownConfig },
  { code: 'yaml-property', severity: 'warning', title: 'An unknown property in a property file', check: checkYamlProperty },
  { code: 'yaml-value', severity: 'warning', title: 'A value that means nothing where it stands', check: checkYamlValue },
  { code: 'grain-columns', severity: 'warning', title: 'A grain that does not fit the listed columns', check: checkGrainColumns },
];
