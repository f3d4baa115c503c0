/** A template as SQL without Jinja: each tag is a name, a comment or a comment line of its own, and can be put back. */

import type { Range } from '../base/text.ts';
import type { TemplatePart } from './template-parts.ts';

export interface MaskedUnit {
  /** In the template. */
  readonly range: Range;
  readonly source: string;
  /** `name` stands where a name or a part of one may stand, `line` is alone on its lines, `inline` is among other text. */
  readonly kind: 'name' | 'line' | 'inline';
  readonly closes: number;
  readonly opens: number;
  /** In the masked text. */
  readonly masked: Range;
}

export interface MaskedTemplate {
  readonly text: string;
  readonly units: readonly MaskedUnit[];
  /** Each unit's stand-in has this word, its number, and `_`. */
  readonly word: string;
}

type Unit = Omit<MaskedUnit, 'masked'>;

export function maskTemplate(text: string, parts: readonly TemplatePart[]): MaskedTemplate {
  return masked(text, unitsOf(text, parts));
}

/** Each part by itself, whatever line it is on: two texts that differ in their lines alone give the same tokens. */
export function maskParts(text: string, parts: readonly TemplatePart[]): MaskedTemplate {
  const units: Unit[] = [];
  for (let at = 0; at < parts.length; at = clusterEnd(parts, at)) units.push(...clusterAt(text, parts, at));
  return masked(text, units);
}

function masked(text: string, plain: readonly Unit[]): MaskedTemplate {
  const word = freeWord(text);
  const units: MaskedUnit[] = [];
  let masked = '';
  let at = 0;
  for (const unit of plain) {
    masked += text.slice(at, unit.range.start);
    const standIn = standInOf(unit, word, units.length);
    units.push({ ...unit, masked: { start: masked.length, end: masked.length + standIn.length } });
    masked += standIn;
    at = unit.range.end;
  }
  return { text: masked + text.slice(at), units, word };
}

/** Any part of a masked text with its Jinja put back. */
export function unmask({ units, word }: MaskedTemplate, masked: string): string {
  let result = '';
  let at = 0;
  for (const { unit, range } of unitsIn(units, word, masked)) {
    result += masked.slice(at, range.start) + unit.source;
    at = range.end;
  }
  return result + masked.slice(at);
}

/** From the masked text to the template; never inside a unit. */
export function templateOffset({ units }: MaskedTemplate, offset: number): number {
  const before = units.findLast(({ masked }) => masked.end <= offset);
  return before ? before.range.end + offset - before.masked.end : offset;
}

/** Where the stand-ins are in a masked text that was changed around them; they may have changed their case. */
function unitsIn(
  units: readonly MaskedUnit[],
  word: string,
  masked: string,
): { readonly unit: MaskedUnit; readonly range: Range }[] {
  const found: { readonly unit: MaskedUnit; readonly range: Range }[] = [];
  const lower = masked.toLowerCase();
  // Where the two differ in length, a case changed in a character that no stand-in has; then nothing is found, and refused.
  if (lower.length !== masked.length) return found;
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const end = lower.indexOf('_', at) + 1;
    const unit = units[Number.parseInt(lower.slice(at + word.length), 10)];
    if (!unit) continue;
    const before = { name: 0, line: 2, inline: 2 }[unit.kind];
    const after = unit.kind === 'inline' ? 2 : 0;
    found.push({ unit, range: { start: at - before, end: end + after } });
  }
  return found;
}

function standInOf({ kind, source }: Unit, word: string, index: number): string {
  const name = `${word}${String(index)}`;
  if (kind === 'line') return `--${name}_`;
  if (kind === 'inline') return `/*${name}_*/`;
  // As wide as what it stands for, so that lines are as long as they look.
  const width = Math.max(...source.split('\n').map((line) => line.length));
  return `${name.padEnd(width - 1, 'z')}_`;
}

/** A word that the text does not have. */
function freeWord(text: string): string {
  const lower = text.toLowerCase();
  for (let size = 2; ; size++) {
    const word = `j${'q'.repeat(size)}`;
    if (!lower.includes(word)) return word;
  }
}

