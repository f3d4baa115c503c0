/** From a range of rendered SQL to the place in the resource's own file that it came from. */

import type { Place } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';
import { originOf, type CapturedText, type OriginPlace } from '../jinja/index.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { ownTemplate, placeOfNode, type Details } from './check.ts';

export interface RenderedPlace {
  readonly place: Place | undefined;
  /** The macro's text, where a macro of the project wrote the range. */
  readonly details: Details;
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
  const path = ownTemplate(project, node)?.path;
  const isEmpty = range.start === range.end;
  // The end of a text, where something is missing, belongs to what stands before it.
  const first = chainAt(sql, isEmpty ? Math.max(0, range.start - 1) : range.start);
  const own = first.find(({ source }) => source.path === path);
  const details = detailsOf(project, first[0], path);
  if (!own) return { place: placeOfNode(project, node), details, isLiteral: false };
  const at = (start: number, end: number, isLiteral: boolean): RenderedPlace => ({
    place: { path: own.source.path, range: { start, end } },
    details,
    isLiteral,
  });
  if (own.kind === 'expression') return at(own.start, own.end, false);
  if (isEmpty) return at(own.start + 1, own.start + 1, true);
  const last = chainAt(sql, range.end - 1).find(
    ({ source, kind }) => source.path === path && kind === 'literal',
  );
  const end = last && last.start >= own.start ? last.start + 1 : own.start + 1;
  return at(own.start, end, end - own.start === range.end - range.start);
}

/** The places of one character, innermost first. */
function chainAt(sql: CapturedText, offset: number): readonly OriginPlace[] {
  const origin = originOf({ segments: sql.segments }, offset);
  return origin ? [origin, ...origin.sites] : [];
}

function detailsOf(project: Project, innermost: OriginPlace | undefined, path: string | undefined): Details {
  if (!innermost || innermost.source.path === path || !project.input.files.has(innermost.source.path))
    return {};
  const { source, start, end } = innermost;
  return {
    related: [{ place: { path: source.path, range: { start, end } }, message: 'the text comes from here' }],
  };
}
