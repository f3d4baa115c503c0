/** Formatting a model, whole or in part: the lines that change, or why it is left as it is. */

import type { Range } from '../../base/text.ts';
import { parseMacroFile, parseTemplate } from '../../jinja/index.ts';
import type { TextEdit } from '../answers.ts';
import type { Snapshot } from '../snapshot.ts';
import { loadFormatter } from './formatter.ts';
import { layOutText, type LaidOut, type Stretch } from './layout-text.ts';
import { differenceOf, renderedDifferenceOf } from './meaning.ts';
import type { FormattingStyle } from './style.ts';
import { templateParts } from '../template-parts.ts';

export type Formatting =
  | { readonly kind: 'edits'; readonly edits: readonly TextEdit[] }
  /** What would be wrong with a formatted text; the user's stays. */
  | { readonly kind: 'refused'; readonly reason: string };

export async function formatDocument(
  snapshot: Snapshot,
  path: string,
  style: FormattingStyle,
): Promise<Formatting> {
  return formatted(snapshot, path, style, undefined);
}

/** What lies wholly in the lines of a selection. */
export async function formatRange(
  snapshot: Snapshot,
  path: string,
  range: Range,
  style: FormattingStyle,
): Promise<Formatting> {
  return formatted(snapshot, path, style, range);
}

async function formatted(
  snapshot: Snapshot,
  path: string,
  style: FormattingStyle,
  range: Range | undefined,
): Promise<Formatting> {
  const file = snapshot.project.input.files.get(path);
  if (!file) return refused('it is no file of the project');
  const { text: written, hasCarriage } = lineFeeds(file.text);
  const reason = reasonToLeave(file.text, written, path);
  if (reason !== undefined) return refused(reason);
  const text = await layOutSteadily(snapshot, written, style);
  if (text.kind === 'refused') return text;
  const { toOriginal, toWritten } = offsets(file.text, hasCarriage);
  let stretches = text.stretches.filter(
    (stretch) => written.slice(stretch.range.start, stretch.range.end) !== stretch.text,
  );
  if (range) {
    const lines = wholeLines(written, { start: toWritten(range.start), end: toWritten(range.end) });
    const touched = stretches.filter(
      (stretch) => stretch.range.start < lines.end && stretch.range.end > lines.start,
    );
    stretches = touched.filter(
      (stretch) => stretch.range.start >= lines.start && stretch.range.end <= lines.end,
    );
    if (touched.length > 0 && stretches.length === 0)
      return refused(
        'what would change reaches beyond the selected lines: select the whole statement or CTE',
      );
  }
  if (stretches.length === 0) return { kind: 'edits', edits: [] };
  const result = applied(written, stretches);
  const difference =
    differenceOf(snapshot.parser, written, result) ?? renderedDifferenceOf(snapshot, path, result);
  if (difference !== undefined) return refused(difference);
  const edits = stretches.map((stretch) => {
    const { start, end, replacement } = trimmed(written, stretch);
    return {
      path,
      range: { start: toOriginal(start), end: toOriginal(end) },
      text: hasCarriage ? replacement.replaceAll('\n', '\r\n') : replacement,
    };
  });
  return { kind: 'edits', edits };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

function lineFeeds(text: string): { readonly text: string; readonly hasCarriage: boolean } {
  const hasCarriage = text.includes('\r\n');
  return { text: hasCarriage ? text.replaceAll('\r\n', '\n') : text, hasCarriage };
}

const OFF = /(?:--|#|\/\*)\s*fmt:\s*off\b/u;

function reasonToLeave(original: string, text: string, path: string): string | undefined {
  const isMixed = original !== text && original !== text.replaceAll('\n', '\r\n');
  if (isMixed || text.includes('\r'))
    return 'its lines end in different ways, some with a carriage return and some without';
  if (OFF.test(text)) return "it says 'fmt: off'";
  const fault = templateFault(text, path);
  if (fault !== undefined) return `its Jinja has an error: ${fault}`;
  const parts = templateParts(text);
  if (parts.some(({ block }) => block === 'macro' || block === 'materialization') && !hasCode(text, parts))
    return 'it defines macros, and what those print may stand inside a string or a name, where every blank counts';
  return undefined;
}

/** A file of snapshots or tests is one of blocks, which dbt parses one by one. */
function templateFault(text: string, path: string): string | undefined {
  const whole = parseTemplate(text, path).diagnostics[0]?.message;
  if (whole === undefined) return undefined;
  const { definitions, diagnostics } = parseMacroFile(text, path);
  if (definitions.length === 0) return whole;
  const bodies = definitions.flatMap(({ body }) => parseTemplate(text, path, { range: body }).diagnostics);
  return [...diagnostics, ...bodies][0]?.message;
}

function hasCode(text: string, parts: readonly Range[]): boolean {
  let at = 0;
  for (const { start, end } of [...parts, { start: text.length, end: text.length }]) {
    if (text.slice(at, start).trim() !== '') return true;
    at = end;
  }
  return false;
}

/** Laid out so that laying it out again changes nothing. */
async function layOutSteadily(snapshot: Snapshot, text: string, style: FormattingStyle): Promise<LaidOut> {
  const formatter = await loadFormatter();
  const first = layOutText(snapshot.parser, formatter, text, style);
  if (first.kind === 'refused') return first;
  const second = layOutText(snapshot.parser, formatter, first.text, style);
  if (second.kind === 'refused' || second.text === first.text)
    return second.kind === 'refused' ? second : first;
  const third = layOutText(snapshot.parser, formatter, second.text, style);
  if (third.kind === 'refused' || third.text !== second.text)
    return refused('formatting it again would change it again');
  return {
    kind: 'text',
    text: second.text,
    stretches: [{ range: { start: 0, end: text.length }, text: second.text }],
  };
}

function wholeLines(text: string, { start, end }: Range): Range {
  const last = end > start && text.charAt(end - 1) === '\n' ? end - 1 : end;
  const lineEnd = text.indexOf('\n', last);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: lineEnd < 0 ? text.length : lineEnd + 1 };
}

function applied(text: string, stretches: readonly Stretch[]): string {
  let result = '';
  let at = 0;
  for (const { range, text: replacement } of stretches) {
    result += text.slice(at, range.start) + replacement;
    at = range.end;
  }
  return result + text.slice(at);
}

/** Without the lines that are equal at either end. */
function trimmed(
  text: string,
  { range, text: replacement }: Stretch,
): { readonly start: number; readonly end: number; readonly replacement: string } {
  const old = text.slice(range.start, range.end).split(/(?<=\n)/u);
  const now = replacement.split(/(?<=\n)/u);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail++;
  const length = (lines: readonly string[]): number => lines.join('').length;
  return {
    start: range.start + length(old.slice(0, head)),
    end: range.end - length(old.slice(old.length - tail)),
    replacement: now.slice(head, now.length - tail).join(''),
  };
}

/** Between the file's offsets and those of its text with `\n` alone. */
function offsets(
  text: string,
  hasCarriage: boolean,
): { readonly toOriginal: (offset: number) => number; readonly toWritten: (offset: number) => number } {
  if (!hasCarriage) return { toOriginal: (offset) => offset, toWritten: (offset) => offset };
  const carriages: number[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 1)) carriages.push(at);
  return {
    toOriginal: (offset) => offset + carriages.filter((at, index) => at - index < offset).length,
    toWritten: (offset) => offset - carriages.filter((at) => at < offset).length,
  };
}
