/** What a preview runs: a document's present text, a resource, the rows that a test finds, as SQL with the way back to its template. */

import { CapturedText } from '../jinja/index.ts';
import { inlineNode } from '../cli/commands/show.ts';
import { compileNode } from '../project/compile.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import type { SessionAccess } from '../run/session-access.ts';
import { parseSql } from '../sql/parse-sql.ts';
import type { SqlParser } from '../sql/parser.ts';
import { nodeName, statementKind } from '../sql/statement.ts';
import { fromRange } from './convert.ts';
import type { Document } from './folders.ts';
import type { ProjectHost } from './project-host.ts';
import type { PreviewOrder } from './protocol.ts';
import { readyProject } from './readiness.ts';
import { RefusedError } from './refusal.ts';

/** Without a warehouse: what can be refused at once. The template itself is rendered by `renderPreview`. */
export interface PreviewSubject {
  readonly title: string;
  readonly node: ManifestNode | undefined;
  /** SQL that no template runs over. */
  readonly direct: string | undefined;
}

export function previewSubject(
  host: ProjectHost,
  document: Document | undefined,
  order: PreviewOrder,
): PreviewSubject {
  const project = readyProject(host);
  switch (order.of) {
    case 'resource':
      return resourceSubject(project, order.uniqueId);
    case 'failures': {
      const node = project.manifest.nodes.get(order.uniqueId);
      if (node?.resource_type !== 'test')
        throw new RefusedError(
          'Only data tests have failing rows; a unit test shows its difference instead.',
        );
      return { title: `Failing rows of ${node.name}`, node, direct: undefined };
    }
    case 'text':
      return textSubject(host, project, document, order.selection);
  }
}

function resourceSubject(project: Project, uniqueId: string): PreviewSubject {
  const source = project.manifest.sources.get(uniqueId);
  if (source)
    return {
      title: `${source.source_name}.${source.name}`,
      node: undefined,
      direct: `select * from ${source.relation_name}`,
    };
  const node = project.manifest.nodes.get(uniqueId);
  if (!node) throw new RefusedError('There is no such resource any more: the project has changed.');
  if (node.resource_type === 'seed' || node.resource_type === 'snapshot')
    return { title: node.name, node: undefined, direct: `select * from ${node.relation_name ?? ''}` };
  return { title: node.name, node, direct: undefined };
}

function textSubject(
  host: ProjectHost,
  project: Project,
  document: Document | undefined,
  selection: (PreviewOrder & { of: 'text' })['selection'],
): PreviewSubject {
  if (!document) throw new RefusedError('This document is in no dbt project: open a model of one.');
  const text = host.textOf(document.path) ?? '';
  if (selection) {
    const { start, end } = fromRange(text, selection);
    const selected = text.slice(start, end);
    if (selected.trim() === '')
      throw new RefusedError('Nothing is selected: select a query, or preview the whole model.');
    return { title: `Selection of ${document.path}`, node: inlineNode(project, selected), direct: undefined };
  }
  const found = [...project.origins].find(([, { raw }]) => raw?.file.path === document.path);
  if (found) return resourceSubject(project, found[0]);
  return { title: document.path, node: inlineNode(project, text), direct: undefined };
}

/** Asks the warehouse where the template does. Throws TemplateErrors. */
export async function renderPreview(
  project: Project,
  subject: PreviewSubject,
  access: SessionAccess,
): Promise<CapturedText> {
  if (subject.direct !== undefined) return new CapturedText(subject.direct, []);
  if (!subject.node) return new CapturedText('', []);
  const { code } = await compileNode(
    { project, access, selected: [], ephemeral: new Map(), onMessage: () => undefined },
    subject.node,
  );
  return typeof code === 'string' ? new CapturedText(code, []) : code;
}

/**
 * The statement as it is sent: a limit goes inside where the query is ordered and has none, because then the server need not sort everything;
 * the cursor alone would be as exact, and slower. What is not one query is refused.
 */
export function limited(parser: SqlParser, sql: CapturedText, rows: number): string {
  const { tree: parsed } = parseSql(parser, sql.text);
  // What cannot be read is refused by the server, in its own words and at its place.
  if (!parsed) return sql.text;
  const [statement, ...others] = parsed.statements;
  if (!statement || others.length > 0 || statementKind(statement.node) !== 'query')
    throw new RefusedError('A preview shows the rows of one query, and this is none.');
  const tree = statement.node;
  if (nodeName(tree) !== 'SelectStmt' || !('SelectStmt' in tree)) return sql.text;
  const { sortClause, limitCount, lockingClause } = tree.SelectStmt;
  if (!sortClause?.length || limitCount || lockingClause?.length) return sql.text;
  return `${sql.text.slice(0, statement.range.end)}\nlimit ${String(rows)}`;
}
