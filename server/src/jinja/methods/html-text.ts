/** HTML as plain text: without its tags, with its entities read. */

const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  apos: "'",
  nbsp: '\u00a0',
  copy: '\u00a9',
  reg: '\u00ae',
  raquo: '\u00bb',
  laquo: '\u00ab',
  hellip: '\u2026',
  mdash: '\u2014',
  ndash: '\u2013',
};

/** The names of entities are those that texts have; others stay as they are. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))|([a-z]+));?/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') {
      return whole.endsWith(';') && Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
    }
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
      ? String.fromCodePoint(code)
      : '\ufffd';
  });
}

/** Tags and comments go, blanks become one. What is not closed stays. */
export function stripTags(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', from)) {
    const isComment = text.startsWith('<!--', start);
    const end = isComment ? text.indexOf('-->', start + 4) : text.indexOf('>', start);
    if (end < 0) break;
    parts.push(text.slice(from, start));
    from = end + (isComment ? 3 : 1);
  }
  parts.push(text.slice(from));
  return unescapeHtml(
    parts
      .join('')
      .split(/[\s\x1c-\x1f\x85]+/)
      .filter((word) => word !== '')
      .join(' '),
  );
}
