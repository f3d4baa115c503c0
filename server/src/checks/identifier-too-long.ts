/** `identifier-too-long`: names over 63 bytes, which Postgres cuts off without asking. */

import type { Place } from '../base/diagnostic.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import { placeIn } from '../project/problems.ts';
import { templateFacts } from '../jinja/index.ts';
import { identifierName, isTooLong, MAX_IDENTIFIER_BYTES } from '../sql/identifiers.ts';
import { utf8Length } from '../sql/positions.ts';
import { scanSql } from '../sql/scan-sql.ts';
import { isOwn, ownTemplate, placeOfNode, type Check, type CheckInput, type Report } from './check.ts';
import { renderedPlace } from './rendered-place.ts';

export const checkIdentifierTooLong: Check = (input, report) => {
  for (const node of input.nodes) {
    if (!isOwn(input.project, node)) continue;
    checkRelation(input.project, node, report);
    checkColumns(input.project, node, report);
    checkSql(input, node, report);
  }
};

function tooLong(what: string, name: string, advice: string): string {
  return `${what} '${name}' has ${utf8Length(name)} bytes, and Postgres keeps ${MAX_IDENTIFIER_BYTES} of them: ${advice}`;
}

function checkRelation(project: Project, node: ManifestNode, report: Report): void {
  if (!['model', 'seed', 'snapshot'].includes(node.resource_type) || !isTooLong(node.alias)) return;
  const advice = 'no relation can be built under it. Give it a shorter alias.';
  report(
    tooLong(`the relation name of ${node.resource_type} '${node.name}',`, node.alias, advice),
    aliasPlace(project, node),
    { severity: 'error' },
  );
}

function aliasPlace(project: Project, node: ManifestNode): Place | undefined {
  const template = ownTemplate(project, node);
  const alias =
    template &&
    templateFacts(template)
      .configs.flatMap(({ entries }) => entries)
      .find(({ name }) => name.text === 'alias');
  return alias
    ? { path: template.path, range: { start: alias.valueStart, end: alias.valueEnd } }
    : placeOfNode(project, node);
}

function checkColumns(project: Project, node: ManifestNode, report: Report): void {
  const entry = project.origins.get(node.unique_id)?.entry;
  if (!entry || !Array.isArray(entry.value.columns) || node.resource_type === 'test') return;
  entry.value.columns.forEach((column: unknown, index) => {
    const name = typeof column === 'object' && column !== null && 'name' in column ? column.name : undefined;
    if (typeof name !== 'string' || !isTooLong(name)) return;
    report(
      tooLong('the column', name, 'shorten it.'),
      placeIn(entry.yaml.file, entryRange(entry, 'columns', index, 'name')),
    );
  });
}

/** Enough word characters in a row, or in quotes, for a name that is too long; most texts have none. */
const LONG_NAME = /[\p{L}\p{N}_$]{21,}|"[^"\n]{21,}"/u;

/** The names that the file itself writes; those that ref() or a macro prints are somebody else's. */
function checkSql({ project, parser, renderings }: CheckInput, node: ManifestNode, report: Report): void {
  for (const rendering of renderings.of(node)) {
    if (rendering.kind !== 'sql' || !LONG_NAME.test(rendering.sql.text)) continue;
    const { text } = rendering.sql;
    for (const { name, range } of scanSql(parser, text).tokens) {
      if (name !== 'IDENT') continue;
      const written = text.slice(range.start, range.end);
      const bare = written.startsWith('"') ? written.slice(1, -1) : written;
      if (!isTooLong(bare)) continue;
      const { place, details, isLiteral } = renderedPlace(project, node, rendering.sql, range);
      if (isLiteral)
        report(
          tooLong('the name', bare, `it becomes '${identifierName(written)}'. Shorten it.`),
          place,
          details,
        );
    }
  }
}
