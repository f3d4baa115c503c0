/** A str that remembers where its characters came from: what macros, set blocks, `caller()` and concatenations give. */

/** What a stretch of rendered text is: a template's own text, or what an expression printed. */
export type SegmentKind = 'literal' | 'expression';

/** A text that templates are parsed from; segments and error frames point into it. */
export interface TemplateSource {
  readonly path: string;
  readonly text: string;
}

/**
 * One stretch of a rendered text. Segments are in order and do not overlap; a stretch that none covers belongs to the enclosing segment.
 *
 * Where the printed value was itself captured, `inner` holds it and `innerStart` says which of its offsets stands at `start`; so the
 * chain of call sites is the chain of segments, and printing a macro's result costs one object however long it is.
 */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly kind: SegmentKind;
  /** Absent for a part of a concatenation, whose place is the enclosing segment's. */
  readonly source: TemplateSource | undefined;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly inner: CapturedText | undefined;
  readonly innerStart: number;
}

/** Behaves as a str everywhere. */
export class CapturedText {
  readonly typeName: string = 'str';
  readonly text: string;
  readonly segments: readonly Segment[];

  constructor(text: string, segments: readonly Segment[]) {
    this.text = text;
    this.segments = segments;
  }

  /** The part between two UTF-16 offsets; keeps its places. */
  slice(start: number, end: number): CapturedText {
    if (start === 0 && end === this.text.length) return this;
    return new CapturedText(this.text.slice(start, end), [partOf(this, start, 0, end - start)]);
  }
}

/** A segment without a place of its own that stands for `inner` from `innerStart` on. */
export function partOf(inner: CapturedText, innerStart: number, start: number, length: number): Segment {
  return {
    start,
    end: start + length,
    kind: 'expression',
    source: undefined,
    sourceStart: 0,
    sourceEnd: 0,
    inner,
    innerStart,
  };
}

/** Joins texts; the result is captured when a part is, so that places survive `~`, `+` and `join`. */
export function concatTexts(parts: readonly (string | CapturedText)[]): string | CapturedText {
  let text = '';
  const segments: Segment[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    if (part.text.length > 0) segments.push(partOf(part, 0, text.length, part.text.length));
    text += part.text;
  }
  return segments.length === 0 ? text : new CapturedText(text, segments);
}
