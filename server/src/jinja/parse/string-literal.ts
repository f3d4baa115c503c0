/** Python's escapes inside a string literal. */

export type Decoded = { readonly text: string } | { readonly fault: string };

const lineBreaks = /\r\n?/g;

/** Decodes what stands between the quotes. Unknown escapes stay as they are, broken ones are a fault in Python's words. */
export function decodeString(raw: string): Decoded {
  const text = raw.includes('\r') ? raw.replace(lineBreaks, '\n') : raw;
  if (!text.includes('\\')) return { text };
  let out = '';
  let at = 0;
  for (;;) {
    const slash = text.indexOf('\\', at);
    if (slash < 0) return { text: out + text.slice(at) };
    out += text.slice(at, slash);
    const escape = decodeEscape(text, slash);
    if ('fault' in escape) return escape;
    out += escape.text;
    at = escape.end;
  }
}

const simple: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function decodeEscape(text: string, slash: number): { text: string; end: number } | { fault: string } {
  const letter = text.charAt(slash + 1);
  const plain = Object.hasOwn(simple, letter) ? simple[letter] : undefined;
  if (plain !== undefined) return { text: plain, end: slash + 2 };
  if (letter >= '0' && letter <= '7') {
    const digits = /^[0-7]{1,3}/.exec(text.slice(slash + 1, slash + 4))?.[0] ?? '';
    return { text: String.fromCharCode(Number.parseInt(digits, 8)), end: slash + 1 + digits.length };
  }
  const length = Object.hasOwn(hexLengths, letter) ? hexLengths[letter] : undefined;
  if (length !== undefined) return decodeHex(text, slash, letter, length);
  if (letter === 'N') return { fault: 'unknown Unicode character name' };
  return { text: `\\${letter}`, end: slash + 1 + letter.length };
}

function decodeHex(
  text: string,
  slash: number,
  letter: string,
  length: number,
): { text: string; end: number } | { fault: string } {
  const digits = text.slice(slash + 2, slash + 2 + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) {
    return { fault: `truncated \\${letter}${'X'.repeat(length)} escape` };
  }
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) return { fault: 'illegal Unicode character' };
  return { text: String.fromCodePoint(code), end: slash + 2 + length };
}
