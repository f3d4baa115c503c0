/** The top-level tags of a file as dbt finds them before it parses anything: by patterns, minding strings, comments and raw blocks. */

export interface Tag {
  readonly name: string;
  /** The word behind the tag's name, where there is one. */
  readonly blockName: string | undefined;
  readonly blockNameStart: number;
  /** Blanks before `{%-` and behind `-%}` belong to the tag. */
  readonly start: number;
  readonly end: number;
}

/** A construct without an end; nothing behind it can be read. */
export interface UnexpectedEnd {
  readonly expected: string;
  readonly start: number;
  /** From where dbt looked for its end. */
  readonly searchedFrom: number;
}

export interface FoundTags {
  readonly tags: readonly Tag[];
  readonly unexpectedEnd?: UnexpectedEnd;
}

const tagStart = /\{%-?\s*([A-Za-z_][A-Za-z_0-9]*)(?:\s+([A-Za-z_][A-Za-z_0-9]*))?/y;
const rawBlock = /(?:\s*\{%-|\{%)\s*raw\s*(?:-%\}\s*|%\})[^]*?(?:\s*\{%-|\{%)\s*endraw\s*(?:-%\}\s*|%\})/g;
const quoteOrExpressionEnd = /['"]|\}\}/g;
const quoteOrTagEnd = /['"]|-%\}\s*|%\}/g;
const string = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/g;
const blank = /\s/;

export function findTags(text: string): FoundTags {
  const tags: Tag[] = [];
  let at = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', Math.max(at, open + 1))) {
    const second = text.charAt(open + 1);
    if (second === '#') {
      const close = text.indexOf('#}', open + 2);
      if (close < 0) return { tags, unexpectedEnd: { expected: '#}', start: open, searchedFrom: open + 2 } };
      at = close + 2;
    } else if (second === '{') {
      let from = open + 2;
      while (blank.test(text.charAt(from))) from++;
      const close = skipTo(text, from, quoteOrExpressionEnd);
      if (close.missing !== undefined) {
        const expected = close.missing === 'end' ? '}}' : 'string';
        return { tags, unexpectedEnd: { expected, start: open, searchedFrom: close.at } };
      }
      at = close.at;
    } else if (second === '%') {
      tagStart.lastIndex = open;
      const match = tagStart.exec(text);
      if (!match) continue;
      const start = text.charAt(open + 2) === '-' ? withBlanksBefore(text, open, at) : open;
      const [, name = '', blockName] = match;
      const end = open + match[0].length;
      const close = name === 'raw' ? skipRaw(text, start) : skipTo(text, end, quoteOrTagEnd);
      if (close.missing !== undefined) {
        const searchedFrom = close.missing === 'string' ? close.quote : close.at;
        return { tags, unexpectedEnd: { expected: words[close.missing], start, searchedFrom } };
      }
      at = close.at;
      tags.push({ name, blockName, blockNameStart: end - (blockName?.length ?? 0), start, end: at });
    }
  }
  return { tags };
}

const words = { end: 'tag close ("%}")', string: 'string', raw: '{% raw %}...{% endraw %}' } as const;

type Skipped =
  | { readonly missing?: undefined; readonly at: number }
  | { readonly missing: 'end' | 'raw'; readonly at: number }
  | { readonly missing: 'string'; readonly at: number; readonly quote: number };

/** The end of a tag or expression, past the strings in it. As dbt does, a string is looked for from a quote on, not at it. */
function skipTo(text: string, from: number, pattern: RegExp): Skipped {
  let at = from;
  for (;;) {
    const match = search(pattern, text, at);
    if (!match) return { missing: 'end', at };
    if (match[0] !== "'" && match[0] !== '"') return { at: match.index + match[0].length };
    const literal = search(string, text, match.index);
    if (!literal) return { missing: 'string', at, quote: match.index };
    at = literal.index + literal[0].length;
  }
}

function skipRaw(text: string, start: number): Skipped {
  const close = search(rawBlock, text, start);
  return close ? { at: close.index + close[0].length } : { missing: 'raw', at: start };
}

function withBlanksBefore(text: string, open: number, from: number): number {
  let start = open;
  while (start > from && blank.test(text.charAt(start - 1))) start--;
  return start;
}

function search(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