function unitsOf(text: string, parts: readonly TemplatePart[]): Unit[] {
  const units: Unit[] = [];
  for (let at = 0; at < parts.length;) {
    const own = lineOfParts(text, parts, at);
    if (own > at) {
      const group = parts.slice(at, own);
      units.push({ ...joined(text, group), kind: 'line' });
      at = own;
      continue;
    }
    units.push(...clusterAt(text, parts, at));
    at = clusterEnd(parts, at);
  }
  return units;
}

function clusterAt(text: string, parts: readonly TemplatePart[], at: number): Unit[] {
  const group = parts.slice(at, clusterEnd(parts, at));
  const kind = isPartOfName(text, group) ? 'name' : 'inline';
  return group.map((part) => ({ ...joined(text, [part]), kind }));
}

function joined(text: string, group: readonly TemplatePart[]): Omit<Unit, 'kind'> {
  const range = { start: group[0]?.start ?? 0, end: group.at(-1)?.end ?? 0 };
  let closes = 0;
  let opens = 0;
  for (const part of group) {
    const own = Math.min(opens, part.closes);
    opens += part.opens - own;
    closes += part.closes - own;
  }
  return { range, source: text.slice(range.start, range.end), closes, opens };
}

/** The end of the parts from `at` on that have a line (or several) to themselves; `at` when there are none. */
function lineOfParts(text: string, parts: readonly TemplatePart[], at: number): number {
  const first = parts[at] as TemplatePart;
  const before = text.slice(text.lastIndexOf('\n', first.start - 1) + 1, first.start);
  if (first.start > 0 && before.trim() !== '') return at;
  if (
    first.kind === 'expression' &&
    (!isBetween(text, parts, at) || followsOnLine(text, first, parts[at + 1]))
  )
    return at;
  let end = at + 1;
  while (followsOnLine(text, parts[end - 1] as TemplatePart, parts[end])) {
    if (parts[end]?.kind === 'expression') return at;
    end++;
  }
  const from = (parts[end - 1] as TemplatePart).end;
  const lineEnd = text.indexOf('\n', from);
  return text.slice(from, lineEnd < 0 ? text.length : lineEnd).trim() === '' ? end : at;
}

function followsOnLine(text: string, part: TemplatePart, next: TemplatePart | undefined): boolean {
  if (!next) return false;
  const gap = text.slice(part.end, next.start);
  return gap.trim() === '' && !gap.includes('\n');
}

/** After these something is still to come, which an expression gives. */
const OPEN_WORDS = new Set(
  'select distinct all from join where and or not on by having limit offset as in is like ilike between then else when case with recursive over filter using set values union except intersect exists any some cast returning'.split(
    ' ',
  ),
);

/** Whether an expression on a line of its own stands between clauses or statements, and is not one of the operands. */
function isBetween(text: string, parts: readonly TemplatePart[], at: number): boolean {
  let end = (parts[at] as TemplatePart).start;
  for (let before = at - 1; ; before--) {
    const part = parts[before];
    const line = lastCodeLine(text.slice(part?.end ?? 0, end));
    if (line !== '') {
      const last = /[\p{L}\p{N}_$]+$/u.exec(line)?.[0];
      return last === undefined ? /[)\]"';]$/u.test(line) : !OPEN_WORDS.has(last.toLowerCase());
    }
    if (!part || part.kind === 'expression') return true;
    end = part.start;
  }
}

/** Without comments, as far as a layout needs to know; the meaning is compared afterwards. */
function lastCodeLine(code: string): string {
  const lines = code.split('\n').map((line) => line.replace(/--.*$/u, '').trim());
  return lines.findLast((line) => line !== '') ?? '';
}

/** The end of the parts from `at` on that touch. */
function clusterEnd(parts: readonly TemplatePart[], at: number): number {
  let end = at + 1;
  while (parts[end] && parts[end]?.start === parts[end - 1]?.end) end++;
  return end;
}

const TOUCHES = /[\p{L}\p{N}_$."'`]/u;

function isPartOfName(text: string, group: readonly TemplatePart[]): boolean {
  if (group.some(({ kind, block }) => kind === 'expression' || block === 'raw')) return true;
  const before = text.charAt((group[0]?.start ?? 0) - 1);
  const after = text.charAt(group.at(-1)?.end ?? text.length);
  return TOUCHES.test(before) || TOUCHES.test(after);
}
