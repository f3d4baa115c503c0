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
}

const blockStart = /(?:\s*\{%-|\{%)\s*([A-Za-z_][A-Za-z_0-9]*)(?:\s+([A-Za-z_][A-Za-z_0-9]*))?/g;
const commentStart = /\s*\{#/g;
const expressionStart = /\{\{\s*/g;
const commentEnd = /#\}/g;
const rawBlock = /(?:\s*\{%-|\{%)\s*raw\s*(?:-%\}\s*|%\})[^]*?(?:\s*\{%-|\{%)\s*endraw\s*(?:-%\}\s*|%\})/g;
const quoteOrExpressionEnd = /['"]|\s*\}\}/g;
const quoteOrTagEnd = /['"]|-%\}\s*|%\}/g;
const string = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y;

export function findTags(text: string): {
  readonly tags: readonly Tag[];
  readonly unexpectedEnd?: UnexpectedEnd;
} {
  const tags: Tag[] = [];
  const openers = new Openers(text);
  let at = 0;
  for (;;) {
    const match = openers.next(at);
    if (!match) return { tags };
    const { start, end } = match;
    if (match.kind === 'comment') {
      const close = search(commentEnd, text, end);
      if (!close) return { tags, unexpectedEnd: { expected: '#}', start } };
      at = close.index + 2;
      continue;
    }
    if (match.kind === 'expression') {
      const close = skipTo(text, end, quoteOrExpressionEnd);
      if (close === undefined) return { tags, unexpectedEnd: { expected: '}}', start } };
      at = close;
      continue;
    }
    if (match.name === 'raw') {
      const close = search(rawBlock, text, start);
      if (!close) return { tags, unexpectedEnd: { expected: '{% raw %}...{% endraw %}', start } };
      at = close.index + close[0].length;
    } else {
      const close = skipTo(text, end, quoteOrTagEnd);
      if (close === undefined) return { tags, unexpectedEnd: { expected: 'tag close ("%}")', start } };
      at = close;
    }
    const { name, blockName } = match;
    tags.push({ name, blockName, blockNameStart: end - (blockName?.length ?? 0), start, end: at });
  }
}

type Match =
  | { readonly kind: 'comment'; readonly start: number; readonly end: number }
  | { readonly kind: 'expression'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'tag';
      readonly start: number;
      readonly end: number;
      readonly name: string;
      readonly blockName: string | undefined;
    };

/** Finds the matches of a pattern in order, keeping one that lies ahead for the next question. */
class Ahead {
  readonly #pattern: RegExp;
  readonly #text: string;
  #match: RegExpExecArray | null | undefined;

  constructor(pattern: RegExp, text: string) {
    this.#pattern = pattern;
    this.#text = text;
  }

  from(at: number): RegExpExecArray | null {
    if (this.#match === undefined || (this.#match && this.#match.index < at)) {
      this.#match = search(this.#pattern, this.#text, at);
    }
    return this.#match;
  }
}

class Openers {
  readonly #tags: Ahead;
  readonly #comments: Ahead;
  readonly #expressions: Ahead;

  constructor(text: string) {
    this.#tags = new Ahead(blockStart, text);
    this.#comments = new Ahead(commentStart, text);
    this.#expressions = new Ahead(expressionStart, text);
  }

  /** The opener that ends first. */
  next(at: number): Match | undefined {
    let first: Match | undefined;
    const consider = (match: Match): void => {
      if (!first || match.end < first.end) first = match;
    };
    const tag = this.#tags.from(at);
    if (tag) {
      const [whole, name = '', blockName] = tag;
      consider({ kind: 'tag', start: tag.index, end: tag.index + whole.length, name, blockName });
    }
    const comment = this.#comments.from(at);
    if (comment) consider({ kind: 'comment', start: comment.index, end: comment.index + comment[0].length });
    const expression = this.#expressions.from(at);
    if (expression) {
      consider({ kind: 'expression', start: expression.index, end: expression.index + expression[0].length });
    }
    return first;
  }
}

function search(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** The end of a tag or expression, past the strings in it. */
function skipTo(text: string, from: number, pattern: RegExp): number | undefined {
  let at = from;
  for (;;) {
    const match = search(pattern, text, at);
    if (!match) return undefined;
    if (match[0] !== "'" && match[0] !== '"') return match.index + match[0].length;
    string.lastIndex = match.index;
    const literal = string.exec(text);
    if (!literal) return undefined;
    at = match.index + literal[0].length;
  }
}
