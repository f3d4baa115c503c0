/** The comment that dbt puts on every statement, so that the server's log says who asked. */

import { isPromise } from '../base/maybe-promise.ts';
import {
  bindMacro,
  Dict,
  HostObject,
  parseMacroFile,
  str,
  TemplateError,
  type Value,
} from '../jinja/index.ts';
import { targetDict } from '../project/context/base-members.ts';
import { queryCommentContext } from '../project/context/file-contexts.ts';
import { dictOf } from '../project/context/host.ts';
import { pythonJson } from '../project/context/modules/python-json.ts';
import type { OnMessage } from '../project/context/world.ts';
import { DBT_VERSION } from '../project/settings.ts';
import type { Project } from '../project/project.ts';
import type { Comment } from './session-access.ts';

/** What asks for statements: a node, or the engine on its own behalf. */
export interface Asking {
  /** dbt's name of the connection: the node's id, or what the engine is at. */
  readonly connection: string;
  /** The node as templates see it; absent outside one. */
  readonly node?: () => Value;
}

export function queryComment(project: Project, asking: Asking, onMessage: OnMessage): Comment {
  const written = project.world.root.queryComment;
  const isAppended = typeof written === 'object' && written?.append === true;
  const template = typeof written === 'object' && written !== null ? written.comment : written;
  const made =
    template === null || template === ''
      ? ''
      : template === undefined
        ? defaultComment(project, asking)
        : rendered(template, project, asking, onMessage);
  if (made === '') return (sql) => ({ text: sql, moved: 0 });
  if (made.includes('*/')) {
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `query comment contains illegal value "*/": ${made}`,
    );
  }
  const comment = `/* ${made.trim()} */`;
  if (isAppended) return (sql) => ({ text: appended(sql.trimEnd(), comment), moved: 0 });
  const prefix = `${comment}\n`;
  return (sql) => ({ text: prefix + sql, moved: prefix.length });
}

/** A last semicolon goes behind the comment. */
function appended(sql: string, comment: string): string {
  return sql.endsWith(';') ? `${sql.slice(0, -1)}\n${comment};` : `${sql}\n${comment}`;
}

/** dbt's own comment, which is made for every node: without its template. */
function defaultComment(project: Project, { connection, node }: Asking): string {
  const { settings } = project.world;
  const target = targetDict(settings);
  return pythonJson(
    dictOf({
      app: 'dbt',
      dbt_version: DBT_VERSION,
      profile_name: str(target.profile_name as string),
      target_name: str(target.target_name as string),
      ...(node ? { node_id: connection } : { connection_name: connection }),
    }),
  );
}

/** The user's text is the body of a macro, so that it may return its comment; what it returns is shown as `str` shows it. */
function rendered(text: string, project: Project, asking: Asking, onMessage: OnMessage): string {
  const source = `{%- macro query_comment_macro(connection_name, node) -%}\n${text}\n{% endmacro %}`;
  const [definition] = parseMacroFile(source, 'dbt_project.yml').definitions;
  if (!definition) return '';
  const macro = bindMacro(definition, { context: queryCommentContext(project.world, onMessage) });
  const node = asking.node ? new CommentedNode(asking.node()) : null;
  const comment = macro.call?.({ positional: [asking.connection, node], keyword: new Map() });
  // What would have to wait is nothing that this context has.
  return comment === undefined || isPromise(comment) ? '' : str(comment);
}

/** The node, which answers for what it does not have with an empty text. */
class CommentedNode extends HostObject {
  readonly typeName = 'QueryHeaderContextWrapper';
  readonly #node: Value;

  constructor(node: Value) {
    super();
    this.#node = node;
  }

  override getAttribute(name: string): Value {
    return (this.#node instanceof Dict ? this.#node.get(name) : undefined) ?? '';
  }
}
