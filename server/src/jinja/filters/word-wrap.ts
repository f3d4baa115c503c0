/** Python's `textwrap.wrap` as the wordwrap filter calls it. */

export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

// Words are looked at from their starts alone: where Python's pattern fails there it fails behind it too, only much later.
const hyphenated =
  /(\s+|(?:(?<![^\s\w])[^\s\w]+)?(?<!\w)\w+[^0-9\W]-(?=\w+[^0-9\W])|(?<=[\w!"'&.,?])-{2,}(?=\w))/;
const plain = /(\s+)/;

export function wrapText(text: string, options: WrapOptions): string[] {
  const { width } = options;
  const pattern = options.breakOnHyphens ? hyphenated : plain;
  const chunks = text.split(pattern).filter((chunk) => chunk !== '');
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    const line: string[] = [];
    let length = 0;
    for (
      let chunk = chunks.at(-1);
      chunk !== undefined && length + chunk.length <= width;
      chunk = chunks.at(-1)
    ) {
      line.push(chunk);
      length += chunk.length;
      chunks.pop();
    }
    const next = chunks.at(-1);
    if (next !== undefined && next.length > width) takeLongWord(chunks, line, width - length, options);
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk?.trim() === '';
}

/** A word longer than a line: as much of it as fits, behind a hyphen where one lies within; or the whole on a line of its own. */
function takeLongWord(chunks: string[], line: string[], room: number, options: WrapOptions): void {
  const word = chunks.pop() as string;
  if (!options.breakLongWords) {
    if (line.length === 0) line.push(word);
    else chunks.push(word);
    return;
  }
  let end = room;
  if (options.breakOnHyphens && word.length > end) {
    const hyphen = word.lastIndexOf('-', end - 1);
    if (hyphen > 0 && /[^-]/.test(word.slice(0, hyphen))) end = hyphen + 1;
  }
  line.push(word.slice(0, end));
  chunks.push(word.slice(end));
}
