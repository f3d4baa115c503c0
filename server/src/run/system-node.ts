/** The node that stands for the engine itself. */

import { runningContext, type Compiler, type RunningNode } from '../project/compile.ts';
import { manifestDict } from '../project/context/node-context.ts';
import type { MacroNode, ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';

/** A node of no file, for macros that the engine calls on its own behalf. */
export function systemNode(project: Project): ManifestNode {
  const { root, settings } = project.world;
  return {
    name: 'master',
    resource_type: 'operation',
    package_name: root.name,
    path: '',
    original_file_path: '',
    unique_id: `operation.${root.name}.master`,
    database: settings.target.database,
    schema: settings.target.schema,
    fqn: [root.name],
    alias: 'master',
    checksum: { name: 'none', checksum: '' },
    config: {},
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    unrendered_config: {},
    created_at: 0,
    relation_name: null,
    raw_code: '',
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    depends_on: { macros: [], nodes: [] },
    contract: { enforced: false, alias_types: true, checksum: null },
  };
}

/** The node that stands for a macro which is run as an operation: errors and variables are said to be the macro's. */
export function operationNode(project: Project, macro: MacroNode): ManifestNode {
  const { name, unique_id, original_file_path, path, package_name } = macro;
  return { ...systemNode(project), name, unique_id, original_file_path, path, package_name };
}

/** The context of a macro which is run as an operation; `model` is the macro. */
export function operationContext(compiler: Compiler, macro: MacroNode): RunningNode {
  const node = operationNode(compiler.project, macro);
  return runningContext(compiler, node, { model: () => manifestDict(macro) }, new Map(), 'macro');
}
