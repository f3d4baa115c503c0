/** `on-run-start` and `on-run-end` of every package, as dbt's operation nodes. */

import { parseTemplate } from '../../jinja/index.ts';
import type { ManifestNode } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { captureTemplate } from './capture.ts';
import { blankNode } from './read-nodes.ts';
import type { ParseSession } from './session.ts';

export type HookPoint = 'on-run-start' | 'on-run-end';

export function readOperations(session: ParseSession, owner: Package): ManifestNode[] {
  const read = (point: HookPoint, texts: readonly string[]): ManifestNode[] =>
    texts.map((text, index) => {
      const name = `${owner.name}-${point}-${String(index)}`;
      const node = blankNode(session, owner, 'operation', name, `hooks/${name}.sql`, 'dbt_project.yml');
      node.raw_code = text;
      node.fqn = [owner.name, 'hooks', name];
      node.tags = [point];
      node.index = index;
      const captured = captureTemplate(session, node, parseTemplate(text, owner.file.path));
      node.refs = captured.refs;
      node.sources = captured.sources;
      node.depends_on.macros.push(...captured.macros);
      return node;
    });
  return [...read('on-run-start', owner.onRunStart), ...read('on-run-end', owner.onRunEnd)];
}
