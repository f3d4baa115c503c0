/** Line breaks that the formatter takes or adds against the user's, or against what reads well. */

import { isJoin, wordAt, type TokenFlow } from './lines.ts';

/** For each token its line's depth where it begins a line, else undefined. */
export function settleBreaks(
  flow: TokenFlow,
  formatted: readonly (number | undefined)[],
): readonly (number | undefined)[] {
  const depths = [...formatted];
  settleComments(flow, depths);
  settleDistinctOn(flow, depths);
  settleJoins(flow, depths);
  return depths;
}

type Depths = (number | undefined)[];

/** Comments and tags among other text stay with what they were in front of. */
function settleComments({ tokens, breaks }: TokenFlow, depths: Depths): void {
  const formatted = [...depths];
  let current = 0;
  for (let at = 0; at < tokens.length; at++) {
    current = formatted[at] ?? current;
    const token = tokens[at];
    if (token?.isComment !== true || token.text.startsWith('--') || at === 0) continue;
    const isFirst = breaks[at] !== 0;
    const endsLine = breaks[at + 1] !== 0;
    if (isFirst && depths[at] === undefined) {
      depths[at] = depths[at + 1] ?? current + 1;
      if (endsLine) depths[at + 1] ??= depths[at];
    }
    if (isFirst && !endsLine && at + 1 < tokens.length && tokens[at + 1]?.isComment !== true)
      depths[at + 1] = undefined;
  }
}

/** `select distinct on (a, b)` is one line, and the columns begin below it. */
function settleDistinctOn(flow: TokenFlow, depths: Depths): void {
  for (let at = 2; at < flow.tokens.length; at++) {
    if (wordAt(flow, at) !== 'on' || wordAt(flow, at - 1) !== 'distinct') continue;
    const depth = depths[at];
    depths[at] = undefined;
    let open = 0;
    let end = at + 1;
    for (; end < flow.tokens.length; end++) {
      const text = flow.tokens[end]?.text;
      if (text === '(') open++;
      if (text === ')' && --open === 0) break;
      depths[end] = undefined;
    }
    depths[end] = undefined;
    if (end + 1 < depths.length) depths[end + 1] ??= depth;
  }
}

/** The condition of a join may have a line of its own. */
function settleJoins(flow: TokenFlow, depths: Depths): void {
  let line = 0;
  for (let at = 0; at < flow.tokens.length; at++) {
    if (depths[at] !== undefined) line = at;
    else if (flow.breaks[at] !== 0 && CONDITION.has(wordAt(flow, at)) && isJoin(wordAt(flow, line)))
      depths[at] = (depths[line] ?? 0) + 1;
  }
}

const CONDITION = new Set(['on', 'using']);
