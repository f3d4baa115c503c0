/** What holds for every rendered text: a literal segment is its source, a printed one is what it captured, and all characters have an origin or were put in by us. */

import type { CapturedText, Mapping, Segment } from '../../server/src/jinja/index.ts';

export interface SegmentCount {
  /** Literal segments, those of captured texts at every depth included. */
  literals: number;
  /** Those that equal their source. */
  equal: number;
  /** Stretches without an origin. */
  readonly generated: string[];
  /** What does not hold, in words. */
  readonly faults: string[];
}

export function newCount(): SegmentCount {
  return { literals: 0, equal: 0, generated: [], faults: [] };
}

/** Counts the segments of a text, each captured text once. */
export function countSegments(text: string, mapping: Mapping, count: SegmentCount): void {
  visit(text, mapping.segments, count, { generated: count.generated, seen: new Set() });
}

interface Walk {
  readonly generated: string[];
  readonly seen: Set<CapturedText>;
}

function visit(
  text: string,
  segments: readonly Segment[],
  count: SegmentCount,
  { generated, seen }: Walk,
): void {
  let end = 0;
  for (const segment of segments) {
    if (segment.start < end) count.faults.push(`segments overlap at ${segment.start}`);
    if (segment.start > end) generated.push(text.slice(end, segment.start));
    end = segment.end;
    const printed = text.slice(segment.start, segment.end);
    if (printed.length !== segment.end - segment.start)
      count.faults.push(`a segment leaves the text at ${segment.start}`);
    if (segment.kind === 'literal') literal(segment, printed, count);
    const { inner } = segment;
    if (!inner) continue;
    const captured = inner.text.slice(segment.innerStart, segment.innerStart + printed.length);
    if (captured !== printed) count.faults.push(`printed ${shown(printed)}, captured ${shown(captured)}`);
    if (seen.has(inner)) continue;
    seen.add(inner);
    // What is put in between captured parts belongs to the expression that printed them all.
    visit(inner.text, inner.segments, count, { generated: segment.source ? [] : generated, seen });
  }
  if (end < text.length) generated.push(text.slice(end));
}

function literal({ source, sourceStart, sourceEnd }: Segment, printed: string, count: SegmentCount): void {
  count.literals++;
  const written = source?.text.slice(sourceStart, sourceEnd).replace(/\r\n?/g, '\n');
  if (written === printed) count.equal++;
  else count.faults.push(`printed ${shown(printed)}, written ${shown(written ?? 'nowhere')}`);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
