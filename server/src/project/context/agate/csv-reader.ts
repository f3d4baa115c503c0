/** CSV as Python's csv module reads it, without an object per cell: cells are ranges of the text. */

export interface CsvCells {
  readonly text: string;
  readonly rowCount: number;
  /** How many cells the row has; an empty line has none. */
  cellCount(row: number): number;
  /** The offset of the row's first character. */
  rowStart(row: number): number;
  /** The cell's text; the cell must exist. */
  cell(row: number, column: number): string;
  /**
   * Calls back with a text and the range in it that is the cell, for every cell of the rows from `from` on. The text is the whole file's
   * where the cell stands there as it is, and the cell's own where quotes had to be taken out.
   */
  forEachCell(from: number, visit: (column: number, text: string, start: number, end: number) => void): void;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Reads all rows. Line ends are line feeds afterwards; a quote that is never closed ends with the text. */
export function readCsv(source: string, delimiter: string): CsvCells {
  const text = source.includes('\r') ? source.replace(/\r\n?/gu, '\n') : source;
  const separator = delimiter.charCodeAt(0);
  const starts = new Offsets();
  // An end below zero marks a cell whose quotes must be taken out: it is the complement of the end.
  const ends = new Offsets();
  const rows = new Offsets();
  const rowStarts = new Offsets();
  let at = 0;
  while (at < text.length) {
    rows.push(starts.length);
    rowStarts.push(at);
    if (text.charCodeAt(at) === LINE_FEED) {
      at++;
      continue;
    }
    for (;;) {
      const end = readCell(text, at, separator, starts, ends);
      at = end + 1;
      if (text.charCodeAt(end) !== separator) break;
      if (at >= text.length) {
        // The text ends behind a delimiter: an empty cell follows it.
        starts.push(text.length);
        ends.push(text.length);
        break;
      }
    }
  }
  const rowCount = rows.length;
  rows.push(starts.length);
  return cellsIn(text, rowCount, starts, ends, rows, rowStarts);
}

/** Gives the offset of the delimiter or line feed behind the cell, or the end of the text. */
function readCell(text: string, from: number, separator: number, starts: Offsets, ends: Offsets): number {
  if (text.charCodeAt(from) !== QUOTE) {
    let end = from;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === separator || code === LINE_FEED) break;
    }
    starts.push(from);
    ends.push(end);
    return end;
  }
  let close = text.indexOf('"', from + 1);
  let isPlain = true;
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
    isPlain = false;
    close = text.indexOf('"', close + 2);
  }
  if (close < 0) {
    starts.push(from);
    ends.push(~text.length);
    return text.length;
  }
  let end = close + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === separator || code === LINE_FEED) break;
  }
  if (isPlain && end === close + 1) {
    starts.push(from + 1);
    ends.push(close);
  } else {
    starts.push(from);
    ends.push(~end);
  }
  return end;
}

/** A quoted cell's text: what stands behind its closing quote belongs to it as it is. */
function unquoted(raw: string): string {
  let out = '';
  let at = 1;
  for (;;) {
    const quote = raw.indexOf('"', at);
    if (quote < 0) return out + raw.slice(at);
    out += raw.slice(at, quote);
    if (raw.charCodeAt(quote + 1) !== QUOTE) return out + raw.slice(quote + 1);
    out += '"';
    at = quote + 2;
  }
}

function cellsIn(
  text: string,
  rowCount: number,
  starts: Offsets,
  ends: Offsets,
  rows: Offsets,
  rowStarts: Offsets,
): CsvCells {
  return {
    text,
    rowCount,
    cellCount: (row) => rows.at(row + 1) - rows.at(row),
    rowStart: (row) => rowStarts.at(row),
    cell(row, column) {
      const index = rows.at(row) + column;
      const end = ends.at(index);
      const start = starts.at(index);
      return end < 0 ? unquoted(text.slice(start, ~end)) : text.slice(start, end);
    },
    forEachCell(from, visit) {
      for (let row = from; row < rowCount; row++) {
        const first = rows.at(row);
        const last = rows.at(row + 1);
        for (let index = first; index < last; index++) {
          const start = starts.at(index);
          const end = ends.at(index);
          if (end >= 0) visit(index - first, text, start, end);
          else {
            const own = unquoted(text.slice(start, ~end));
            visit(index - first, own, 0, own.length);
          }
        }
      }
    },
  };
}

/** A growing list of offsets. */
class Offsets {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index] as number;
  }
}
