/** SQL that counts the rows by which two relations differ. */

import { str, toJs } from '../../../jinja/index.ts';
import type { Bound } from '../host.ts';

export function rowsDifferentSql(args: Bound): string {
  const a = str(args.value('relation_a'));
  const b = str(args.value('relation_b'));
  const written = toJs(args.get('column_names') ?? null);
  const columns = Array.isArray(written)
    ? written
        .map((name) => `"${String(name)}"`)
        .sort()
        .join(', ')
    : '*';
  const except = args.text('except_operator') ?? 'EXCEPT';
  return `
with diff_count as (
    SELECT
        1 as id,
        COUNT(*) as num_missing FROM (
            (SELECT ${columns} FROM ${a} ${except}
             SELECT ${columns} FROM ${b})
             UNION ALL
            (SELECT ${columns} FROM ${b} ${except}
             SELECT ${columns} FROM ${a})
        ) as a
), table_a as (
    SELECT COUNT(*) as num_rows FROM ${a}
), table_b as (
    SELECT COUNT(*) as num_rows FROM ${b}
), row_count_diff as (
    select
        1 as id,
        table_a.num_rows - table_b.num_rows as difference
    from table_a, table_b
)
select
    row_count_diff.difference as row_count_difference,
    diff_count.num_missing as num_mismatched
from row_count_diff
join diff_count using (id)
`.trim();
}
