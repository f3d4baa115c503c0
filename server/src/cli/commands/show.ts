/** `show` and `compile --inline`: previews rows of a model or of SQL written on the command line; compiles without running. */

import { TemplateError, type CapturedText, type Value } from '../../jinja/index.ts';
import { callValue, noArguments, parseTemplate } from '../../jinja/index.ts';
import { compileNode, runningContext, type Compiler } from '../../project/compile.ts';
import type { AgateTable } from '../../project/context/agate/index.ts';
import {
  tableFromQuery,
  tableRows,
  tableText,
  usualPrintOptions,
} from '../../project/context/agate/index.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { captureTemplate } from '../../project/parse/capture.ts';
import { NodeLookup, SourceLookup } from '../../project/parse/lookup.ts';
import { resolveReferences } from '../../project/parse/resolve.ts';
import { Problems } from '../../project/problems.ts';
import { systemNode } from '../../run/system-node.ts';
import { errorMessage } from '../../run/messages.ts';
import type { NodeResult } from '../../run/results.ts';
import { openAccess } from '../../run/single-session.ts';
import type { SessionAccess } from '../../run/session-access.ts';
import { list, numberedOr, text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject, openWarehouse, ProjectErrors } from '../open-project.ts';
import type { Output } from '../output.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { selectFor } from '../selection.ts';
import { targetFolder } from '../target-folder.ts';

const DEFAULT_LIMIT = 5;

export async function showCommand(args: Arguments, output: Output): Promise<number> {
  const { project, folder } = await openProject(args);
  const nodes = await nodesToShow(args, project, folder, output);
  const target = targetFolder(args, project, folder);
  target.writeManifest();
  const isJson = text(args, 'output') === 'json';
  const limit = numberedOr(args, 'limit', DEFAULT_LIMIT);
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const { access, close } = await openAccess(warehouse);
  const startedAt = Date.now();
  const results: NodeResult[] = [];
  const finish = (): void => {
    target.writeRunResults(results, (Date.now() - startedAt) / 1000);
  };
  try {
    for (const { node, direct } of nodes) {
      const compiler = compilerFor(project, access, output);
      try {
        const sql = direct ?? (await compileNode(compiler, node)).code;
        if (args.command === 'compile') {
          printCompiled(output, node, sql, isJson);
          results.push(shownResult(node, sql, startedAt));
          continue;
        }
        const shown = await preview(compiler, access, node, sql, limit);
        printRows(output, node, shown.table, isJson);
        results.push(shownResult(node, shown.statement, startedAt));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        output.error(errorMessage(error, node, null));
        // SQL of the command line is the command line's mistake.
        return node.resource_type === 'sql_operation' ? EXIT.unusable : EXIT.failed;
      }
    }
  } finally {
    finish();
    await close();
  }
  return EXIT.done;
}

function shownResult(node: ManifestNode, sql: string | CapturedText, startedAt: number): NodeResult {
  const now = Date.now();
  return {
    uniqueId: node.unique_id,
    status: 'success',
    timing: [{ name: 'execute', startedAt, completedAt: now }],
    threadId: 'MainThread',
    executionTime: (now - startedAt) / 1000,
    adapterResponse: {},
    message: null,
    failures: null,
    compiled: true,
    compiledCode: typeof sql === 'string' ? sql : sql.text,
    relationName: node.relation_name,
  };
}

function compilerFor(project: Project, access: SessionAccess, output: Output): Compiler {
  return {
    project,
    access,
    selected: [],
    ephemeral: new Map(),
    onMessage: (message) => {
      if (message.level === 'print') output.print(message.text);
      else if (message.level !== 'debug') output.log(message.text);
    },
  };
}

interface Shown {
  readonly node: ManifestNode;
  /** SQL that no template runs over. */
  readonly direct?: string;
}

async function nodesToShow(
  args: Arguments,
  project: Project,
  folder: string,
  output: Output,
): Promise<Shown[]> {
  const inline = text(args, 'inline');
  if (inline !== null) return [{ node: inlineNode(project, inline) }];
  const direct = text(args, 'inline-direct');
  if (direct !== null) return [{ node: inlineNode(project, ''), direct }];
  if (args.command === 'show' && args.values.get('select') === undefined && text(args, 'selector') === null) {
    throw new UsageError('Either --select or --inline must be passed to show');
  }
  const { selected, warnings } = await selectFor(args, project, 'show', folder);
  reportDiagnostics(warnings, project.input.files, output);
  const nodes = [...selected].flatMap((id) => project.manifest.nodes.get(id) ?? []);
  return printedNodes(nodes, list(args, 'select')).map((node) =>
    node.resource_type === 'seed' ? { node, direct: `select * from ${node.relation_name ?? ''}` } : { node },
  );
}

