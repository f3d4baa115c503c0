/** What a join does to the rows before it, on the word JOIN. */

import { literalPlace, renderedAt, treeOf } from '../columns/rendered.ts';
import { wordOf } from '../../sql/written-scalar.ts';
import type { Hover } from '../answers.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { joinMarkdown } from './grain-markdown.ts';
import { modelAnalysis } from './model-analysis.ts';
import { plansOf } from './plans.ts';

export function hoverJoin(snapshot: Snapshot, cursor: Cursor): Hover | undefined {
  const at = renderedAt(snapshot, cursor);
  const tree = at && treeOf(snapshot.parser, at);
  if (!at || !tree) return undefined;
  const index = tree.tokens.findIndex(({ range }) => range.start <= at.offset && at.offset <= range.end);
  const token = tree.tokens[index];
  if (!token?.isKeyword || wordOf(tree, token) !== 'join') return undefined;
  const model = modelAnalysis(snapshot, at.node.unique_id);
  if (model.kind === 'unknown' || model.rendered.sql !== at.sql) return undefined;
  const next = tree.tokens.slice(index + 1).find(({ isComment }) => !isComment);
  for (const plan of plansOf(model.analysis)) {
    if (plan.kind !== 'join' || plan.start !== next?.range.start) continue;
    const markdown = joinMarkdown(model, plan);
    const place = literalPlace(snapshot.project, at, token.range);
    if (markdown !== undefined && place) return { range: place.range, markdown };
  }
  return undefined;
}
