/** From a cursor in a model's file to the same place in the SQL that comes of it, and back. */

import type { Place } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import { renderedPlace } from '../../checks/rendered-place.ts';
import { renderedRanges, type CapturedText, type Template } from '../../jinja/index.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { parseSql, type SqlTree } from '../../sql/parse-sql.ts';
import type { SqlParser } from '../../sql/parser.ts';
import type { Cursor } from '../snapshot.ts';
import { keptRenderings, type Renderable } from './kept-renderings.ts';
import { sketch } from './sketch.ts';
import { forEachText } from './template-texts.ts';

/** A resource's code as SQL. */
export interface RenderedSql {
  readonly node: ManifestNode;
  readonly sql: CapturedText;
}

export interface RenderedCursor extends RenderedSql {
  /** The SQL with the cursor in it: a blank is put back where a tag, or the end of the file, took the one away that the cursor is in. */
  readonly text: string;
  readonly offset: number;
  readonly isInBlank: boolean;
}

/**
 * What a run would send; more than one where it depends on whether the relation is there, none where a template fails or asks the
 * warehouse what nobody knows yet.
 */
export function renderedSql(snapshot: Renderable, node: ManifestNode): readonly RenderedSql[] {
  return keptRenderings(snapshot, node).flatMap((rendering) =>
    rendering.kind === 'sql' ? [{ node, sql: rendering.sql }] : [],
  );
}

const trees = new WeakMap<CapturedText, SqlTree | null>();

/** Null where the SQL does not parse. */
export function treeOf(parser: SqlParser, { sql }: RenderedSql): SqlTree | null {
  let tree = trees.get(sql);
  if (tree === undefined) trees.set(sql, (tree = parseSql(parser, sql.text).tree));
  return tree;
}

/** Undefined where the cursor is in no SQL: in an expression, a tag, a comment, or a file of another kind. */
export function renderedAt(snapshot: Renderable, cursor: Cursor): RenderedCursor | undefined {
  const { project } = snapshot;
  const owner = ownerOf(project, cursor);
  if (!owner) return undefined;
  const { node, template } = owner;
  const anchor = anchorIn(template, cursor.offset);
  if (!anchor) return undefined;
  for (const { sql } of renderedSql(snapshot, node)) {
    const found = cursorIn(node, sql, template.path, anchor);
    if (found) return found;
  }
  return cursorIn(node, sketch(project, node, template, anchor.at), template.path, anchor);
}

/** Undefined for what does not stand in the resource's file as it is in the SQL. */
export function literalPlace(project: Project, { node, sql }: RenderedSql, range: Range): Place | undefined {
  if (range.start >= range.end) return undefined;
  const { place, isLiteral } = renderedPlace(project, node, sql, range);
  return isLiteral ? place : undefined;
}

interface Owner {
  readonly node: ManifestNode;
  readonly template: Template;
}

const owners = new WeakMap<Project, ReadonlyMap<string, readonly Owner[]>>();

/** The resource whose template is written at a cursor; blanks around a file's template are its own. */
export function ownerOf(project: Project, { path, offset }: Cursor): Owner | undefined {
  let known = owners.get(project);
  if (!known) owners.set(project, (known = ownersByPath(project)));
  const found = known.get(path) ?? [];
  return (
    found.find(({ template }) => template.start <= offset && offset <= template.end) ??
    found.find(({ template: { text, start, end } }) =>
      isBlank(text, offset < start ? offset : end, offset < start ? start : offset),
    )
  );
}

function isBlank(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() === '';
}

function ownersByPath(project: Project): ReadonlyMap<string, readonly Owner[]> {
  const found = new Map<string, Owner[]>();
  for (const node of project.manifest.nodes.values()) {
    const raw = project.origins.get(node.unique_id)?.raw;
    const template = raw?.template;
    if (!template || node.language !== 'sql' || template.text !== raw.file.text) continue;
    const owner = { node, template };
    const others = found.get(raw.file.path);
    if (others) others.push(owner);
    else found.set(raw.file.path, [owner]);
  }
  return found;
}

/** A place in a template's own text, taken with what stands before it or behind it. */
interface Anchor {
  readonly at: number;
  readonly side: 'behind' | 'before';
  readonly isInBlank: boolean;
}

/** White space that a tag takes away is still a place to write in. */
function anchorIn(template: Template, offset: number): Anchor | undefined {
  let touched: Anchor | undefined;
  let last: Range | undefined;
  let next: Range | undefined;
  forEachText(template.body, (text) => {
    if (text.start < offset && offset <= text.end) touched = { at: offset, side: 'behind', isInBlank: false };
    else if (text.start === offset && text.end > offset)
      touched ??= { at: offset, side: 'before', isInBlank: false };
    if (text.end <= offset && (!last || text.end > last.end)) last = text;
    if (text.start >= offset && (!next || text.start < next.start)) next = text;
  });
  if (touched) return touched;
  const { text } = template;
  if (last && isBlank(text, last.end, offset)) return { at: last.end, side: 'behind', isInBlank: true };
  if (next && isBlank(text, offset, next.start)) return { at: next.start, side: 'before', isInBlank: true };
  return undefined;
}

function cursorIn(
  node: ManifestNode,
  sql: CapturedText,
  path: string,
  { at, side, isInBlank: isBetween }: Anchor,
): RenderedCursor | undefined {
  const from = side === 'behind' ? at - 1 : at;
  const found = renderedRanges({ segments: sql.segments }, path, from).find(({ kind }) => kind === 'literal');
  if (!found) return undefined;
  const offset = found.start + (at - from);
  if (!isBetween) return { node, sql, text: sql.text, offset, isInBlank: false };
  const text = `${sql.text.slice(0, offset)}  ${sql.text.slice(offset)}`;
  return { node, sql, text, offset: offset + 1, isInBlank: true };
}