/** Of what was selected, the nodes that `--select` names: nobody asks for a model's tests by asking for the model. */
export function printedNodes(
  nodes: readonly ManifestNode[],
  select: readonly string[],
): readonly ManifestNode[] {
  const named = nodes.filter((node) => select.some((words) => words.includes(node.name)));
  return named.length > 0 ? named : nodes.filter((node) => node.resource_type !== 'test');
}

/** SQL of the command line as a node of the root project. */
export function inlineNode(project: Project, code: string): ManifestNode {
  const node: ManifestNode = {
    ...systemNode(project),
    resource_type: 'sql_operation',
    name: 'inline_query',
    alias: 'inline_query',
    path: 'sql/inline_query',
    original_file_path: 'from remote system.sql',
    unique_id: `sql_operation.${project.world.root.name}.inline_query`,
    raw_code: code,
    depends_on: { macros: [], nodes: [] },
    refs: [],
    sources: [],
  };
  const problems = new Problems();
  const session = {
    world: project.world,
    files: project.input.files,
    docs: project.manifest.docs,
    problems,
    createdAt: 0,
  };
  const captured = captureTemplate(session, node, parseTemplate(code, node.original_file_path));
  node.refs = captured.refs;
  node.sources = captured.sources;
  node.config = { ...node.config, ...captured.calls };
  const disabled = [...project.manifest.disabled.values()].flat();
  const lookups = {
    nodes: new NodeLookup(project.manifest.nodes.values(), disabled),
    sources: new SourceLookup(project.manifest.sources.values(), disabled),
  };
  resolveReferences(session, node, lookups, () => undefined);
  const errors = problems.all().filter((problem) => problem.severity === 'error');
  if (errors.length > 0)
    throw new ProjectErrors(
      errors,
      new Map([[node.original_file_path, { path: node.original_file_path, text: code }]]),
    );
  return node;
}

/** The limit is put inside or around by the project's own macro, as dbt does; no limit for a negative number. */
async function preview(
  compiler: Compiler,
  access: SessionAccess,
  node: ManifestNode,
  sql: string | CapturedText,
  limit: number,
): Promise<{ readonly table: AgateTable; readonly statement: string | CapturedText }> {
  const running = runningContext(compiler, node);
  const macro = running.scope.find('get_show_sql');
  if (macro === undefined)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      "dbt could not find a macro with the name 'get_show_sql' in any package",
    );
  const header: Value = typeof node.config.sql_header === 'string' ? node.config.sql_header : null;
  const wrapped = await callValue(macro, {
    positional: [sql, header, limit < 0 ? null : limit],
    keyword: noArguments.keyword,
  });
  const statement =
    typeof wrapped === 'string' || (typeof wrapped === 'object' && wrapped !== null && 'text' in wrapped)
      ? wrapped
      : sql;
  const result = await access.execute(statement, {
    autoBegin: false,
    fetch: true,
    limit: limit < 0 ? null : limit,
  });
  const table = tableFromQuery({ columns: [...result.columns], rows: result.rows.map((row) => [...row]) });
  return { table, statement };
}

export function printCompiled(
  output: Output,
  node: ManifestNode,
  sql: string | CapturedText,
  isJson: boolean,
): void {
  const compiled = typeof sql === 'string' ? sql : sql.text;
  if (isJson) output.print(JSON.stringify({ node: node.name, compiled }, null, 2));
  else {
    output.log(`Compiled node '${node.name}' is:`);
    output.print(compiled);
  }
}

function printRows(output: Output, node: ManifestNode, table: AgateTable, isJson: boolean): void {
  if (isJson) {
    const rows = tableRows(table);
    output.print(
      JSON.stringify(
        node.resource_type === 'sql_operation' ? { show: rows } : { node: node.name, show: rows },
        null,
        2,
      ),
    );
    return;
  }
  output.log(
    node.resource_type === 'sql_operation' ? 'Previewing inline node:' : `Previewing node '${node.name}':`,
  );
  output.print(tableText(table, { ...usualPrintOptions, maxRows: null, maxColumns: null }));
}
