/** Where lines of Jinja and of comments stand: with what follows them, and blocks with their inside. */

import { isCloser, type Line, type TokenFlow } from './lines.ts';
import type { MaskedUnit } from '../masked-template.ts';

/** `unitAt` gives the tag that has a token's line to itself; `columns` are the user's columns of each token's line. */
export function placeTemplateLines(
  flow: TokenFlow,
  lines: readonly Line[],
  unitAt: (token: number) => MaskedUnit | undefined,
  columnAt: (token: number) => number,
): readonly Line[] {
  const settled = settleComments(flow, lines);
  const result: Line[] = [];
  const open: { readonly depth: number; readonly isIndented: boolean }[] = [];
  for (let at = 0; at < settled.length; at++) {
    const line = settled[at] as Line;
    const unit = line.first === line.last ? unitAt(line.first) : undefined;
    let begin: number | undefined;
    for (let count = unit?.closes ?? 0; count > 0; count--) begin = open.pop()?.depth ?? begin;
    const inside = open.filter(({ isIndented }) => isIndented).length;
    const depth = begin ?? line.depth + inside;
    result.push({ ...line, depth });
    const inner = settled[at + 1];
    for (let count = unit?.opens ?? 0; count > 0; count--) {
      const isIndented =
        count === 1 &&
        inner !== undefined &&
        (unitAt(inner.first)?.closes ?? 0) === 0 &&
        columnAt(inner.first) > columnAt(line.first);
      open.push({ depth, isIndented });
    }
  }
  return result;
}

/** A comment with a line of its own is as deep as the code that follows it. */
function settleComments(flow: TokenFlow, lines: readonly Line[]): readonly Line[] {
  const result = [...lines];
  for (let at = result.length - 1; at >= 0; at--) {
    const line = result[at] as Line;
    if (!isCommentLine(flow, line)) continue;
    const next = result[at + 1];
    if (!next) result[at] = { ...line, depth: 0 };
    else {
      const isInside = isCloser(flow.tokens[next.first]) && !isCommentLine(flow, next);
      result[at] = { ...line, depth: next.depth + (isInside ? 1 : 0) };
    }
  }
  return result;
}

function isCommentLine({ tokens }: TokenFlow, { first, last }: Line): boolean {
  for (let at = first; at <= last; at++) if (tokens[at]?.isComment !== true) return false;
  return true;
}
