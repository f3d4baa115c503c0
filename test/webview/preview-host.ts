/** A host for the grid's tests: previews of made rows, answered by the server's own store. */

import type { PreviewOrder, PreviewState, Requests } from '../../server/src/lsp/protocol.ts';
import { isNumericType } from '../../server/src/preview/comparison.ts';
import { PreviewRows } from '../../server/src/preview/preview-rows.ts';
import type { Cell } from '../../server/src/warehouse/port.ts';

export const FOLDER = 'file:///shop';

export interface MadePreview {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey?: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the state says besides. */
  readonly state?: Partial<PreviewState>;
}

/** Keeps previews by id and answers what a page asks of them. */
export class PreviewHost {
  readonly asked: { method: string; params: unknown }[] = [];
  readonly #previews = new Map<string, { rows: PreviewRows; state: PreviewState }>();
  /** What `openPreview` gives. */
  reopened: (order: PreviewOrder) => PreviewState = () => {
    throw new Error('The warehouse is away.');
  };

  add(previewId: string, made: MadePreview): PreviewState {
    const rows = new PreviewRows(made.columns);
    rows.append(made.rows);
    const state: PreviewState = {
      previewId,
      folder: FOLDER,
      title: made.title,
      phase: 'done',
      columns: made.columns.map((column, index) => ({
        name: column.name,
        type: column.type,
        isNumeric: isNumericType(column.type),
        isKey: column.isKey ?? false,
        nulls: rows.nulls(index),
      })),
      rows: rows.count,
      hasMore: false,
      limit: 100_000,
      elapsed: 1240,
      connection: 'analytics@localhost/warehouse',
      sql: 'select * from analytics.fct_orders',
      problem: null,
      ...made.state,
    };
    this.#previews.set(previewId, { rows, state });
    return state;
  }

  isOpen(previewId: string): boolean {
    return this.#previews.has(previewId);
  }

  answer = async (method: string, params: unknown): Promise<unknown> => {
    this.asked.push({ method, params });
    switch (method as keyof Requests) {
      case 'grainline/openPreview':
        return this.reopened(params as PreviewOrder);
      case 'grainline/previewPage': {
        const query = params as Requests['grainline/previewPage']['params'];
        return this.#rows(query.previewId).page(query);
      }
      case 'grainline/previewSummary': {
        const query = params as Requests['grainline/previewSummary']['params'];
        return this.#rows(query.previewId).summary(query);
      }
      case 'grainline/previewExport': {
        const query = params as Requests['grainline/previewExport']['params'];
        return { text: this.#rows(query.previewId).export(query) };
      }
      case 'grainline/closePreview':
        this.#previews.delete((params as { previewId: string }).previewId);
        return null;
      default:
        throw new Error(`Nobody answers ${method} here.`);
    }
  };

  #rows(previewId: string): PreviewRows {
    const preview = this.#previews.get(previewId);
    if (!preview) throw new Error('These rows are closed.');
    return preview.rows;
  }
}

const FIRST = ['Sofia', 'Ines', 'Freya', 'Kofi', 'Ada', 'Luca', 'Priya', 'Tomas', 'Omar', 'Noor'];
const LAST = ['Byrne', 'Silva', 'Novak', 'Moreau', 'Haddad', 'Tanaka', 'Larsen', 'Weber', 'Costa', 'Mbeki'];
const STATUS = ['delivered', 'shipped', 'placed', 'returned'];
const CHANNEL = ['web', 'android', 'ios', 'store'];

/** Orders like those of a shop: the same for the same size. */
export function madeOrders(size: number, columns = 30): MadePreview {
  let state = 11;
  const chance = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
  const pick = (words: readonly string[]): string => words[chance(words.length)] ?? '';
  const money = (most: number): string => (chance(most * 100) / 100).toFixed(2);
  const moment = (): string =>
    `2025-${two(1 + chance(12))}-${two(1 + chance(28))} ${two(chance(24))}:${two(chance(60))}:${two(chance(60))}+00`;
  const kinds: readonly { name: string; type: string; isKey?: boolean; make(row: number): Cell }[] = [
    { name: 'order_id', type: 'bigint', isKey: true, make: (row) => String(104_200 + row) },
    { name: 'customer_name', type: 'text', make: () => `${pick(FIRST)} ${pick(LAST)}` },
    { name: 'status', type: 'text', make: () => pick(STATUS) },
    { name: 'net_amount', type: 'numeric(12,2)', make: () => money(1100) },
    { name: 'tax_amount', type: 'numeric(12,2)', make: () => (chance(12) === 0 ? null : money(220)) },
    { name: 'discount_pct', type: 'numeric(5,2)', make: () => (chance(3) === 0 ? null : money(25)) },
    { name: 'ordered_at', type: 'timestamp with time zone', make: moment },
    { name: 'shipped_at', type: 'timestamp with time zone', make: () => (chance(4) === 0 ? null : moment()) },
    { name: 'channel', type: 'text', make: () => pick(CHANNEL) },
    {
      name: 'payload',
      type: 'jsonb',
      make: (row) =>
        `{"cart": {"items": ${1 + chance(5)}, "sku": ["A-${chance(9000)}", "B-${chance(9000)}"]}, "utm": {"source": "newsletter", "campaign": "spring_${row % 9}"}, "gift": ${chance(2) === 0 ? 'true' : 'false'}}`,
    },
    { name: 'is_first', type: 'boolean', make: () => (chance(2) === 0 ? 't' : 'f') },
    {
      name: 'note',
      type: 'text',
      make: (row) =>
        row % 7 === 0
          ? ''
          : row % 5 === 0
            ? `Line one\nline two of ${row}, ${'and on '.repeat(60)}`
            : 'as usual',
    },
  ];
  const used = Array.from({ length: columns }, (_, index) => {
    const kind = kinds[index % kinds.length] as (typeof kinds)[number];
    const round = Math.floor(index / kinds.length);
    return round === 0 ? kind : { ...kind, name: `${kind.name}_${round + 1}`, isKey: false };
  });
  return {
    title: 'fct_orders',
    columns: used.map(({ name, type, isKey = false }) => ({ name, type, isKey })),
    rows: Array.from({ length: size }, (_, row) => used.map((kind) => kind.make(row))),
  };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
