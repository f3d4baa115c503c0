/** The node that stands for the engine itself. */

import type { ManifestNode } from '../project/nodes.ts';
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
