/** The map between a rendered text and the templates it came from, both ways, with what may cross it. */

import type { Segment, SegmentKind, TemplateSource } from './values/captured-text.ts';
import { CapturedText } from './values/captured-text.ts';

/** What a language feature may carry between the two texts. */
export interface Crossing {
  readonly diagnostic: boolean;
  readonly hover: boolean;
  readonly rename: boolean;
  readonly completion: boolean;
}

const crossings: Readonly<Record<SegmentKind, Crossing>> = {
  literal: { diagnostic: true, hover: true, rename: true, completion: true },
  expression: { diagnostic: true, hover: false, rename: false, completion: false },
};

/** The segments of one rendered text. */
export interface Mapping {
  readonly segments: readonly Segment[];
}

/** The result of a render. */
export interface Rendered {
  readonly text: string;
  readonly mapping: Mapping;
}

/** A place in a template. A literal's place is one exact offset (start equals end), an expression's its whole range. */
export interface OriginPlace {
  readonly source: TemplateSource;
  readonly kind: SegmentKind;
  readonly start: number;
  readonly end: number;
}

export interface Origin extends OriginPlace {
  readonly crossing: Crossing;
  /** The expressions that printed this text, from the innermost out to the outermost template. */
  readonly sites: readonly OriginPlace[];
}

/** The rendered text as a value that keeps its places, to hand to another render. */
export function toCapturedText(rendered: Rendered): CapturedText {
  return new CapturedText(rendered.text, rendered.mapping.segments);
}

export function toRendered(value: string | CapturedText): Rendered {
  return typeof value === 'string'
    ? { text: value, mapping: { segments: [] } }
    : { text: value.text, mapping: { segments: value.segments } };
}

/**
 * The innermost place that the character at `offset` came from. The offset at the text's end, where errors about missing text point,
 * belongs to what stands before it. Undefined where nothing says.
 */
export function originOf(mapping: Mapping, offset: number): Origin | undefined {
  let place: OriginPlace | undefined;
  let sites: OriginPlace[] | undefined;
  let segments = mapping.segments;
  let at = offset;
  for (;;) {
    const segment = segmentAt(segments, at);
    if (!segment) break;
    if (segment.source) {
      if (place) (sites ??= []).push(place);
      place = placeOf(segment, at, segment.source);
    }
    if (!segment.inner) break;
    at = at - segment.start + segment.innerStart;
    segments = segment.inner.segments;
  }
  if (!place) return undefined;
  const { source, kind, start, end } = place;
  return { source, kind, start, end, crossing: crossings[kind], sites: sites ? sites.reverse() : noSites };
}

const noSites: readonly OriginPlace[] = [];

function placeOf(segment: Segment, at: number, source: TemplateSource): OriginPlace {
  const { kind, sourceStart, sourceEnd } = segment;
  if (kind === 'expression') return { source, kind, start: sourceStart, end: sourceEnd };
  const exact = Math.min(sourceStart + at - segment.start, sourceEnd);
  return { source, kind, start: exact, end: exact };
}

function segmentAt(segments: readonly Segment[], offset: number): Segment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle] as Segment).start <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  if (!segment || offset < segment.start) return undefined;
  if (offset < segment.end) return segment;
  // Only the very end of the text looks back.
  return offset === segment.end && low === segments.length - 1 ? segment : undefined;
}

export interface RenderedRange {
  readonly start: number;
  readonly end: number;
  readonly kind: SegmentKind;
}

/**
 * Where a template's offset came out: one exact place for each time its literal text was written, the whole printed range where it lies
 * in an expression. In the order of the rendered text.
 */
export function renderedRanges(mapping: Mapping, path: string, templateOffset: number): RenderedRange[] {
  const ranges: RenderedRange[] = [];
  collect(mapping.segments, 0, 0, Number.MAX_SAFE_INTEGER, { path, templateOffset, ranges });
  return ranges;
}

interface Search {
  readonly path: string;
  readonly templateOffset: number;
  readonly ranges: RenderedRange[];
}

/** Walks the segments of a captured text of which [from, to) is printed, shifted by `shift` into the outermost text. */
function collect(
  segments: readonly Segment[],
  shift: number,
  from: number,
  to: number,
  search: Search,
): void {
  for (const segment of segments) {
    const start = Math.max(segment.start, from);
    const end = Math.min(segment.end, to);
    if (start >= end) continue;
    if (segment.source?.path === search.path && contains(segment, search.templateOffset)) {
      addRange(segment, start + shift, end + shift, shift, search);
    }
    if (!segment.inner) continue;
    const move = segment.innerStart - segment.start;
    collect(segment.inner.segments, shift - move, start + move, end + move, search);
  }
}

function contains(segment: Segment, offset: number): boolean {
  if (segment.kind === 'literal') return segment.sourceStart <= offset && offset < segment.sourceEnd;
  return segment.sourceStart <= offset && offset <= segment.sourceEnd;
}

function addRange(segment: Segment, start: number, end: number, shift: number, search: Search): void {
  if (segment.kind === 'expression') {
    search.ranges.push({ start, end, kind: 'expression' });
    return;
  }
  const exact = segment.start + (search.templateOffset - segment.sourceStart) + shift;
  if (exact >= start && exact < end) search.ranges.push({ start: exact, end: exact, kind: 'literal' });
}
