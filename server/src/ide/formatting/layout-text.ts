/** A template's text, laid out: masked, formatted, its lines settled, and written down again. */

import type { Range } from '../../base/text.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { settleBreaks } from './comment-breaks.ts';
import { FORMATTER_INDENT, type SqlFormatter } from './formatter.ts';
import { layOut } from './layout.ts';
import { spaceBefore, type Line, type TokenFlow } from './lines.ts';
import {
  maskTemplate,
  templateOffset,
  unmask,
  type MaskedTemplate,
  type MaskedUnit,
} from '../masked-template.ts';
import type { FormattingStyle } from './style.ts';
import { placeTemplateLines } from './template-lines.ts';
import { templateParts } from '../template-parts.ts';
import { isSameSequence, tokensOf, type LayoutToken } from './tokens.ts';

/** A stretch of whole lines and what becomes of it; both have the same tokens. */
export interface Stretch {
  readonly range: Range;
  readonly text: string;
}

export type LaidOut =
  | { readonly kind: 'text'; readonly text: string; readonly stretches: readonly Stretch[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** The text has `\n` for every line's end, and a template without fault. */
export function layOutText(
  parser: SqlParser,
  formatter: SqlFormatter,
  text: string,
  style: FormattingStyle,
): LaidOut {
  const mask = maskTemplate(text, templateParts(text));
  const before = tokensOf(parser, mask.text);
  if (!before) return refused('a string, a quoted name or a comment has no end');
  if (before.length === 0) return { kind: 'text', text, stretches: [] };
  const formatted = formatter(mask.text, style);
  const after = formatted === undefined ? undefined : tokensOf(parser, formatted);
  if (formatted === undefined || !after)
    return refused(
      "its SQL cannot be laid out: a bracket or a CASE is open in one branch of the Jinja and not in another, or the SQL is not Postgres's",
    );
  const mayPass = (comment: string): boolean => !comment.includes(mask.word);
  if (
    !isSameSequence(before, after, mayPass) ||
    !before.every(({ meaning }, at) => meaning === after[at]?.meaning)
  )
    return refused('the formatter would change what the SQL says');
  const flow = flowOf(mask, before, formatted, after);
  const columns = before.map(({ start }) => columnOfLine(mask.text, start));
  const lines = placeTemplateLines(
    flow,
    layOut(flow, linesOf(flow, formatted, after), style),
    (token) => lineUnit(mask, before[token]),
    (token) => columns[token] ?? 0,
  );
  return written(mask, flow, lines, style);
}

function refused(reason: string): LaidOut {
  return { kind: 'refused', reason };
}

function flowOf(
  mask: MaskedTemplate,
  before: readonly LayoutToken[],
  formatted: string,
  after: readonly LayoutToken[],
): TokenFlow {
  const tokens = before.map((token, at) => {
    const isKept = token.isComment || token.meaning.includes(mask.word);
    return isKept ? token : { ...token, text: after[at]?.text ?? token.text };
  });
  const gap = (text: string, list: readonly LayoutToken[], at: number): string =>
    text.slice(list[at - 1]?.end ?? 0, list[at]?.start);
  return {
    tokens,
    breaks: before.map((_, at) => gap(mask.text, before, at).split('\n').length - 1),
    touches: before.map((_, at) => at > 0 && gap(mask.text, before, at) === ''),
    spaced: before.map((_, at) => at > 0 && isSpaced(formatted, after, at)),
    widths: tokens.map(({ text }) => (text.includes('\n') ? text.indexOf('\n') : text.length)),
  };
}

/** Where the formatter breaks the line, what would stand there if it had not. */
function isSpaced(formatted: string, after: readonly LayoutToken[], at: number): boolean {
  const gap = formatted.slice(after[at - 1]?.end ?? 0, after[at]?.start);
  if (!gap.includes('\n')) return gap !== '';
  const [previous, own] = [after[at - 1]?.text ?? '', after[at]?.text ?? ''];
  return !'([.'.includes(previous) && !')],;.'.includes(own);
}

function linesOf(flow: TokenFlow, formatted: string, after: readonly LayoutToken[]): readonly Line[] {
  const depths = after.map(({ start, end }, at): number | undefined => {
    const from = after[at - 1]?.end ?? 0;
    const gap = formatted.slice(from, start);
    if (at > 0 && !gap.includes('\n')) return undefined;
    return Math.round(columnOfLine(formatted, Math.min(start, end)) / FORMATTER_INDENT);
  });
  const settled = settleBreaks(flow, depths);
  const lines: Line[] = [];
  settled.forEach((depth, at) => {
    if (depth !== undefined) lines.push({ first: at, last: at, depth });
    else lines.push({ ...(lines.pop() as Line), last: at });
  });
  return lines;
}

/** The column of the first character of the line that an offset is in. */
function columnOfLine(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let at = start;
  while (at < offset && (text.charAt(at) === ' ' || text.charAt(at) === '\t')) at++;
  return at - start;
}

function lineUnit({ units }: MaskedTemplate, token: LayoutToken | undefined): MaskedUnit | undefined {
  if (token?.isComment !== true) return undefined;
  return units.find(({ kind, masked }) => kind === 'line' && masked.start === token.start);
}

function written(
  mask: MaskedTemplate,
  flow: TokenFlow,
  lines: readonly Line[],
  style: FormattingStyle,
): LaidOut {
  let masked = '';
  const starts: { readonly before: number; readonly after: number }[] = [];
  let count = 0;
  let highest = -1;
  for (const { tokens, depth } of commasOf(flow, style) === 'leading'
    ? commasFirst(mask, flow, lines)
    : commasLast(mask, flow, lines)) {
    const [first = 0] = tokens;
    if (masked !== '' && hasBlankBefore(flow, Math.min(...tokens))) masked += '\n';
    const ownStart = lineStart(mask.text, flow.tokens[first]?.start ?? 0);
    if (ownStart !== undefined && count === first && highest === first - 1)
      starts.push({ before: first === 0 ? 0 : ownStart, after: masked.length });
    masked += style.indent.repeat(depth);
    tokens.forEach((token, index) => {
      const isAfterMoved =
        index === 1 && first < token && tokens.length > 1 && flow.tokens[first]?.text === ',';
      const isComma = flow.tokens[token]?.text === ',';
      const hasSpace = index > 0 && !isComma && (isAfterMoved || spaceBefore(flow, token));
      masked += `${hasSpace ? ' ' : ''}${flow.tokens[token]?.text ?? ''}`;
      count++;
      highest = Math.max(highest, token);
    });
    masked += '\n';
  }
  const stretches = starts.map(({ before, after }, index): Stretch => {
    const next = starts[index + 1];
    return {
      range: {
        start: templateOffset(mask, before),
        end: templateOffset(mask, next?.before ?? mask.text.length),
      },
      text: unmask(mask, masked.slice(after, next?.after ?? masked.length)),
    };
  });
  return { kind: 'text', text: unmask(mask, masked), stretches };
}

/** A blank line of the user's; before a comma it is one after it, too. */
function hasBlankBefore({ tokens, breaks }: TokenFlow, first: number): boolean {
  if ((breaks[first] ?? 0) > 1) return true;
  return tokens[first - 1]?.text === ',' && (breaks[first - 1] ?? 0) > 1;
}

function commasOf({ tokens, breaks }: TokenFlow, { commas }: FormattingStyle): 'trailing' | 'leading' {
  if (commas !== 'preserve') return commas;
  let leading = 0;
  tokens.forEach(({ text }, at) => {
    if (text !== ',') return;
    if ((breaks[at] ?? 0) > 0) leading++;
    else if ((breaks[at + 1] ?? 0) > 0) leading--;
  });
  return leading > 0 ? 'leading' : 'trailing';
}

interface WrittenLine {
  readonly tokens: readonly number[];
  readonly depth: number;
}

function plain(lines: readonly Line[]): WrittenLine[] {
  return lines.map(({ first, last, depth }) => ({
    tokens: Array.from({ length: last - first + 1 }, (_, index) => first + index),
    depth,
  }));
}

/** A comma at a line's end begins the next line instead, unless Jinja is between the two. */
function commasFirst(mask: MaskedTemplate, flow: TokenFlow, lines: readonly Line[]): WrittenLine[] {
  const result: WrittenLine[] = [];
  let held: number | undefined;
  for (const [index, { tokens, depth }] of plain(lines).entries()) {
    const isCommentLine = tokens.every((token) => flow.tokens[token]?.isComment === true);
    const own = held !== undefined && !isCommentLine ? [held, ...tokens] : [...tokens];
    if (!isCommentLine) held = undefined;
    const comma = own.findLastIndex((token) => flow.tokens[token]?.isComment !== true);
    const last = own[comma];
    const isMovable = comma > 0 && last !== undefined && flow.tokens[last]?.text === ',';
    if (isMovable && mayMove(mask, flow, lines, index, last)) {
      held = last;
      own.splice(comma, 1);
    }
    result.push({ tokens: own, depth });
  }
  return result;
}

/** A comma that a comment kept from the end of the line before goes there. */
function commasLast(mask: MaskedTemplate, flow: TokenFlow, lines: readonly Line[]): WrittenLine[] {
  const result: { readonly tokens: number[]; readonly depth: number }[] = [];
  for (const { tokens, depth } of plain(lines)) {
    const [first = 0] = tokens;
    const code =
      flow.tokens[first]?.text === ',' && tokens.length > 1 ? codeBefore(mask, flow, first) : undefined;
    const line = result.findLast((earlier) => code !== undefined && earlier.tokens.includes(code));
    if (code === undefined || !line) {
      result.push({ tokens: [...tokens], depth });
      continue;
    }
    line.tokens.splice(line.tokens.indexOf(code) + 1, 0, first);
    result.push({ tokens: tokens.slice(1), depth });
  }
  return result;
}

/** The last token before one that is no comment; undefined when Jinja is between the two. */
function codeBefore({ word }: MaskedTemplate, { tokens, breaks }: TokenFlow, at: number): number | undefined {
  // Where the user has it behind Jinja on the same line, it stays there.
  if (breaks[at] === 0) return at - 1;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (token?.isComment !== true) return before;
    if (token.meaning.includes(word)) return undefined;
  }
  return undefined;
}

function mayMove(
  mask: MaskedTemplate,
  flow: TokenFlow,
  lines: readonly Line[],
  index: number,
  comma: number,
): boolean {
  for (let at = comma + 1; ; at++) {
    const token = flow.tokens[at];
    if (!token) return false;
    if (!token.isComment) return at > (lines[index]?.last ?? 0);
    if (token.meaning.includes(mask.word)) return false;
  }
}

/** undefined unless only blanks are before the offset on its line. */
function lineStart(text: string, offset: number): number | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, offset).trim() === '' ? start : undefined;
}
