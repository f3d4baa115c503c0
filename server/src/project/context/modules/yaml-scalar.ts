/** How PyYAML writes a scalar: which quotes it needs, and where its lines are folded. */

/** What a text allows. */
export interface ScalarForm {
  readonly isMultiline: boolean;
  readonly allowsPlain: boolean;
  readonly allowsSingleQuotes: boolean;
}

/** Where the text goes; the writer keeps the column and breaks lines. */
export interface ScalarSink {
  readonly column: number;
  readonly isWide: boolean;
  write(text: string): void;
  breakLine(): void;
  /** To the indent of the scalar's following lines. */
  indent(): void;
}

const BREAKS = '\n\u0085\u2028\u2029';
const SPACES = '\0 \t\r\n\u0085\u2028\u2029';

export function scalarForm(text: string): ScalarForm {
  if (text === '') return { isMultiline: false, allowsPlain: true, allowsSingleQuotes: true };
  const isMultiline = /[\n\u0085\u2028\u2029]/u.test(text);
  const isSpecial = /[^\n\x20-\x7e]/u.test(text);
  const hasSpaceBeforeBreak = / [\n\u0085\u2028\u2029]/u.test(text);
  const hasSpaceAfterBreak = /[\n\u0085\u2028\u2029] /u.test(text);
  const hasEdge = /^[ \n]|[ \n]$/u.test(text);
  const needsQuotes = hasEdge || hasSpaceAfterBreak || hasSpaceBeforeBreak || isSpecial || isMultiline;
  return {
    isMultiline,
    allowsPlain: !needsQuotes && !hasIndicator(text),
    allowsSingleQuotes: !hasSpaceAfterBreak && !hasSpaceBeforeBreak && !isSpecial,
  };
}

/** Whether the text would read as something else than a scalar. */
function hasIndicator(text: string): boolean {
  if (text.startsWith('---') || text.startsWith('...')) return true;
  if (/^[#,[\]{}&*!|>'"%@`]/u.test(text)) return true;
  const isSpaceAt = (index: number): boolean => index >= text.length || SPACES.includes(text.charAt(index));
  if (/^[?:-]/u.test(text) && isSpaceAt(1)) return true;
  for (let index = 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === ':' && isSpaceAt(index + 1)) return true;
    if (character === '#' && isSpaceAt(index - 1)) return true;
  }
  return false;
}

/** Runs of one kind: spaces, line breaks, or other characters. */
function runsOf(text: string): readonly string[] {
  return text.match(/ +|[\n\u0085\u2028\u2029]+|[^ \n\u0085\u2028\u2029]+/gu) ?? [];
}

export function writePlain(text: string, sink: ScalarSink, mayFold: boolean): void {
  for (const run of runsOf(text)) {
    if (run === ' ' && sink.isWide && mayFold) sink.indent();
    else sink.write(run);
  }
}

export function writeSingleQuoted(text: string, sink: ScalarSink, mayFold: boolean): void {
  const runs = runsOf(text);
  runs.forEach((run, index) => {
    const isInside = index > 0 && index < runs.length - 1;
    if (run === ' ' && sink.isWide && mayFold && isInside) sink.indent();
    else if (BREAKS.includes(run.charAt(0))) {
      if (run.startsWith('\n')) sink.breakLine();
      for (const character of run) {
        if (character === '\n') sink.breakLine();
        else sink.write(character);
      }
      sink.indent();
    } else sink.write(run.replaceAll("'", "''"));
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\u001b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escaped(character: string): string {
  const simple = ESCAPES[character];
  if (simple !== undefined) return `\\${simple}`;
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

export function writeDoubleQuoted(text: string, sink: ScalarSink, width: number, mayFold: boolean): void {
  const characters = Array.from(text);
  let pending = '';
  const flush = (): void => {
    sink.write(pending);
    pending = '';
  };
  characters.forEach((character, index) => {
    const isPlain = character >= ' ' && character <= '~' && character !== '"' && character !== '\\';
    if (!isPlain) {
      flush();
      sink.write(escaped(character));
    }
    const isInside = index > 0 && index < characters.length - 1;
    const isFoldable = character === ' ' || pending === '';
    if (isInside && isFoldable && sink.column + pending.length - (isPlain ? 0 : 1) > width && mayFold) {
      flush();
      sink.write('\\');
      sink.indent();
      // A space at the start of a line would be lost.
      if ((isPlain ? character : characters[index + 1]) === ' ') sink.write('\\');
    }
    if (isPlain) pending += character;
  });
  flush();
}
