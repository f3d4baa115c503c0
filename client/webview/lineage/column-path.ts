/** A column's way through the graph: which cards, lines and columns it lights, and what is written at each step. */

import { html, nothing, type TemplateResult } from 'lit-html';
import type {
  ColumnLineageEdge,
  ColumnLineageEnd,
  ColumnLineageView,
  How,
  LineageEdge,
  LineageView,
} from '../../../server/src/lsp/protocol.ts';
import type { Host } from '../shared/host.ts';
import type { Picture } from './drawing.ts';
import { pathThrough, type Path } from './paths.ts';
import type { State } from './state.ts';

/** What was clicked; `found` once the server has answered. */
export interface FollowedColumn {
  readonly uniqueId: string;
  readonly column: string;
  readonly found: ColumnLineageView | undefined;
  readonly problem: string | undefined;
}

/** How the lines between two cards are drawn: by what says most of the column. */
export interface ColumnPath extends Path {
  readonly kinds: ReadonlyMap<LineageEdge, How>;
  /** By card, the columns that are on the way. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Clicked again, a column is let go. An answer that comes late, for another column, is dropped. */
export async function followColumn(
  host: Host,
  state: State,
  uniqueId: string,
  column: string,
  draw: () => void,
): Promise<void> {
  const { column: before, folder } = state;
  const isSame = before?.uniqueId === uniqueId && before.column === column;
  const asked: FollowedColumn = { uniqueId, column, found: undefined, problem: undefined };
  state.column = isSame ? null : asked;
  state.active = uniqueId;
  draw();
  if (isSame) return;
  let answer: FollowedColumn;
  try {
    const found = await host.request('grainline/columnLineage', { folder, uniqueId, column });
    answer = { ...asked, found };
  } catch (error) {
    answer = { ...asked, problem: error instanceof Error ? error.message : String(error) };
  }
  if (state.column !== asked) return;
  state.column = answer;
  draw();
}

const WEIGHTS: readonly How[] = [
  'ordering',
  'grouping',
  'joining',
  'filtering',
  'passed through',
  'renamed',
  'computed',
  'aggregated',
];

export function columnPath(view: LineageView, { uniqueId, column, found }: FollowedColumn): ColumnPath {
  const kinds = new Map<string, How>();
  const columns = new Map([[uniqueId, new Set([column])]]);
  const ids = new Set([uniqueId]);
  const note = ({ uniqueId: id, column: name }: ColumnLineageEnd): void => {
    ids.add(id);
    const names = columns.get(id) ?? new Set<string>();
    columns.set(id, name === null ? names : names.add(name));
  };
  for (const edge of found?.edges ?? []) {
    const key = `${edge.from.uniqueId}\n${edge.to.uniqueId}`;
    const known = kinds.get(key);
    if (known === undefined || WEIGHTS.indexOf(known) < WEIGHTS.indexOf(edge.how)) kinds.set(key, edge.how);
    note(edge.from);
    note(edge.to);
  }
  const drawn = new Map<LineageEdge, How>();
  for (const edge of view.edges) {
    const how = kinds.get(`${edge.from}\n${edge.to}`);
    if (how !== undefined) drawn.set(edge, how);
  }
  return { ids, edges: new Set(drawn.keys()), kinds: drawn, columns };
}

/** What is lit: a column's way before all, else what the pointer is on, else the keyboard's card. */
export function litPath(state: State, view: LineageView): Pick<Picture, 'path' | 'dims'> {
  const { column, hovered, lit, active } = state;
  if (column) return { path: columnPath(view, column), dims: 'dim the rest' };
  const id = hovered ?? (lit ? active : null);
  return {
    path: id === null ? undefined : pathThrough(view, id),
    dims: lit && hovered === null ? 'dim the rest' : 'leave the rest',
  };
}

/** A class for each kind; what only decides about rows is one, and fainter. */
export function kindClass(how: How | undefined): string {
  switch (how) {
    case 'passed through':
      return 'passes';
    case 'renamed':
      return 'renames';
    case 'computed':
      return 'computes';
    case 'aggregated':
      return 'aggregates';
    case undefined:
      return '';
    default:
      return 'rows-only';
  }
}

/** The way in words, step by step. */
export function columnPanel(
  { uniqueId, column, found, problem }: FollowedColumn,
  close: () => void,
): TemplateResult {
  const values = found?.edges.filter(({ gives }) => gives === 'value') ?? [];
  const rows = found?.edges.filter(({ gives }) => gives === 'rows') ?? [];
  return html`<aside class="column-path" aria-label=${`Lineage of ${column}`} data-of=${uniqueId}>
    <header>
      <strong>${column}</strong>
      <button class="link" aria-label="Close" @click=${close}>Close</button>
    </header>
    ${problem === undefined ? nothing : html`<p role="alert">${problem}</p>`}
    ${found?.edges.length === 0 ? html`<p class="dim">Made of no column, and no model reads it.</p>` : nothing}
    <ol>
      ${values.map(step)}
    </ol>
    ${rows.length === 0 ? nothing : html`<p class="dim">Only decides about rows:</p>`}
    <ol class="dim">
      ${rows.map(step)}
    </ol>
    ${found?.unknown.map(({ name, reason }) => html`<p class="dim">${name} is not understood: ${reason}.</p>`)}
  </aside>`;
}

function step({ from, to, how, expressions }: ColumnLineageEdge): TemplateResult {
  return html`<li class=${kindClass(how)}>
    <span>${endText(from)} → ${endText(to)}</span> <em>${how}</em>
    ${expressions.map((text) => html`<code title=${text}>${text}</code>`)}
  </li>`;
}

function endText({ name, column }: ColumnLineageEnd): string {
  return column === null ? `rows of ${name}` : `${name}.${column}`;
}
