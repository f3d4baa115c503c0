/** What the formatter's line breaks become: lines that the user had and that fit stay, clauses and CTEs stand as dbt projects write them. */

import {
  bracketsIn,
  isClause,
  isCloser,
  isJoin,
  isOpener,
  isSetOperation,
  textAt,
  widthOf,
  wordAt,
  type Line,
  type TokenFlow,
} from './lines.ts';
import type { FormattingStyle } from './style.ts';

export function layOut(flow: TokenFlow, formatted: readonly Line[], style: FormattingStyle): readonly Line[] {
  const steps = [joinLoneCommas, freeCtes, shortenClauses, joinConditions, keepLines, splitLongLines];
  return steps.reduce((lines, step) => step(flow, lines, style), formatted);
}

type Step = (flow: TokenFlow, lines: readonly Line[], style: FormattingStyle) => readonly Line[];

/** The lines after `at` that are deeper than it. */
function bodyEnd(lines: readonly Line[], at: number): number {
  const { depth } = lines[at] as Line;
  let end = at + 1;
  while (end < lines.length && (lines[end] as Line).depth > depth) end++;
  return end;
}

function shifted(lines: Line[], from: number, to: number, by: number): void {
  for (let at = from; at < to; at++) {
    const line = lines[at] as Line;
    lines[at] = { ...line, depth: Math.max(0, line.depth + by) };
  }
}

/** Joins a line to the one after it. */
function joined(lines: Line[], at: number): void {
  const [first, second] = [lines[at] as Line, lines[at + 1] as Line];
  lines.splice(at, 2, { ...first, last: second.last });
}

/** CTEs stand as deep as their `with`. */
const freeCtes: Step = (flow, formatted) => {
  const lines = [...formatted];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line;
    if (wordAt(flow, line.first) !== 'with' || !isOnly(flow, line, ['with', 'recursive'])) continue;
    shifted(lines, at + 1, bodyEnd(lines, at), -1);
    const next = lines[at + 1];
    if (next && flow.breaks[next.first] === 0) joined(lines, at);
  }
  return lines;
};

function isOnly(flow: TokenFlow, { first, last }: Line, words: readonly string[]): boolean {
  for (let at = first; at <= last; at++) if (!words.includes(wordAt(flow, at))) return false;
  return true;
}

/** The formatter leaves a comma alone where a comment is before it. */
const joinLoneCommas: Step = (flow, formatted) => {
  const lines = [...formatted];
  for (let at = lines.length - 2; at >= 0; at--) {
    const { first, last } = lines[at] as Line;
    if (first !== last || textAt(flow, first) !== ',') continue;
    const { depth } = lines[at + 1] as Line;
    joined(lines, at);
    lines[at] = { ...(lines[at] as Line), depth };
  }
  return lines;
};

const ONE_THING = new Set(['from', 'where', 'having', 'limit', 'offset', 'on', 'using']);

/** `from orders` on one line where the user has it so, and then the joins below it as deep as it. */
const shortenClauses: Step = (flow, formatted) => {
  const lines = [...formatted];
  for (let at = 0; at + 1 < lines.length; at++) {
    const line = lines[at] as Line;
    const next = lines[at + 1] as Line;
    const word = wordAt(flow, line.first);
    if (line.first !== line.last || !ONE_THING.has(word)) continue;
    if (flow.breaks[next.first] !== 0 || next.depth !== line.depth + 1) continue;
    const end = bodyEnd(lines, at);
    let isFirst = true;
    for (let below = at + 2; below < end; below++) {
      const { first, depth } = lines[below] as Line;
      if (depth === next.depth && !isCloser(flow.tokens[first])) {
        isFirst =
          word === 'from' &&
          (isJoin(wordAt(flow, first)) || isConditionOf(flow, lines, below) || isComment(flow, first));
      }
      if (isFirst) shifted(lines, below, below + 1, -1);
    }
    joined(lines, at);
  }
  return lines;
};

const CONDITIONS = new Set(['on', 'using', 'and', 'or']);

function isConditionOf(flow: TokenFlow, lines: readonly Line[], at: number): boolean {
  return CONDITIONS.has(wordAt(flow, (lines[at] as Line).first));
}

function isComment({ tokens }: TokenFlow, at: number): boolean {
  return tokens[at]?.isComment === true;
}

/** A join's further conditions are deeper than the join. */
const joinConditions: Step = (flow, formatted) => {
  const lines = [...formatted];
  let join: number | undefined;
  for (let at = 0; at < lines.length; at++) {
    const { first, depth } = lines[at] as Line;
    const word = wordAt(flow, first);
    if (isJoin(word)) join = depth;
    else if (
      join !== undefined &&
      depth <= join &&
      !isComment(flow, first) &&
      !isCloser(flow.tokens[first])
    ) {
      if (depth < join || !CONDITIONS.has(word)) join = undefined;
    }
    if (join !== undefined && depth === join && CONDITIONS.has(word)) {
      shifted(lines, at, Math.max(at + 1, continued(flow, lines, at)), 1);
    }
  }
  return lines;
};

