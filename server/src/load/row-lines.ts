/** On which line a CSV row begins, given the line on which COPY stopped: it counts on through values with line breaks. */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Lines are one-based. Reads the file only as far as the row's end. */
export async function firstLineOfRow(bytes: AsyncIterable<Uint8Array>, lastLine: number): Promise<number> {
  let line = 1;
  let rowStart = 1;
  let quoted = false;
  for await (const chunk of bytes) {
    for (const byte of chunk) {
      if (byte === QUOTE) quoted = !quoted; // A doubled quote turns it twice.
      if (byte !== LINE_FEED) continue;
      if (!quoted && line >= lastLine) return rowStart;
      line++;
      if (!quoted) rowStart = line;
    }
  }
  // At the end of the file: the last row, unless lines end in carriage returns alone and nothing was counted.
  return line >= lastLine || quoted ? rowStart : lastLine;
}
