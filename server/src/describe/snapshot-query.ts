/** The query of a snapshot's first run, as `build_snapshot_table` of the macro library writes it, for the columns that it adds. */

import { isConfig } from '../project/config.ts';
import { configString, type ManifestNode } from '../project/nodes.ts';

/** Undefined for a strategy of the user's own. */
export function snapshotQuery({ config }: ManifestNode, sql: string): string | undefined {
  const { strategy } = config;
  // The clock's time is a literal of this type.
  const clock = strategy === 'check' ? 'null::timestamp without time zone' : undefined;
  const updatedAt =
    strategy === 'check' || strategy === 'timestamp'
      ? (configString(config, 'updated_at') ?? clock)
      : undefined;
  if (updatedAt === undefined) return undefined;
  const renamed = isConfig(config.snapshot_meta_column_names) ? config.snapshot_meta_column_names : {};
  const named = (name: string): string => configString(renamed, name) ?? name;
  const current = configString(config, 'dbt_valid_to_current') ?? 'null';
  const added = [
    `md5('') as ${named('dbt_scd_id')}`,
    `${updatedAt} as ${named('dbt_updated_at')}`,
    `${updatedAt} as ${named('dbt_valid_from')}`,
    `coalesce(nullif(${updatedAt}, ${updatedAt}), ${current}) as ${named('dbt_valid_to')}`,
    ...(config.hard_deletes === 'new_record' ? [`'False' as ${named('dbt_is_deleted')}`] : []),
  ];
  return `select *, ${added.join(', ')} from (\n${sql}\n) sbq`;
}
