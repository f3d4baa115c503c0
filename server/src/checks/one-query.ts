/** `one-query`: code that must be one query, because statements are built around it, and is something else. */

import type { ManifestNode } from '../project/nodes.ts';
import { parseSql, type SqlTree } from '../sql/parse-sql.ts';
import { scanSql } from '../sql/scan-sql.ts';
import { statementKind } from '../sql/statement.ts';
import type { Range } from '../base/text.ts';
import type { Check, CheckInput } from './check.ts';
import { renderedPlace } from './rendered-place.ts';

/** What the built-in materializations wrap in a statement; another may do with its code what it likes. */
const WRAPPED = new Set([
  'view',
  'table',
  'incremental',
  'ephemeral',
  'materialized_view',
  'snapshot',
  'test',
]);

export const checkOneQuery: Check = ({ project, parser, nodes, renderings }, report) => {
  for (const node of nodes) {
    if (!isWrapped(node)) continue;
    for (const rendering of renderings.of(node)) {
      if (rendering.kind !== 'sql') continue;
      const { tree } = parseSql(parser, rendering.sql.text);
      const fault = tree && faultOf(tree, parser);
      if (!fault) continue;
      const { place, details } = renderedPlace(project, node, rendering.sql, fault.range);
      report(`The ${node.resource_type} '${node.name}' must be one query: ${fault.advice}`, place, details);
    }
  }
};

/** A file of nothing is left out of runs. */
function isWrapped({ config, resource_type: type, raw_code: code }: ManifestNode): boolean {
  return type !== 'analysis' && code.trim() !== '' && WRAPPED.has(String(config.materialized));
}

interface Fault {
  readonly range: Range;
  readonly advice: string;
}

function faultOf(tree: SqlTree, parser: CheckInput['parser']): Fault | undefined {
  const [first, second] = tree.statements;
  if (!first)
    return {
      range: { start: 0, end: 0 },
      advice: 'it has no SQL. Write a SELECT, or switch it off with enabled=false.',
    };
  if (second)
    return {
      range: second.range,
      advice: 'a second statement starts here. Move it to a hook or to a model of its own.',
    };
  if (statementKind(first.node) !== 'query')
    return {
      range: first.range,
      advice: 'this statement returns no rows. Write a SELECT; what must run beside it goes in a hook.',
    };
  const semicolon = scanSql(parser, tree.text).tokens.find(({ name }) => name === 'ASCII_59');
  return (
    semicolon && {
      range: semicolon.range,
      advice: 'remove this semicolon, the query is put inside another statement.',
    }
  );
}
