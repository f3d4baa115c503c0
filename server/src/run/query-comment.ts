/** The comment that dbt puts on every statement, so that the server's log says who asked. */

import { isPromise } from '../base/maybe-promise.ts';
import {
  layeredContext,
  parseTemplate,
  renderTemplate,
  TemplateError,
  type Context,
  type Value,
} from '../jinja/index.ts';
import { memberLayer } from '../project/context/layers.ts';
import { DBT_VERSION } from '../project/settings.ts';
import type { Project } from '../project/project.ts';
import type { Comment } from './session-access.ts';

/** `nodeId` is null outside a node; then the connection's name stands in. */
export function queryComment(
  project: Project,
  nodeId: string | null,
  context: Context,
  node: () => Value,
): Comment {
  const { world } = project;
  const written = world.root.queryComment;
  const isAppended = typeof written === 'object' && written?.append === true;
  const template = typeof written === 'object' && written !== null ? written.comment : written;
  const comment =
    template === null || template === ''
      ? ''
      : template === undefined
        ? defaultComment(project, nodeId)
        : rendered(template, nodeId, context, node);
  if (comment.trim() === '') return (sql) => ({ text: sql, moved: 0 });
  if (comment.includes('*/')) {
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `query comment contains illegal value "*/": ${comment}`,
    );
  }
  const safe = comment;
  if (isAppended) {
    return (sql) => ({ text: `${sql.trimEnd().replace(/;$/, '')}\n/* ${safe} */;`, moved: 0 });
  }
  const prefix = `/* ${safe} */\n`;
  return (sql) => ({ text: prefix + sql, moved: prefix.length });
}

function defaultComment(project: Project, nodeId: string | null): string {
  const { target } = project.world.settings;
  const parts: [string, string][] = [
    ['app', 'dbt'],
    ['dbt_version', DBT_VERSION],
    ['profile_name', target.profileName],
    ['target_name', target.name],
    nodeId === null ? ['connection_name', 'master'] : ['node_id', nodeId],
  ];
  return `{${parts.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')}}`;
}

function rendered(text: string, nodeId: string | null, context: Context, node: () => Value): string {
  const members = memberLayer({
    connection_name: () => nodeId ?? 'master',
    node: () => (nodeId === null ? null : node()),
  });
  const result = renderTemplate(parseTemplate(text, 'dbt_project.yml'), {
    context: layeredContext(members, context),
  });
  // A comment that asks the warehouse would need a comment of its own.
  return isPromise(result) ? '' : result.text;
}
