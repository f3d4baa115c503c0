/** The plain part of YAML, which most property files keep to, read in one pass; whatever else a file holds is left to the full reader. */

// A reader without a syntax tree takes a tenth of the time and no memory beyond the value. It must never guess: where a line could
// mean anything else than what is read here, it gives up, and mistakes are the full reader's to find.

/** Thrown for what is not plain. */
const NOT_PLAIN = new Error('this YAML needs the full reader');

/** A line with something on it. */
interface Line {
  readonly indent: number;
  /** Without the indentation and the blanks at the end. */
  readonly text: string;
  /** Where the next line starts in the file. */
  readonly next: number;
}

/** Resolves what is neither text nor a simple int nor null, as the full reader would; undefined for what it does not know. */
export type ResolveScalar = (text: string) => unknown;

/** The file's value, equal to the full reader's; undefined when it is not plain. */
export function plainYaml(text: string, resolve: ResolveScalar): unknown {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new PlainReader(text, resolve).read();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** Control characters, other line ends, marks that are no text; documents and directives; deep nesting. */
const UNUSUAL = /[^\n -~\u00a1-\u1fff\u2010-\u2027\u2030-\ufefe]|^(?:---|\.\.\.|%| {200})/mu;

const KEY = /([A-Za-z_+][\w.+-]*):(?: +|$)/y;
const BLOCK_HEADER = /^[|>]-?$/;
const WORD_KEY = /^(?:null|true|false|yes|no|on|off|\+)$/i;
/** Of a key, and of what stands in brackets, in characters. */
const MAX_LENGTH = 1000;
/** What a plain scalar may start with and still be plainly a scalar. */
const SCALAR_START = /^[\w/($+.\u00a1-\ufefe]|^-[\w.]/u;
const RESERVED_WORD = /^(?:~|null|true|false|yes|no|on|off)$/i;
/** What might be a number of some kind, a time or a merge key. */
const NUMBER_LIKE = /^[-+.]?[\d.][\w.:+-]*$|^[-+]?\.(?:inf|nan)$/i;
const SIMPLE_INT = /^-?[1-9]\d{0,14}$|^0$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** Between the brackets of `[a, b]` and `{a: b}`. */
const FLOW_SCALAR = /'(?:[^'#]|'')*'|"[^"\\#]*"|[\w/.+-](?:[\w/.+ -]*[\w/.+-])?/y;

class PlainReader {
  readonly #text: string;
  readonly #lines: readonly Line[];
  readonly #resolve: ResolveScalar;
  #at = 0;

  constructor(text: string, resolve: ResolveScalar) {
    this.#text = text;
    this.#lines = linesOf(text);
    this.#resolve = resolve;
  }

  read(): unknown {
    const [first] = this.#lines;
    if (first === undefined) return null;
    if (first.indent > 0) throw NOT_PLAIN;
    const value = this.#mapping(0);
    if (this.#at < this.#lines.length) throw NOT_PLAIN;
    return value;
  }

  /** Lines at exactly this indentation, until one that stands further left. */
  #mapping(indent: number): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent < indent) return mapping;
      if (line.indent > indent) throw NOT_PLAIN;
      this.#at++;
      this.#entry(mapping, indent, line.text, 0);
    }
  }

  /** `key: value` from an offset of a line on, and the lines that belong to it. */
  #entry(mapping: Record<string, unknown>, indent: number, text: string, from: number): void {
    KEY.lastIndex = from;
    const key = KEY.exec(text)?.[1];
    if (key === undefined || key.length > MAX_LENGTH || WORD_KEY.test(key) || key in mapping) throw NOT_PLAIN;
    const rest = withoutComment(text, KEY.lastIndex);
    mapping[key] = rest === '' ? this.#below(indent) : this.#inline(rest, indent);
  }

  /** The value of a key with nothing behind it. */
  #below(indent: number): unknown {
    const line = this.#lines[this.#at];
    if (line === undefined || line.indent < indent) return null;
    if (isItem(line)) return this.#sequence(line.indent);
    return line.indent > indent ? this.#mapping(line.indent) : null;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent < indent || (line.indent === indent && !isItem(line)))
        return items;
      if (line.indent > indent) throw NOT_PLAIN;
      this.#at++;
      items.push(this.#item(line));
    }
  }

  #item({ indent, text }: Line): unknown {
    let from = 1;
    while (text.charCodeAt(from) === 0x20) from++;
    KEY.lastIndex = from;
    if (!KEY.test(text)) return this.#inline(withoutComment(text, from), indent);
    const mapping: Record<string, unknown> = {};
    const inner = indent + from;
    this.#entry(mapping, inner, text, from);
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent < inner) return mapping;
      if (line.indent > inner) throw NOT_PLAIN;
      this.#at++;
      this.#entry(mapping, inner, line.text, 0);
    }
  }

  /** A value that ends with its line, or a block of text below it. */
  #inline(text: string, indent: number): unknown {
    if (BLOCK_HEADER.test(text)) return this.#block(text, indent);
    const next = this.#lines[this.#at];
    if (next !== undefined && next.indent > indent) throw NOT_PLAIN;
    switch (text.charCodeAt(0)) {
      case 0x27:
      case 0x22:
        return quoted(text);
      case 0x5b:
      case 0x7b:
        return new FlowReader(text, (scalar) => this.#plain(scalar)).read();
      default:
        if (!SCALAR_START.test(text) || text.includes(': ') || text.endsWith(':')) throw NOT_PLAIN;
        return this.#plain(text);
    }
  }

  /** `|` and `>`: all lines that stand further right. */
  #block(header: string, indent: number): string {
    const start = this.#lines[this.#at - 1]?.next ?? 0;
    const first = this.#lines[this.#at];
    // A line that looks like a comment is text here.
    const inner = /^ */.exec(this.#text.slice(start, start + 200))?.[0].length ?? 0;
    if (first === undefined || inner <= indent || this.#text.charAt(start + inner) === '\n') throw NOT_PLAIN;
    const lines: string[] = [];
    let at = start;
    while (at < this.#text.length) {
      const feed = this.#text.indexOf('\n', at);
      const line = this.#text.slice(at, feed < 0 ? this.#text.length : feed);
      const own = line.search(/[^ ]/);
      if (own >= 0 && own < inner) {
        if (own > indent) throw NOT_PLAIN;
        break;
      }
      if (own < 0 && line.length > inner) throw NOT_PLAIN;
      lines.push(line.slice(inner));
      at = feed < 0 ? this.#text.length : feed + 1;
    }
    while ((this.#lines[this.#at]?.next ?? Infinity) <= at) this.#at++;
    while (lines.at(-1) === '') lines.pop();
    const text = header.startsWith('|') ? lines.join('\n') : folded(lines);
    return header.endsWith('-') ? text : `${text}\n`;
  }

  #plain(text: string): unknown {
    if (RESERVED_WORD.test(text)) {
      if (/^(?:null|Null|NULL)$/.test(text)) return null;
    } else {
      if (!NUMBER_LIKE.test(text) || DATE.test(text)) return text;
      if (SIMPLE_INT.test(text)) return Number(text);
    }
    const value = this.#resolve(text);
    if (value === undefined) throw NOT_PLAIN;
    return value;
  }
}

/** `[a, 'b']`, `{a: b}` on one line. */
class FlowReader {
  readonly #text: string;
  readonly #plain: (text: string) => unknown;
  #at = 0;

  constructor(text: string, plain: (text: string) => unknown) {
    this.#text = text;
    this.#plain = plain;
  }

  read(): unknown {
    if (this.#text.length > MAX_LENGTH) throw NOT_PLAIN;
    const value = this.#value();
    if (this.#at < this.#text.length) throw NOT_PLAIN;
    return value;
  }

  #value(): unknown {
    if (this.#take('[')) return this.#list();
    if (this.#take('{')) return this.#dict();
    const scalar = this.#scalar();
    return scalar.startsWith("'") || scalar.startsWith('"') ? quoted(scalar) : this.#plain(scalar);
  }

  #scalar(): string {
    FLOW_SCALAR.lastIndex = this.#at;
    const scalar = FLOW_SCALAR.exec(this.#text)?.[0];
    if (scalar === undefined || scalar.startsWith('- ') || scalar === '-') throw NOT_PLAIN;
    this.#at = FLOW_SCALAR.lastIndex;
    this.#blanks();
    return scalar;
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    if (this.#take(']')) return items;
    for (;;) {
      items.push(this.#value());
      if (this.#take(']')) return items;
      if (!this.#take(',')) throw NOT_PLAIN;
    }
  }

  #dict(): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    if (this.#take('}')) return mapping;
    for (;;) {
      KEY.lastIndex = this.#at;
      const key = KEY.exec(this.#text)?.[1];
      if (key === undefined || WORD_KEY.test(key) || key in mapping) throw NOT_PLAIN;
      this.#at = KEY.lastIndex;
      mapping[key] = this.#value();
      if (this.#take('}')) return mapping;
      if (!this.#take(',')) throw NOT_PLAIN;
    }
  }

  #take(mark: string): boolean {
    if (this.#text.charAt(this.#at) !== mark) return false;
    this.#at++;
    this.#blanks();
    return true;
  }

  #blanks(): void {
    while (this.#text.charCodeAt(this.#at) === 0x20) this.#at++;
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const stop = feed < 0 ? text.length : feed;
    let from = start;
    while (from < stop && text.charCodeAt(from) === 0x20) from++;
    let end = stop;
    while (end > from && text.charCodeAt(end - 1) === 0x20) end--;
    // A line of its own that is a comment, or empty, says nothing.
    if (from < end && text.charCodeAt(from) !== 0x23)
      lines.push({
        indent: from - start,
        text: text.slice(from, end),
        next: Math.min(stop + 1, text.length),
      });
    start = stop + 1;
  }
  return lines;
}

/** `- item`; an item that starts on the next line is not plain. */
function isItem({ text }: Line): boolean {
  return text.startsWith('- ');
}

/** From an offset to a comment's start, without blanks at the end. Empty for nothing but a comment. */
function withoutComment(text: string, from: number): string {
  if (text.charCodeAt(from) === 0x23) return '';
  const comment = text.indexOf(' #', from);
  if (comment < 0) return from === 0 ? text : text.slice(from);
  const first = text.charCodeAt(from);
  // The mark may stand between quotes.
  if (first === 0x27 || first === 0x22) throw NOT_PLAIN;
  return text.slice(from, comment).trimEnd();
}

/** Lines become one, empty lines line ends. */
function folded(lines: readonly string[]): string {
  let text = '';
  let isAtStart = true;
  for (const line of lines) {
    if (line.startsWith(' ') || line.endsWith(' ')) throw NOT_PLAIN;
    if (line === '') {
      text += '\n';
      isAtStart = true;
    } else {
      text += isAtStart ? line : ` ${line}`;
      isAtStart = false;
    }
  }
  return text;
}

function quoted(text: string): string {
  const quote = text.charAt(0);
  const body = text.slice(1, -1);
  if (text.length < 2 || !text.endsWith(quote)) throw NOT_PLAIN;
  if (quote === '"') {
    if (body.includes('"') || body.includes('\\')) throw NOT_PLAIN;
    return body;
  }
  const plain = body.replaceAll("''", '');
  if (plain.includes("'")) throw NOT_PLAIN;
  return body.replaceAll("''", "'");
}