/** The end of a line's own deeper lines and their closing bracket. */
function continued(flow: TokenFlow, lines: readonly Line[], at: number): number {
  let end = bodyEnd(lines, at);
  const { depth } = lines[at] as Line;
  while (lines[end]?.depth === depth && isCloser(flow.tokens[lines[end]?.first ?? 0]))
    end = bodyEnd(lines, end);
  return end;
}

/** What the user had on one line stays there when it is a whole and fits. */
const keepLines: Step = (flow, formatted, style) => {
  const lines: Line[] = [];
  for (let at = 0; at < formatted.length; at++) {
    let end = lastUnbroken(flow, formatted, at);
    while (end > at && !isWhole(flow, formatted, at, end, style)) end--;
    lines.push({ ...(formatted[at] as Line), last: (formatted[end] as Line).last });
    at = end;
  }
  return lines;
};

function lastUnbroken(flow: TokenFlow, lines: readonly Line[], at: number): number {
  let end = at;
  for (let next = at + 1; next < lines.length; next++) {
    const { first } = lines[end] as Line;
    const stop = (lines[next] as Line).last;
    // A comma that begins the user's next line ends this one.
    const to = textAt(flow, stop) === ',' ? stop - 1 : stop;
    for (let token = first + 1; token <= to; token++) if (flow.breaks[token] !== 0) return end;
    end = next;
  }
  return end;
}

function isWhole(
  flow: TokenFlow,
  lines: readonly Line[],
  at: number,
  end: number,
  style: FormattingStyle,
): boolean {
  const line = lines[at] as Line;
  const { last } = lines[end] as Line;
  const next = lines.slice(end + 1).find(({ first }) => !isComment(flow, first));
  if (next && next.depth > line.depth && !CONDITIONS.has(wordAt(flow, next.first))) return false;
  const start = textAt(flow, line.first) === ',' ? line.first + 1 : line.first;
  const word = wordAt(flow, start);
  for (let inner = at + 1; inner <= end; inner++) {
    const { first, depth } = lines[inner] as Line;
    if (depth < line.depth) return false;
    const goesOn = isCloser(flow.tokens[first]) || CONDITIONS.has(wordAt(flow, first));
    if (depth === line.depth && !goesOn && !QUERIES.has(word)) return false;
  }
  const { isBalanced, hasCommas } = bracketsIn(flow, start, last);
  const width = line.depth * indentWidth(style) + widthOf(flow, line.first, last);
  if (!isBalanced || width > style.lineLength) return false;
  if (!hasCommas) return true;
  if (QUERIES.has(word)) return !next || next.depth < line.depth || endsQuery(flow, next);
  return isClause(word) || isJoin(word);
}

/** What begins a query, all of which may be on one line. */
const QUERIES = new Set(['select', 'with', 'values']);

function endsQuery(flow: TokenFlow, { first }: Line): boolean {
  return isCloser(flow.tokens[first]) || isSetOperation(wordAt(flow, first)) || textAt(flow, first) === ';';
}

export function indentWidth({ indent }: FormattingStyle): number {
  return indent === '\t' ? 4 : indent.length;
}

/** A line that is too long keeps the breaks that the user gave it. */
const splitLongLines: Step = (flow, formatted, style) =>
  formatted.flatMap((line) => {
    const { first, last, depth } = line;
    if (depth * indentWidth(style) + widthOf(flow, first, last) <= style.lineLength) return [line];
    const parts: Line[] = [];
    let from = first;
    let open = 0;
    for (let at = first; at <= last; at++) {
      const token = flow.tokens[at];
      if (at > first && isBreakOf(flow, at)) {
        parts.push({ first: from, last: at - 1, depth: depthOf(line, from, open, flow) });
        from = at;
      }
      if (isOpener(token)) open++;
      else if (isCloser(token)) open--;
    }
    parts.push({ first: from, last, depth: depthOf(line, from, open, flow) });
    return parts;
  });

/** A comma ends a line, wherever the user has it. */
function isBreakOf(flow: TokenFlow, at: number): boolean {
  if (textAt(flow, at) === ',') return false;
  return flow.breaks[at] !== 0 || (textAt(flow, at - 1) === ',' && flow.breaks[at - 1] !== 0);
}

function depthOf({ first, depth }: Line, from: number, open: number, flow: TokenFlow): number {
  if (from === first) return depth;
  // The bracket that ends a stretch stands under the line that began it.
  return isCloser(flow.tokens[from]) && open <= 0 ? depth : depth + 1;
}
