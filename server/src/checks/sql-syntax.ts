/** `sql-syntax`: rendered code that Postgres cannot parse. */

import { parseSql } from '../sql/parse-sql.ts';
import type { Check } from './check.ts';
import { renderedPlace } from './rendered-place.ts';

export const checkSqlSyntax: Check = ({ project, parser, nodes, renderings }, report) => {
  for (const node of nodes) {
    for (const rendering of renderings.of(node)) {
      if (rendering.kind !== 'sql') continue;
      for (const { message, range } of parseSql(parser, rendering.sql.text).diagnostics) {
        const { place, details } = renderedPlace(project, node, rendering.sql, range);
        report(
          `Postgres cannot read the SQL of ${node.resource_type} '${node.name}': ${message}. Correct it here.`,
          place,
          details,
        );
      }
    }
  }
};
