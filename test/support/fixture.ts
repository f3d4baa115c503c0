/**
 * The fixture language: a whole project as one string.
 *
 *     ==> models/orders.sql
 *     select order_id, amuont$0 from {{ ref('payments') }}
 *     --               ^^^^^^ unknown column "amuont"
 *     ==> models/payments.sql
 *     select 1 as order_id
 *
 * `==> path` starts a file; what comes before the first is the file models/model.sql. `$0` is the cursor. A line of carets, after a comment
 * sign where there is room for one, marks what stands above it and says what is expected there. Cursor and caret lines are no part of the
 * files. Indentation that all lines share is dropped, so that a fixture can stand in a template literal.
 */

import type { Range } from '../../server/src/base/text.ts';

export interface Fixture {
  /** Path from the project's root, with `/`, to the file's text; each text ends in a newline unless it is empty. */
  readonly files: ReadonlyMap<string, string>;
  readonly cursor?: Cursor;
  /** In the order of their files and places. */
  readonly annotations: readonly Annotation[];
}

export interface Cursor {
  readonly path: string;
  readonly offset: number;
}

/** What is expected of (or was found in) one range of one file. */
export interface Annotation {
  readonly path: string;
  /** Within one line; empty only at a line's end. */
  readonly range: Range;
  readonly expectation: string;
}

const FIRST_FILE = 'models/model.sql';
const HEADER = /^==> (\S.*?)\s*$/u;
const CURSOR = '$0';
const CARETS = /^(\s*(?:--|#|\/\/)?\s*)(\^+)(?: (.*?))?\s*$/u;

/** Throws where the fixture itself is wrong: a repeated path or cursor, carets below nothing. */
export function parseFixture(source: string): Fixture {
  const texts = new Map<string, string>();
  const annotations: Annotation[] = [];
  let cursor: Cursor | undefined;
  let path = FIRST_FILE;
  let text = '';
  let above: { readonly start: number; readonly raw: string } | undefined;

  const finish = (): void => {
    if (path === FIRST_FILE && text.trim() === '' && !texts.has(path)) return;
    if (texts.has(path)) throw new Error(`The fixture has two files ${path}.`);
    texts.set(path, text);
  };

  for (const line of dedent(source)) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) {
      finish();
      [path, text, above] = [header, '', undefined];
      continue;
    }
    const carets = CARETS.exec(line);
    if (carets) {
      if (!above) throw new Error(`The fixture's ${path} has carets with no line above them: ${line.trim()}`);
      const [, indent = '', marks = '', expectation = ''] = carets;
      annotations.push({ path, range: rangeAbove(above, indent.length, marks.length), expectation });
      continue;
    }
    above = { start: text.length, raw: line };
    const at = line.indexOf(CURSOR);
    if (at >= 0) {
      if (cursor || line.includes(CURSOR, at + 1)) throw new Error('The fixture has two cursors.');
      cursor = { path, offset: text.length + at };
    }
    text += `${line.replace(CURSOR, '')}\n`;
  }
  finish();
  return { files: texts, ...(cursor && { cursor }), annotations };
}

/** The same project as a fixture; parsing it gives the argument again (up to the order of annotations). */
export function printFixture(fixture: Fixture): string {
  return [...fixture.files]
    .map(([path, text]) => {
      const cursor = fixture.cursor?.path === path ? fixture.cursor.offset : undefined;
      const annotations = fixture.annotations.filter((annotation) => annotation.path === path);
      return `==> ${path}\n${printFile(path, text, cursor, annotations)}`;
    })
    .join('');
}

function printFile(
  path: string,
  text: string,
  cursor: number | undefined,
  annotations: readonly Annotation[],
): string {
  const sorted = [...annotations].sort(
    (a, b) =>
      a.range.start - b.range.start ||
      a.range.end - b.range.end ||
      a.expectation.localeCompare(b.expectation),
  );
  let out = '';
  let start = 0;
  for (const line of text.replace(/\n$/u, '').split('\n')) {
    const end = start + line.length;
    const at = cursor !== undefined && cursor >= start && cursor <= end ? cursor - start : undefined;
    out += at === undefined ? `${line}\n` : `${line.slice(0, at)}${CURSOR}${line.slice(at)}\n`;
    for (const { range, expectation } of sorted) {
      if (range.start < start || range.start > end) continue;
      // A cursor shifts what stands behind it, and the carets with it.
      const shift = (offset: number): number =>
        offset - start + (at !== undefined && offset - start > at ? CURSOR.length : 0);
      const column =
        at !== undefined && range.start - start >= at
          ? range.start - start + CURSOR.length
          : range.start - start;
      const width = Math.max(1, shift(Math.min(range.end, end)) - column);
      const beyond = text.slice(end, Math.max(end, range.end - 1)).split('\n').length - 1;
      const more = beyond > 0 ? ` (and ${beyond} more ${beyond === 1 ? 'line' : 'lines'})` : '';
      out += `${indentation(path, column)}${'^'.repeat(width)} ${expectation}${more}`.trimEnd() + '\n';
    }
    start = end + 1;
  }
  return text === '' ? '' : out;
}

function indentation(path: string, column: number): string {
  const sign = /\.ya?ml$/u.test(path) ? '#' : path.endsWith('.sql') ? '--' : '';
  return column < sign.length ? ' '.repeat(column) : sign.padEnd(column);
}

/** Carets count in the line as written, so a cursor left of them (or among them) is taken off again. */
function rangeAbove(
  line: { readonly start: number; readonly raw: string },
  column: number,
  width: number,
): Range {
  const cursor = line.raw.indexOf(CURSOR);
  const strip = (at: number): number =>
    cursor < 0 || at <= cursor ? at : Math.max(cursor, at - CURSOR.length);
  const length = line.raw.length - (cursor < 0 ? 0 : CURSOR.length);
  const offset = (at: number): number => line.start + Math.min(strip(at), length);
  return { start: offset(column), end: offset(column + width) };
}

/** The lines without the indentation they share, and without the blank ones that a template literal's ends leave. */
function dedent(source: string): string[] {
  const lines = source.split('\n');
  if (lines[0]?.trim() === '') lines.shift();
  if (lines.at(-1)?.trim() === '') lines.pop();
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/u));
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(shared));
}
