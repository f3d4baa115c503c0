/** Whether a formatted template says what it said: its Jinja, its SQL, and what it renders to. */

import { Renderings, type Rendering } from '../../checks/renderings.ts';
import type { Catalog } from '../../project/catalog.ts';
import { projectWith, type Project } from '../../project/project.ts';
import { parseSql } from '../../sql/parse-sql.ts';
import type { SqlParser } from '../../sql/parser.ts';
import type { Snapshot } from '../snapshot.ts';
import { maskParts } from '../masked-template.ts';
import { templateParts } from '../template-parts.ts';
import { isSameSequence, tokensOf } from './tokens.ts';

/** What differs, as the reason of a refusal; undefined where nothing does. Both texts have `\n` for every line's end. */
export function differenceOf(parser: SqlParser, before: string, after: string): string | undefined {
  const [a, b] = [before, after].map((text) => {
    const parts = templateParts(text);
    return { parts: parts.map(({ start, end }) => partOf(text, start, end)), mask: maskParts(text, parts) };
  });
  if (!a || !b || JSON.stringify(a.parts) !== JSON.stringify(b.parts)) return 'its Jinja would change';
  const [old, now] = [tokensOf(parser, a.mask.text), tokensOf(parser, b.mask.text)];
  const mayPass = (comment: string): boolean =>
    !comment.includes(a.mask.word) && !comment.includes(b.mask.word);
  if (!old || !now || a.mask.word !== b.mask.word || !isSameSequence(old, now, mayPass))
    return 'its SQL would change';
  return undefined;
}

/** The Jinja, and whether it touches a name, a number or a quote on either side. */
function partOf(text: string, start: number, end: number): readonly unknown[] {
  return [text.slice(start, end), TOUCHES.test(text.charAt(start - 1)), TOUCHES.test(text.charAt(end))];
}

const TOUCHES = /[\p{L}\p{N}_$"'`{}]/u;

/** The same of what it renders to, as far as that is known without waiting for a warehouse. */
export function renderedDifferenceOf(
  { project, catalog, parser }: Snapshot,
  path: string,
  after: string,
): string | undefined {
  const { project: changed } = projectWith(project, path, after);
  if (!changed) return 'the project could no longer be read';
  const [old, now] = [renderingsOf(project, catalog, path), renderingsOf(changed, catalog, path)];
  if (old.length !== now.length) return 'it would no longer render';
  for (const [index, rendering] of old.entries()) {
    const other = now[index];
    if (rendering.kind !== other?.kind) return 'it would no longer render';
    if (rendering.kind === 'sql' && other.kind === 'sql' && !isSameSql(parser, rendering, other))
      return 'the SQL that it renders to would change';
  }
  return undefined;
}

function renderingsOf(project: Project, catalog: Catalog, path: string): readonly Rendering[] {
  const renderings = new Renderings(project, catalog);
  return [...project.manifest.nodes.values()]
    .filter((node) => node.original_file_path === path && node.package_name === project.world.root.name)
    .flatMap((node) => renderings.of(node));
}

type Sql = Extract<Rendering, { readonly kind: 'sql' }>;

function isSameSql(parser: SqlParser, a: Sql, b: Sql): boolean {
  const [before, after] = [a.sql.text, b.sql.text];
  if (before === after) return true;
  const [old, now] = [parseSql(parser, before).tree, parseSql(parser, after).tree];
  if (old && now)
    return (
      withoutPlaces(old.statements.map(({ node }) => node)) ===
      withoutPlaces(now.statements.map(({ node }) => node))
    );
  // What is wrong before is wrong after, in the same words.
  const [left, right] = [tokensOf(parser, before), tokensOf(parser, after)];
  return !old && !now && left !== undefined && right !== undefined && isSameSequence(left, right, () => true);
}

const PLACES = new Set(['stmt_len', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end']);

function withoutPlaces(nodes: readonly unknown[]): string {
  return JSON.stringify(nodes, (key, value: unknown) =>
    key.endsWith('location') || PLACES.has(key) ? undefined : value,
  );
}
