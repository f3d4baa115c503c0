/** The primary key of each model as dbt infers it for the manifest. */

import { asList } from '../config.ts';
import type { ManifestNode } from '../nodes.ts';
import type { Collected } from './collected.ts';

/** dbt's guess at a primary key: a constraint, else columns tested unique and not null, else unique. */
export function inferPrimaryKeys(collected: Pick<Collected, 'nodes'>): void {
  const tests = new Map<string, ManifestNode[]>();
  for (const node of collected.nodes.values()) {
    if (node.resource_type !== 'test' || !node.attached_node || !node.test_metadata) continue;
    const known = tests.get(node.attached_node);
    if (known) known.push(node);
    else tests.set(node.attached_node, [node]);
  }
  for (const node of collected.nodes.values()) {
    if (node.resource_type === 'model') node.primary_key = primaryKey(node, tests.get(node.unique_id) ?? []);
  }
}

function primaryKey(node: ManifestNode, tests: readonly ManifestNode[]): string[] {
  const declared = node.constraints?.find((constraint) => constraint.type === 'primary_key');
  if (declared) return asList(declared.columns).map(String);
  const column = Object.values(node.columns).find((item) =>
    item.constraints.some((constraint) => constraint.type === 'primary_key'),
  );
  if (column) return [column.name];
  const unique = new Set<string>();
  const notNull = new Set<string>();
  for (const test of tests) {
    const kwargs = test.test_metadata?.kwargs ?? {};
    const columns =
      typeof kwargs.column_name === 'string'
        ? [kwargs.column_name]
        : asList(kwargs.combination_of_columns).map(String);
    const name = test.test_metadata?.name;
    for (const item of columns) {
      if (name === 'unique' || name === 'unique_combination_of_columns') unique.add(item);
      else if (name === 'not_null') notNull.add(item);
    }
  }
  const both = [...notNull].filter((item) => unique.has(item));
  return both.length > 0 ? both : [...unique];
}
