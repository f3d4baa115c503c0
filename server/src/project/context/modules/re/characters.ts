/** The characters that classes and cases of Python's regular expressions mean. */

/** Tells whether a code point belongs. */
export type CharacterTest = (code: number) => boolean;

const wordCharacter = /[\p{L}\p{N}_]/u;
const decimalDigit = /\p{Nd}/u;
const space = /[\s\u001c-\u001f\u0085]/u;

function isAsciiWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    (code >= 0x61 && code <= 0x7a)
  );
}

export function isWord(code: number): boolean {
  return code < 0x80 ? isAsciiWord(code) : wordCharacter.test(String.fromCodePoint(code));
}

export function isDigit(code: number): boolean {
  return code < 0x80 ? code >= 0x30 && code <= 0x39 : decimalDigit.test(String.fromCodePoint(code));
}

export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  return code !== 0xfeff && space.test(String.fromCodePoint(code));
}

/** The test of `\d`, `\s` or `\w`, and of their opposites in upper case; undefined for another letter. */
export function classTest(letter: string, isAscii: boolean): CharacterTest | undefined {
  const test = { d: isDigit, s: isSpace, w: isWord }[letter.toLowerCase()];
  if (!test) return undefined;
  const bounded: CharacterTest = isAscii ? (code) => code < 0x80 && test(code) : test;
  return letter === letter.toLowerCase() ? bounded : (code) => !bounded(code);
}

/** The letter in lower case, for comparisons that ignore case. */
export function foldCase(code: number, isAscii: boolean): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  if (isAscii) return code;
  const lower = String.fromCodePoint(code).toLowerCase();
  const folded = lower.codePointAt(0) as number;
  return lower.length === String.fromCodePoint(folded).length ? folded : code;
}

/** A test that a character passes in either case. */
export function ignoringCase(test: CharacterTest, isAscii: boolean): CharacterTest {
  return (code) => {
    if (test(code)) return true;
    const lower = foldCase(code, isAscii);
    if (lower !== code && test(lower)) return true;
    const upper = raiseCase(code, isAscii);
    return upper !== code && test(upper);
  };
}

function raiseCase(code: number, isAscii: boolean): number {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  if (isAscii) return code;
  const upper = String.fromCodePoint(code).toUpperCase();
  const raised = upper.codePointAt(0) as number;
  return upper.length === String.fromCodePoint(raised).length ? raised : code;
}
