/** Offsets, ranges, and the one place where offsets become lines and columns. */

/** Half-open range of UTF-16 offsets into one text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Zero-based line and UTF-16 column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets of the first character of each line of a text. */
export type LineIndex = readonly number[];

const lineIndexes = new Map<string, LineIndex>();
const LINE_INDEX_CACHE = 64;

export function lineIndex(text: string): LineIndex {
  const known = lineIndexes.get(text);
  if (known) return known;
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (lineIndexes.size >= LINE_INDEX_CACHE) lineIndexes.clear();
  lineIndexes.set(text, starts);
  return starts;
}

/** The position of an offset; an offset outside the text is clamped to it. */
export function positionAt(text: string, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, text.length));
  const starts = lineIndex(text);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: clamped - (starts[low] ?? 0) };
}

/** The offset of a position; a column beyond its line is clamped to the line's end. */
export function offsetAt(text: string, position: Position): number {
  const starts = lineIndex(text);
  const start = starts[position.line];
  if (start === undefined) return text.length;
  const end = starts[position.line + 1] ?? text.length + 1;
  return Math.max(start, Math.min(start + position.column, end - 1));
}

/** `path:line:column`, one-based, as terminals and editors link it. */
export function formatPlace(path: string, text: string, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return `${path}:${String(line + 1)}:${String(column + 1)}`;
}
