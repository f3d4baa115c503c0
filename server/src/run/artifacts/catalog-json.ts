/** catalog.json, schema version 1: what the database says of the project's relations. */

import type { ArtifactMetadata } from './metadata.ts';
import { metadataJson } from './metadata.ts';
import type { ArtifactShape } from './published-schema.ts';
import { withPublishedMetadata } from './published-schema.ts';

export interface CatalogTable {
  readonly uniqueId: string;
  /** Such as `BASE TABLE` or `VIEW`. */
  readonly type: string;
  readonly database: string | null;
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly owner: string | null;
  readonly columns: readonly CatalogColumn[];
}

export interface CatalogColumn {
  readonly name: string;
  /** As the database writes it. */
  readonly type: string;
  /** Counted from one. */
  readonly index: number;
  readonly comment: string | null;
}

/** `errors` are messages of what could not be read; none is written as null. */
export function catalogJson(
  nodes: readonly CatalogTable[],
  sources: readonly CatalogTable[],
  errors: readonly string[],
  metadata: ArtifactMetadata,
  shape: ArtifactShape = 'published',
): Record<string, unknown> {
  const complete = {
    metadata: metadataJson('catalog', metadata),
    nodes: Object.fromEntries(nodes.map((table) => [table.uniqueId, tableJson(table)])),
    sources: Object.fromEntries(sources.map((table) => [table.uniqueId, tableJson(table)])),
    errors: errors.length === 0 ? null : [...errors],
  };
  return shape === 'published' ? withPublishedMetadata(complete) : complete;
}

function tableJson(table: CatalogTable): Record<string, unknown> {
  const { type, schema, name, database, comment, owner } = table;
  return {
    metadata: { type, schema, name, database, comment, owner },
    columns: Object.fromEntries(
      table.columns.map((column) => [
        column.name,
        { type: column.type, index: column.index, name: column.name, comment: column.comment },
      ]),
    ),
    stats: {
      has_stats: {
        id: 'has_stats',
        label: 'Has Stats?',
        value: false,
        include: false,
        description: 'Indicates whether there are statistics for this table',
      },
    },
    unique_id: table.uniqueId,
  };
}
