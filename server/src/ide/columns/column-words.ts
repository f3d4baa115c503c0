/** What can be said of a column: its type, where it comes from, and what its origin's property file says. */

import type { FromItem, Source } from '../../sql/scopes/columns.ts';
import type { Project } from '../../project/project.ts';
import type { Snapshot } from '../snapshot.ts';
import { declaredColumn, idOfRelation, parentColumns, resourceOf } from './parent-columns.ts';

/** A column of a resource. */
export interface ResourceColumn {
  readonly id: string;
  readonly name: string;
}

export interface Provenance {
  /** The items it passed through unchanged, from the nearest to the farthest. */
  readonly through: readonly string[];
  /** Where it stops passing through: a relation's column, or one that is made of others. */
  readonly last: Source;
  /** The resource's column, where it comes from one. */
  readonly origin: ResourceColumn | undefined;
}

export function provenanceOf(project: Project, source: Source): Provenance {
  const through: string[] = [];
  let last = source;
  for (;;) {
    const [only, ...others] = last.column.sources;
    if (!last.column.isPlain || !only || others.length > 0) break;
    if (last.item.name !== '') through.push(last.item.name);
    last = only;
  }
  const id = resourceIdOf(project, last.item);
  return { through, last, origin: id === undefined ? undefined : { id, name: last.column.name } };
}

export function resourceIdOf(project: Project, { relation }: FromItem): string | undefined {
  return relation && idOfRelation(project, relation.schema, relation.name);
}

/** As it is written in templates and property files. */
export function resourceName(project: Project, id: string): string {
  const resource = resourceOf(project, id);
  if (!resource) return id;
  return resource.resource_type === 'source' ? `${resource.source_name}.${resource.name}` : resource.name;
}

export function sourceText(project: Project, { item, column }: Source): string {
  const id = resourceIdOf(project, item);
  const owner = id === undefined ? item.name : resourceName(project, id);
  return owner === '' ? column.name : `${owner}.${column.name}`;
}

export function descriptionOf(project: Project, { id, name }: ResourceColumn): string {
  return declaredColumn(project, id, name)?.description.trim() ?? '';
}

export function isNotNull(snapshot: Snapshot, { id, name }: ResourceColumn): boolean {
  return parentColumns(snapshot, id).columns.some((column) => column.name === name && column.isNotNull);
}

const MOST_SOURCES = 6;

/** Markdown: the name and type, what it means, where it comes from. */
export function columnMarkdown(
  snapshot: Snapshot,
  name: string,
  type: string | undefined,
  sources: readonly Source[],
): string {
  const head = `**${escaped(name)}**${type === undefined ? '' : ` ${code(type)}`}`;
  const [only, ...others] = sources;
  if (!only || others.length > 0) return paragraphs(head, madeOf(snapshot.project, sources));
  return paragraphs(head, ...provenanceParagraphs(snapshot, provenanceOf(snapshot.project, only), only));
}

function provenanceParagraphs(
  snapshot: Snapshot,
  { through, last, origin }: Provenance,
  start: Source,
): readonly string[] {
  const { project } = snapshot;
  if (!origin) return [madeOf(project, last.column.sources, last === start ? [] : through)];
  const notNull = isNotNull(snapshot, origin) ? ', not null there' : '';
  const way = through.length > 0 ? ` through ${through.map(code).join(', ')}` : '';
  return [
    descriptionOf(project, origin),
    `From ${code(`${resourceName(project, origin.id)}.${origin.name}`)}${way}${notNull}`,
  ];
}

function madeOf(project: Project, sources: readonly Source[], through: readonly string[] = []): string {
  const names = [...new Set(sources.map((source) => sourceText(project, source)))];
  if (names.length === 0) return '';
  const more = names.length > MOST_SOURCES ? ` and ${String(names.length - MOST_SOURCES)} more` : '';
  const way = through.length > 0 ? `, through ${through.map(code).join(', ')}` : '';
  return `Made of ${names.slice(0, MOST_SOURCES).map(code).join(', ')}${more}${way}`;
}

export function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

export function code(text: string): string {
  const ticks = text.includes('`') ? '``' : '`';
  return `${ticks}${text}${ticks}`;
}

/** Names may hold what Markdown would take for its own. */
export function escaped(name: string): string {
  return name.replace(/[\\`*_[\]<>#|]/gu, '\\$&');
}

const MOST_COLUMNS = 40;

/** A list of columns, for a star or an item. */
export function columnList(
  columns: readonly { readonly name: string; readonly type: string | undefined }[],
  isComplete: boolean,
): string {
  const shown = columns
    .slice(0, MOST_COLUMNS)
    .map(({ name, type }) => `- ${code(name)}${type === undefined ? '' : ` ${type}`}`);
  const left = columns.length - shown.length;
  if (left > 0) shown.push(`- and ${String(left)} more`);
  if (!isComplete) shown.push('- others that are not known yet');
  return shown.join('\n');
}
