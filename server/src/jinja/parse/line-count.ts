/** The line of an offset, for texts that are asked about many of their places. */

/** What ends a line: `\n` alone where Python counts in a text as it is, any break where Jinja2 has read it. */
export type LineBreaks = 'newlines' | 'any';

const patterns = { newlines: /\n/g, any: /\r\n?|\n/g } as const;

export class LineCount {
  readonly #text: string;
  readonly #start: number;
  readonly #kind: LineBreaks;
  /** The offsets behind the breaks; found when a line is first asked for. */
  #breaks: number[] | undefined;

  constructor(text: string, start: number, kind: LineBreaks) {
    this.#text = text;
    this.#start = start;
    this.#kind = kind;
  }

  /** One-based, counted from the start that was given. */
  lineAt(offset: number): number {
    const breaks = (this.#breaks ??= this.#find());
    return firstBeyond(breaks, offset) + 1;
  }

  /** How far into its line an offset is. */
  columnAt(offset: number): number {
    const breaks = (this.#breaks ??= this.#find());
    return offset - (breaks[firstBeyond(breaks, offset) - 1] ?? this.#start);
  }

  #find(): number[] {
    const breaks: number[] = [];
    const pattern = new RegExp(patterns[this.#kind]);
    pattern.lastIndex = this.#start;
    while (pattern.test(this.#text)) breaks.push(pattern.lastIndex);
    return breaks;
  }
}

function firstBeyond(breaks: readonly number[], offset: number): number {
  let low = 0;
  let high = breaks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((breaks[middle] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
