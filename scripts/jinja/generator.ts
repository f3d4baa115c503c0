/** Random templates from the grammar, as trees of pieces so that one that differs can be made smaller. */

import type { Random } from '../generate-data/random.ts';
import type { Grammar } from './grammar.ts';

export interface Piece {
  readonly type: string;
  readonly parts: readonly (string | Piece)[];
}

/** How often something of any type stands where another type is due: a bit less than a third of all templates then end in an error. */
const WRONG_TYPE = 0.01;

const BRACKETS = 0.85;

const DEPTH = 5;

/** A template of its own for each number. */
export function generate(grammar: Grammar, random: Random): Piece {
  return expand(grammar, random, 'start', DEPTH);
}

export function textOf(piece: Piece): string {
  return piece.parts.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
}

const NONTERMINAL = /<([a-z]+)>/gu;

/** Expressions that may stand for each other. */
const values = new Set(
  'idx int small float num bool none char str list ilist flist slist dlist tuple key dict set range iter undef any name setvalue attribute'.split(
    ' ',
  ),
);

function expand(grammar: Grammar, random: Random, wanted: string, depth: number): Piece {
  const type = values.has(wanted) && wanted !== 'set' && random.chance(WRONG_TYPE) ? 'any' : wanted;
  const all = grammar[type] ?? [];
  const leaves = all.indexOf('');
  const isLeaf = leaves > 0 && (depth <= 0 || random.chance(0.3));
  const choices = isLeaf ? all.slice(0, leaves) : leaves > 0 ? all.slice(leaves + 1) : all;
  const production = choices[random.below(choices.length)] ?? '';
  const isCompound = production.startsWith('^');
  const body = parts(grammar, random, isCompound ? production.slice(1) : production, depth - 1);
  return { type, parts: isCompound && random.chance(BRACKETS) ? ['(', ...body, ')'] : body };
}

function parts(grammar: Grammar, random: Random, production: string, depth: number): (string | Piece)[] {
  const made: (string | Piece)[] = [];
  let from = 0;
  for (const match of production.matchAll(NONTERMINAL)) {
    const name = match[1] ?? '';
    if (grammar[name] === undefined) continue;
    made.push(production.slice(from, match.index), expand(grammar, random, name, depth));
    from = match.index + match[0].length;
  }
  made.push(production.slice(from));
  return made;
}

const simple = ['1', "'a'", '[]', 'none', 'x'];

/** The same template with one piece replaced by something smaller: a piece within it, or a plain value. */
export function smaller(piece: Piece): string[] {
  const whole = textOf(piece).length;
  const texts = new Set<string>();
  replaceEach(piece, (text) => text, texts);
  return [...texts].filter((text) => text.length < whole).sort((a, b) => a.length - b.length);
}

function replaceEach(piece: Piece, around: (text: string) => string, texts: Set<string>): void {
  piece.parts.forEach((part, index) => {
    if (typeof part === 'string') return;
    const before = piece.parts.slice(0, index).map(partText).join('');
    const after = piece.parts
      .slice(index + 1)
      .map(partText)
      .join('');
    const put = (text: string): string => around(before + text + after);
    for (const inner of descendants(part)) texts.add(put(textOf(inner)));
    if (values.has(part.type)) for (const value of simple) texts.add(put(value));
    else texts.add(put(''));
    replaceEach(part, put, texts);
  });
}

function partText(part: string | Piece): string {
  return typeof part === 'string' ? part : textOf(part);
}

function descendants(piece: Piece): Piece[] {
  return piece.parts.flatMap((part) => (typeof part === 'string' ? [] : [part, ...descendants(part)]));
}
