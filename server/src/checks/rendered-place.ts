/** From a range of rendered SQL to the place in the resource's own file that it came from. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';
import { originOf, type CapturedText, type OriginPlace } from '../jinja/index.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { placeOfNode } from './check.ts';

export interface RenderedPlace {
  readonly place: Place | undefined;
  /** The macro's text, where a macro of the project wrote the range. */
  readonly related: Diagnostic['related'];
  /** Whether the range's text stands in the file as it was rendered. */
  readonly isLiteral: boolean;
}

/** What a macro wrote leads to its call; what a property file asked for leads to the entry. */
export function renderedPlace(
  project: Project,
  node: ManifestNode,
  sql: CapturedText,
  range: Range,
): RenderedPlace {
  const fallback = placeOfNode(project, node);
  const raw = project.origins.get(node.unique_id)?.raw;
  const isFile = raw?.template !== null && raw?.template?.text === raw?.file.text;
  const path = isFile ? raw?.file.path : undefined;
  // The end of a text, where something is missing, belongs to what stands before it.
  const isEmpty = range.start === range.end;
  const first = chainAt(sql, isEmpty ? Math.max(0, range.start - 1) : range.start);
  const own = first.find(({ source }) => source.path === path);
  const related = relatedPlace(project, first[0], path);
  if (!own || path === undefined) return { place: fallback, related, isLiteral: false };
  if (own.kind === 'expression')
    return { place: { path, range: { start: own.start, end: own.end } }, related, isLiteral: false };
  if (isEmpty)
    return { place: { path, range: { start: own.start + 1, end: own.start + 1 } }, related, isLiteral: true };
  const last = chainAt(sql, range.end - 1).find(
    ({ source, kind }) => source.path === path && kind === 'literal',
  );
  const end = last && last.start >= own.start ? last.start + 1 : own.start + 1;
  return {
    place: { path, range: { start: own.start, end } },
    related,
    isLiteral: end - own.start === range.end - range.start,
  };
}

/** The places of one character, innermost first. */
function chainAt(sql: CapturedText, offset: number): readonly OriginPlace[] {
  const origin = originOf({ segments: sql.segments }, offset);
  return origin ? [origin, ...origin.sites] : [];
}

function relatedPlace(
  project: Project,
  innermost: OriginPlace | undefined,
  path: string | undefined,
): Diagnostic['related'] {
  if (!innermost || innermost.source.path === path || !project.input.files.has(innermost.source.path))
    return undefined;
  const { source, start, end } = innermost;
  return [
    { place: { path: source.path, range: { start, end } }, message: 'this text is where it comes from' },
  ];
}
