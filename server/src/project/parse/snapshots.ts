/** Snapshots that stand in YAML alone: `relation:` says what is recorded. */

import { parseTemplate } from '../../jinja/index.ts';
import { fqnOf } from '../naming.ts';
import { blankNode, type RawNode } from './read-nodes.ts';
import type { SchemaEntry } from './schema-files.ts';
import type { ParseSession } from './session.ts';

export function yamlSnapshot(session: ParseSession, entry: SchemaEntry): RawNode | undefined {
  const { relation } = entry.value;
  if (typeof relation !== 'string') return undefined;
  const folder = entry.relativePath.split('/').slice(0, -1);
  const path = [...folder, `${entry.name}.sql`].join('/');
  const node = blankNode(session, entry.owner, 'snapshot', entry.name, path, entry.originalPath);
  node.fqn = fqnOf(entry.owner.name, path, entry.name);
  node.raw_code = `select * from {{ ${relation} }}`;
  return {
    node,
    owner: entry.owner,
    file: entry.yaml.file,
    template: parseTemplate(node.raw_code, entry.yaml.file.path),
  };
}
