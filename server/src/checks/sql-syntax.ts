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
        const what = `Postgres cannot read the SQL of ${node.resource_type} '${node.name}'`;
        // Nothing runs an analysis; it may be written for another reader than Postgres.
        const { resource_type: type } = node;
        report(
          `${what}: ${inOneLine(message)}. Correct it here.`,
          place,
          type === 'analysis' ? { ...details, severity: 'warning' } : details,
        );
      }
    }
  }
};

const LONGEST_QUOTE = 60;

/** An unfinished comment or string is quoted to the end of the text. */
function inOneLine(message: string): string {
  const [start = '', quoted] = message.split(/(?<= at or near )"/);
  if (quoted === undefined || (quoted.length <= LONGEST_QUOTE && !quoted.includes('\n'))) return message;
  return `${start}"${quoted.slice(0, LONGEST_QUOTE).split('\n')[0] ?? ''}…"`;
}
