/** The rows that the page holds: the pages around what is shown, asked for when they are needed and forgotten when they are far. */

import type { Arrangement, PageQuery, PreviewPage } from '../../../server/src/lsp/protocol.ts';

export type Row = PreviewPage['rows'][number];

const PAGE = 250;
/** About four screens each way; the host has the rest. */
const KEPT = 24;
/** More would queue behind each other while somebody drags the scroll bar through all rows. */
const AT_ONCE = 2;

interface Held {
  readonly rows: readonly Row[];
  /** Which order and which number of rows it was asked of; an older page is shown until the newer is there. */
  readonly version: number;
}

export class RowPages {
  readonly #ask: (query: Omit<PageQuery, 'previewId'>) => Promise<PreviewPage>;
  readonly #changed: () => void;
  readonly #pages = new Map<number, Held>();
  readonly #asked = new Set<number>();
  #arrangement: Arrangement;
  /** Counts orders, and what was fetched. */
  #generation = 0;
  #version = 0;
  #matching: number | undefined;
  #wanted: readonly number[] = [];
  #problem: string | undefined;

  constructor(
    arrangement: Arrangement,
    ask: (query: Omit<PageQuery, 'previewId'>) => Promise<PreviewPage>,
    changed: () => void,
  ) {
    this.#arrangement = arrangement;
    this.#ask = ask;
    this.#changed = changed;
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  /** Rows that match; undefined until the host has said so. */
  get matching(): number | undefined {
    return this.#matching;
  }

  /** Why rows could not be read. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Undefined for a row that is not here yet. */
  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** Another order: nothing that is here holds. */
  arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    this.#generation += 1;
    this.#version += 1;
    this.#matching = undefined;
    this.#pages.clear();
    this.#fetch();
  }

  /** More rows came, so many in all: without an order, full pages stay as they are. */
  grown(rows: number): void {
    this.#version += 1;
    if (isPlain(this.#arrangement)) {
      this.#matching = rows;
      for (const [page, held] of this.#pages)
        if (held.rows.length === PAGE) this.#pages.set(page, { ...held, version: this.#version });
    }
    this.#fetch();
  }

  /** Says which rows are shown; what is missing is asked for, what is in the middle of the window first. */
  show(first: number, last: number): void {
    const pages: number[] = [];
    for (let page = Math.floor(first / PAGE); page <= Math.floor(Math.max(first, last) / PAGE); page++)
      pages.push(page);
    const isSame = pages[0] === this.#wanted[0] && pages.at(-1) === this.#wanted.at(-1);
    this.#wanted = pages;
    // What was refused is not asked for with every picture that is drawn.
    if (this.#problem === undefined || !isSame) this.#fetch();
  }

  #fetch(): void {
    // Without a page there is no count of what matches either.
    const wanted = this.#wanted.length === 0 ? [0] : this.#wanted;
    for (const page of wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      if (this.#asked.has(page) || this.#pages.get(page)?.version === this.#version) continue;
      if (this.#matching !== undefined && page > 0 && page * PAGE >= this.#matching) continue;
      void this.#fetchPage(page);
    }
  }

  async #fetchPage(page: number): Promise<void> {
    const version = this.#version;
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const answer = await this.#ask({ ...this.#arrangement, offset: page * PAGE, count: PAGE });
      if (generation === this.#generation) this.#take(page, answer, version);
    } catch (error) {
      // Said where the rows would be; the next page that is needed asks again.
      if (generation === this.#generation)
        this.#problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.#asked.delete(page);
    }
    this.#changed();
    if (this.#problem === undefined) this.#fetch();
  }

  /** An answer may be older than the last rows that came: it is shown until the newer one is here. */
  #take(page: number, answer: PreviewPage, version: number): void {
    this.#problem = undefined;
    if (version === this.#version || this.#matching === undefined) this.#matching = answer.matching;
    if (answer.offset === page * PAGE) this.#pages.set(page, { rows: answer.rows, version });
    this.#forget();
  }

  #forget(): void {
    const middle = ((this.#wanted[0] ?? 0) + (this.#wanted.at(-1) ?? 0)) / 2;
    while (this.#pages.size > KEPT) {
      const farthest = [...this.#pages.keys()].reduce((a, b) =>
        Math.abs(a - middle) > Math.abs(b - middle) ? a : b,
      );
      this.#pages.delete(farthest);
    }
  }
}

function isPlain({ sort, filters, find }: Arrangement): boolean {
  return sort.length === 0 && filters.length === 0 && find === '';
}
