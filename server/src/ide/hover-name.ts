/** What is known of the name under the cursor. */

import { boundNames } from '../checks/bound-names.ts';
import type { NameNode } from '../jinja/index.ts';
import { forEachChild, type Node } from '../jinja/walk.ts';
import type { Project } from '../project/project.ts';
import type { Hover } from './answers.ts';
import { CONTEXT_NAMES } from './context-names.ts';
import { passagesOf } from './passages.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { ownedFile } from './source-files.ts';
import { symbolAt } from './symbol-at.ts';
import { symbolMarkdown } from './symbol-markdown.ts';

/** Of several meanings, such as the versions of a model, each has its part. */
export function hoverName(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  const at = symbolAt(snapshot.project, cursor);
  if (!at) return hoverContext(snapshot.project, cursor);
  const { owned, named, range } = at;
  // Of what dispatch may choose, the first is what it does choose.
  const symbols = named.kind === 'dispatch' ? at.symbols.slice(0, 1) : at.symbols;
  const parts = symbols.flatMap((symbol) => symbolMarkdown(snapshot, symbol, named, owned.owner) ?? []);
  return parts.length === 0 ? undefined : { range, markdown: parts.join('\n\n---\n\n') };
}

/** What dbt itself gives to templates, such as `ref` and `this`. */
function hoverContext(project: Project, { path, offset }: Cursor): Hover | undefined {
  const owned = ownedFile(project, path);
  for (const { template, locate } of owned ? passagesOf(owned) : []) {
    const around = locate({ start: template.start, end: template.end });
    if (around && (offset < around.start || offset > around.end)) continue;
    for (const name of namesIn(template.body)) {
      const known = CONTEXT_NAMES.get(name.name);
      const range = known && !boundNames(template).has(name.name) ? locate(name) : undefined;
      if (!known || !range || offset < range.start || offset > range.end) continue;
      return { range, markdown: `\`\`\`jinja\n${known.signature}\n\`\`\`\n\n${known.says}` };
    }
  }
  return undefined;
}

function namesIn(nodes: readonly Node[]): readonly NameNode[] {
  const found: NameNode[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'name') found.push(node);
    forEachChild(node, visit);
  };
  nodes.forEach(visit);
  return found;
}
