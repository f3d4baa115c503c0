/** A query that has the columns which a seed's table will have. */

import { isConfig } from '../project/config.ts';
import { columnSqlType, CsvError, tableFromCsv } from '../project/context/agate/index.ts';
import { configString, type ManifestNode } from '../project/nodes.ts';
import type { SourceFile } from '../project/files.ts';
import { identifierName } from '../sql/identifiers.ts';
import { stubQuery } from './stub-statement.ts';

/** Undefined for a file that is too large to be read here, or no table. */
export function seedQuery({ config }: ManifestNode, file: SourceFile): string | undefined {
  if (file.isLarge) return undefined;
  const types = isConfig(config.column_types) ? config.column_types : {};
  try {
    const table = tableFromCsv(file.text, {
      delimiter: configString(config, 'delimiter') ?? ',',
      textColumns: new Set(Object.keys(types)),
    });
    return stubQuery(
      table.columnNames.map((name, index) => ({
        name: config.quote_columns === false ? identifierName(name) : name,
        type: configString(types, name) ?? columnSqlType(table, index),
      })),
    );
  } catch (error) {
    // The run that loads the seed says what is wrong with it.
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
