/** The Jinja of a template as a flat list: each tag, expression and comment, and whole blocks where their inside is not to be touched. */

import type { Range } from '../base/text.ts';
import { lex } from '../jinja/parse/lexer.ts';

export interface TemplatePart extends Range {
  /** `opaque`: a block with its inside and its end. */
  readonly kind: 'expression' | 'tag' | 'comment' | 'opaque';
  /** Blocks that it ends, of those that are open before it. */
  readonly closes: number;
  /** Blocks that it begins and leaves open. */
  readonly opens: number;
  /** Only of `opaque`: the tag that begins it. */
  readonly block?: string;
}

/** What these print is a value or code for elsewhere, in which every blank may count. */
const OPAQUE = new Set(['macro', 'materialization', 'set', 'call', 'filter', 'docs', 'raw']);
const BLOCKS = new Set([
  ...OPAQUE,
  'if',
  'for',
  'with',
  'snapshot',
  'test',
  'data_test',
  'block',
  'autoescape',
]);
const MIDDLES = new Set(['else', 'elif']);

interface Piece extends Range {
  readonly kind: 'expression' | 'tag' | 'comment' | 'raw';
  readonly name: string;
  readonly role: 'opens' | 'middle' | 'closes' | 'alone';
}

/** In the order of the text. The template has no fault, so that every block has its end. */
export function templateParts(text: string): readonly TemplatePart[] {
  const pieces = piecesOf(text);
  const parts: TemplatePart[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    const end = piece.role === 'opens' ? endOf(pieces, at) : at;
    const last = pieces[end] as Piece;
    // A block within one line is left as the user wrote it, too.
    const isWhole =
      piece.role === 'opens' && (OPAQUE.has(piece.name) || !hasBreak(text, piece.end, last.start));
    if (isWhole) {
      parts.push({
        start: piece.start,
        end: last.end,
        kind: 'opaque',
        closes: 0,
        opens: 0,
        block: piece.name,
      });
      at = end;
      continue;
    }
    const closes = piece.role === 'closes' || piece.role === 'middle' ? 1 : 0;
    const opens = piece.role === 'opens' || piece.role === 'middle' ? 1 : 0;
    const { start, end: stop } = piece;
    if (piece.kind === 'raw') parts.push({ start, end: stop, kind: 'opaque', closes, opens, block: 'raw' });
    else parts.push({ start, end: stop, kind: piece.kind, closes, opens });
  }
  return parts;
}

function hasBreak(text: string, start: number, end: number): boolean {
  const at = text.indexOf('\n', start);
  return at >= 0 && at < end;
}

function endOf(pieces: readonly Piece[], open: number): number {
  let depth = 0;
  for (let at = open; at < pieces.length; at++) {
    const role = pieces[at]?.role;
    if (role === 'opens') depth++;
    if (role === 'closes' && --depth === 0) return at;
  }
  return pieces.length - 1;
}

function piecesOf(text: string): Piece[] {
  const { tokens, comments } = lex(text, 0, text.length);
  const found: Piece[] = comments.map((range) => ({ ...range, kind: 'comment', name: '', role: 'alone' }));
  const covered: Range[] = [...comments];
  for (let at = 0; at < tokens.length; at++) {
    const first = tokens[at];
    if (!first || first.type === 'eof') break;
    if (first.type === 'data') {
      covered.push(first);
      continue;
    }
    const endType = first.type === 'variable_begin' ? 'variable_end' : 'block_end';
    let last = at;
    while (last + 1 < tokens.length && tokens[last]?.type !== endType) last++;
    const range = { start: first.start, end: tokens[last]?.end ?? text.length };
    covered.push(range);
    if (first.type === 'variable_begin')
      found.push({ ...range, kind: 'expression', name: '', role: 'alone' });
    else {
      const value = tokens[at + 1]?.value;
      const name = typeof value === 'string' ? value : '';
      const isAssignment = name === 'set' && assigns(tokens.slice(at, last));
      found.push({ ...range, kind: 'tag', name, role: isAssignment ? 'alone' : roleOf(name) });
    }
    at = last;
  }
  return [...found, ...rawBlocks(text, covered)].sort((a, b) => a.start - b.start);
}

function roleOf(name: string): Piece['role'] {
  if (BLOCKS.has(name)) return 'opens';
  if (MIDDLES.has(name)) return 'middle';
  return name.startsWith('end') ? 'closes' : 'alone';
}

/** `{% set x = 1 %}`, and not `{% set x %}…{% endset %}`. */
function assigns(tokens: readonly { readonly type: string }[]): boolean {
  let depth = 0;
  for (const { type } of tokens) {
    if (type === 'lparen') depth++;
    else if (type === 'rparen') depth--;
    else if (type === 'assign' && depth === 0) return true;
  }
  return false;
}

/** The lexer says nothing of `raw` tags, and gives their inside as text: they are what no token covers and is not blank. */
function rawBlocks(text: string, covered: readonly Range[]): Piece[] {
  const sorted = [...covered].sort((a, b) => a.start - b.start);
  const blocks: Piece[] = [];
  let open: number | undefined;
  let at = 0;
  for (const { start, end } of [...sorted, { start: text.length, end: text.length }]) {
    const gap = text.slice(at, start);
    if (gap.trim() !== '') {
      const from = at + gap.length - gap.trimStart().length;
      const to = at + gap.trimEnd().length;
      const isEnd = open !== undefined || gap.includes('endraw');
      if (isEnd) blocks.push({ start: open ?? from, end: to, kind: 'raw', name: 'raw', role: 'alone' });
      open = isEnd ? undefined : from;
    }
    at = Math.max(at, end);
  }
  return blocks;
}
