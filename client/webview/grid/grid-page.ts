/** The page's life: previews come and grow, rows are asked for, and everything a user does ends in a request or another picture. */

import { render } from 'lit-html';
import type { Arrangement, Filter, PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { Host, Opening } from '../shared/host.ts';
import { openMenu } from '../shared/menu.ts';
import type { ColumnLayout } from './column-layout.ts';
import { boundedWidth, fittingWidth, layOut } from './column-layout.ts';
import { copyCells, copyGroups, exportGroups } from './copying.ts';
import { openFilterForm } from './filter-form.ts';
import { frame } from './frame.ts';
import { NOTHING_ARRANGED, carryOver, recall } from './grid-memory.ts';
import type { GridMemory } from './grid-memory.ts';
import type { GridActions, GridModel, ShownResult } from './grid-model.ts';
import { LatestOnly } from './latest-only.ts';
import { measureFonts } from './measured-fonts.ts';
import { cellGroups } from './cell-menu.ts';
import { PreviewFeed } from './preview-feed.ts';
import { RowPages } from './row-pages.ts';
import type { Selection } from './selection.ts';
import { clampSelection, rangeOf, selectCell } from './selection.ts';
import { Table } from './table.ts';
import { CellReader } from './viewed-cell.ts';
import { cycleSort, phaseText, timeOfDay } from './wording.ts';

/** So many of the first rows decide how wide a column is. */
const SAMPLE = 60;

export class GridPage implements GridActions {
  readonly #root: HTMLElement;
  #host: Host | undefined;
  #folder = '';
  #memory: GridMemory;
  #result: ShownResult | undefined;
  #away: string | undefined;
  #announcement = '';
  #table: Table | undefined;
  #drawing = 0;
  readonly #summaries = new LatestOnly();
  readonly #ask: Host['request'] = (method, params) =>
    this.#host ? this.#host.request(method, params) : Promise.reject(new Error('The editor is not there.'));
  readonly #viewed = new CellReader(this.#ask, () => {
    this.#draw();
  });
  readonly #feed = new PreviewFeed(
    this.#ask,
    (state, before) => {
      this.#take(state, before);
    },
    () => {
      this.#draw();
    },
  );
  #findTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, state: unknown) {
    this.#root = root;
    this.#memory = recall(state);
    addEventListener('keydown', (event) => {
      const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey);
      const isSlash = event.key === '/' && !(event.target instanceof HTMLInputElement);
      if (!isFind && !isSlash) return;
      event.preventDefault();
      const find = this.#root.querySelector<HTMLInputElement>('.find input');
      find?.focus();
      find?.select();
    });
    // The Edit menu's Copy comes without a key.
    addEventListener('copy', (event) => {
      if (document.activeElement !== this.#table?.element) return;
      event.preventDefault();
      this.copy();
    });
  }

  start(host: Host, opening: Opening): void {
    this.#host = host;
    this.#folder = opening.argument.folder;
    host.onNotification('grainline/project', ({ folder, warehouse }) => {
      if (folder !== this.#folder) return;
      this.#away = warehouse.kind === 'away' ? (warehouse.message ?? 'The warehouse is away.') : undefined;
      this.#draw();
    });
    this.#feed.start(host, opening);
    this.#draw();
  }

  // Previews ------------------------------------------------------------------------------------------------------

  #take(state: PreviewState, before: PreviewState | undefined): void {
    const result = this.#result;
    // Neither shown nor waited for any more. What is shown is closed by what takes its place.
    if (before && before.previewId !== state.previewId && before.previewId !== result?.state.previewId)
      this.#close(before.previewId);
    if (result?.state.previewId === state.previewId) {
      const hasGrown = state.rows !== result.state.rows;
      result.state = state;
      if (hasGrown) {
        result.layout = layOut(result.layout.widths, state.rows, measureFonts());
        result.pages.grown(state.rows);
      }
    } else if (state.columns.length > 0 && (state.rows > 0 || state.phase === 'done')) {
      this.#adopt(state);
    }
    if (state.phase !== 'fetching' && this.#result?.state.previewId === state.previewId)
      this.#result.at = timeOfDay();
    if (before?.previewId !== state.previewId || before.phase !== state.phase)
      this.#announce(phaseText(state));
    this.#draw();
  }

  /** The new preview has rows: they take the place of what was shown. */
  #adopt(state: PreviewState): void {
    const before = this.#result;
    if (before) this.#close(before.state.previewId);
    const isSame = this.#memory.title === state.title;
    const arrangement = isSame
      ? carryOver(this.#memory.arrangement, this.#memory.columns, state.columns)
      : NOTHING_ARRANGED;
    const names = state.columns.map(({ name }) => name);
    const widths = isSame ? this.#memory.widths : {};
    this.#memory = { ...this.#memory, title: state.title, columns: names, arrangement, widths };
    const pages = new RowPages(
      arrangement,
      (query) => this.#ask('grainline/previewPage', { ...query, previewId: state.previewId }),
      () => {
        this.#rowsCame(pages);
      },
    );
    const namesBefore = before?.state.columns.map(({ name }) => name);
    const selection = namesBefore?.join('\0') === names.join('\0') ? before?.selection : undefined;
    this.#result = {
      state,
      pages,
      layout: this.#layOut(state, []),
      isFitted: false,
      selection: selection ?? selectCell({ row: 0, column: 0 }),
      summary: undefined,
      at: '',
    };
    if (!selection) this.#table?.scrollToTop();
    this.#remember();
  }

  #rowsCame(pages: RowPages): void {
    const result = this.#result;
    if (result?.pages !== pages) return;
    if (!result.isFitted && pages.at(0)) {
      result.isFitted = true;
      const sample = Array.from({ length: SAMPLE }, (_, row) => pages.at(row)?.cells ?? []);
      result.layout = this.#layOut(
        result.state,
        sample.filter((cells) => cells.length > 0),
      );
    }
    if (pages.matching !== undefined)
      result.selection = clampSelection(result.selection, {
        rows: pages.matching,
        columns: result.state.columns.length,
        window: 1,
      });
    if (result.summary === undefined) this.#summarise();
    this.#view();
    this.#draw();
  }

  #layOut(state: PreviewState, sample: readonly (readonly (string | null)[])[]): ColumnLayout {
    const widths = state.columns.map(
      (column, index) =>
        this.#memory.widths[column.name] ??
        fittingWidth(
          column,
          sample.map((cells) => cells[index] ?? null),
          measureFonts(),
          'at first',
        ),
    );
    return layOut(widths, state.rows, measureFonts());
  }

  #close(previewId: string): void {
    if (previewId === '') return;
    // The host may have closed it already; then there is nothing left to do.
    void this.#ask('grainline/closePreview', { previewId }).catch(() => undefined);
  }

  // Wishes --------------------------------------------------------------------------------------------------------

  rerun(): void {
    void this.#feed.reopen();
  }

  fetchMore(limit: number): void {
    void this.#feed.reopen(limit);
  }

  stop(): void {
    this.#feed.stop();
  }

  #arrange(change: Partial<Arrangement>): void {
    const result = this.#result;
    if (!result) return;
    const arrangement = { ...this.#memory.arrangement, ...change };
    this.#memory = { ...this.#memory, arrangement };
    result.pages.arrange(arrangement);
    result.summary = undefined;
    this.#table?.scrollToTop();
    if (!('sort' in change))
      result.selection = selectCell({ row: 0, column: result.selection.cursor.column });
    this.#summarise();
    this.#remember();
    this.#draw();
  }

  find(text: string): void {
    this.#memory = { ...this.#memory, arrangement: { ...this.#memory.arrangement, find: text } };
    clearTimeout(this.#findTimer);
    // Not for every letter of a word.
    this.#findTimer = setTimeout(() => {
      this.#arrange({ find: text });
    }, 120);
    this.#draw();
  }

  #sort(column: number, how: 'alone' | 'add'): void {
    const sort = cycleSort(this.#memory.arrangement.sort, column, how);
    this.#arrange({ sort });
    const names = sort.map(
      (one) => `${this.#result?.state.columns[one.column]?.name ?? ''} ${one.direction}`,
    );
    this.#announce(names.length === 0 ? 'Not sorted' : `Sorted by ${names.join(', ')}`);
  }

  toggleFilterRow(): void {
    const filterRow = this.#memory.filterRow === 'open' ? 'closed' : 'open';
    this.#set({ filterRow });
  }

  editFilter(anchor: Element, index?: number): void {
    const filters = this.#memory.arrangement.filters;
    const known = index === undefined ? undefined : filters[index];
    const column = this.#result?.selection.cursor.column ?? 0;
    this.#filterForm(anchor, known ?? this.#usualFilter(column), (filter) => {
      this.#filter(known ? filters.map((one) => (one === known ? filter : one)) : [...filters, filter]);
    });
  }

  #usualFilter(column: number): Filter {
    const operator = this.#result?.state.columns[column]?.isNumeric ? '>=' : 'contains';
    return { column, operator, value: '' };
  }

  #filterForm(anchor: Element, given: Filter, apply: (filter: Filter) => void): void {
    if (this.#result) openFilterForm(anchor, this.#result.state.columns, given, apply);
  }

  #filter(filters: readonly Filter[]): void {
    this.#memory = { ...this.#memory, filterRow: 'open' };
    this.#arrange({ filters });
  }

  removeFilter(index: number): void {
    this.#arrange({ filters: this.#memory.arrangement.filters.filter((_, place) => place !== index) });
    this.focusGrid();
  }

  clearFilters(): void {
    this.#arrange({ filters: [] });
    this.focusGrid();
  }

  copy(): void {
    if (this.#host && this.#result) copyCells(this.#host, this.#result, 'tsv', this.#announce);
  }

  copyMenu(anchor: Element): void {
    if (this.#host && this.#result)
      openMenu(anchor, copyGroups(this.#host, this.#result, this.#announce), 'Copy as');
  }

  exportMenu(anchor: Element): void {
    if (this.#host && this.#result)
      openMenu(anchor, exportGroups(this.#host, this.#result, this.#announce), 'Save all rows as');
  }

  open: GridActions['open'] = (location) => this.#host?.open(location);

  showSql(): void {
    const { title = 'query', sql = '' } = this.#feed.state ?? {};
    this.#host?.showText(`${title} (compiled)`, 'sql', sql);
  }

  preview(): void {
    this.#host?.command('grainline.preview', undefined);
  }

  focusGrid(): void {
    this.#table?.element.focus();
  }

  // The viewer ----------------------------------------------------------------------------------------------------

  toggleViewer(): void {
    const viewer = this.#memory.viewer === 'open' ? 'closed' : 'open';
    this.#set({ viewer });
    if (viewer === 'open') this.#view();
    else this.focusGrid();
  }

  setViewerWidth(viewerWidth: number): void {
    this.#set({ viewerWidth });
  }

  toggleWrap(): void {
    this.#set({ wrap: this.#memory.wrap === 'wrap' ? 'no wrap' : 'wrap' });
  }

  copyViewed(): void {
    const text = this.#viewed.cell?.text;
    if (typeof text !== 'string') return;
    this.#host?.copy(text);
    this.#announce('Copied the cell');
  }

  openViewed(): void {
    const text = this.#viewed.cell?.text;
    const column = this.#result?.state.columns[this.#viewed.cell?.column ?? -1];
    if (typeof text !== 'string' || !column) return;
    const language = column.type === 'json' || column.type === 'jsonb' ? 'json' : 'plaintext';
    this.#host?.showText(`${this.#feed.state?.title ?? ''} ${column.name}`, language, text);
  }

  #view(): void {
    if (this.#result && this.#memory.viewer === 'open') this.#viewed.read(this.#result);
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  #select(selection: Selection): void {
    if (!this.#result) return;
    this.#result.selection = selection;
    this.#summarise();
    this.#view();
    this.#draw();
  }

  #summarise(): void {
    const result = this.#result;
    const cells = result && rangeOf(result.selection);
    if (!result || !cells) return;
    this.#summaries.ask(
      result,
      () =>
        this.#ask('grainline/previewSummary', {
          ...result.pages.arrangement,
          previewId: result.state.previewId,
          cells,
        }),
      (summary) => {
        result.summary = summary;
        this.#draw();
      },
    );
  }

  #set(change: Partial<GridMemory>): void {
    this.#memory = { ...this.#memory, ...change };
    this.#remember();
    this.#draw();
  }

  #remember(): void {
    this.#host?.remember(this.#memory);
  }

  #announce = (text: string): void => {
    this.#announcement = text;
    this.#draw();
  };

  #draw(): void {
    if (this.#drawing !== 0) return;
    this.#drawing = requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const model = this.#model();
    render(frame(model, this, this.#announcement), this.#root);
    this.#table ??= this.#newTable();
    const result = this.#result;
    if (!result) return;
    this.#table.show({
      columns: result.state.columns,
      layout: result.layout,
      rows: result.pages.matching ?? 0,
      fetched: result.state.rows,
      sort: this.#memory.arrangement.sort,
      selection: result.selection,
      find: result.pages.arrangement.find,
      rowAt: (index) => result.pages.at(index),
    });
  }

  #newTable(): Table {
    const element = this.#root.querySelector<HTMLElement>('.scroller') ?? this.#root;
    const table: Table = new Table(element, {
      show: (first, last) => this.#result?.pages.show(first, last),
      select: (selection) => {
        this.#select(selection);
      },
      sort: (column, how) => {
        this.#sort(column, how);
      },
      resize: (column, width) => {
        this.#resize(column, boundedWidth(width));
      },
      fit: (column) => {
        this.#fit(column, table);
      },
      filter: (column) => {
        const anchor = element.querySelector(`.heading.c${column}`) ?? element;
        this.#filterForm(anchor, this.#usualFilter(column), (filter) => {
          this.#filter([...this.#memory.arrangement.filters, filter]);
        });
      },
      menu: (at) => {
        this.#cellMenu(at);
      },
      copy: () => {
        this.copy();
      },
      view: () => {
        if (this.#memory.viewer === 'closed') this.toggleViewer();
        else this.#root.querySelector<HTMLElement>('.viewer .text')?.focus();
      },
      leave: () => {
        if (this.#memory.viewer === 'open') this.toggleViewer();
      },
    });
    return table;
  }

  #cellMenu(at: { readonly x: number; readonly y: number }): void {
    const result = this.#result;
    if (!result || !this.#host) return;
    const groups = cellGroups(this.#host, result, this.#announce, {
      filter: (filter) => {
        this.#filter([...this.#memory.arrangement.filters, filter]);
      },
      view: () => {
        if (this.#memory.viewer === 'closed') this.toggleViewer();
      },
    });
    openMenu(at, groups, 'Cell');
  }

  #resize(column: number, width: number): void {
    const result = this.#result;
    const name = result?.state.columns[column]?.name;
    if (!result || name === undefined) return;
    const widths = result.layout.widths.map((known, index) => (index === column ? width : known));
    result.layout = layOut(widths, result.state.rows, measureFonts());
    this.#set({ widths: { ...this.#memory.widths, [name]: width } });
  }

  #fit(column: number, table: Table): void {
    const result = this.#result;
    const shape = result?.state.columns[column];
    if (!result || !shape) return;
    const cells: (string | null)[] = [];
    const first = table.placeAt(0, table.element.getBoundingClientRect().top + 60)?.row ?? 0;
    for (let row = Math.max(0, first); row < first + SAMPLE; row++) {
      const held = result.pages.at(row);
      if (held) cells.push(held.cells[column] ?? null);
    }
    this.#resize(column, fittingWidth(shape, cells, measureFonts(), 'on request'));
  }

  #model(): GridModel {
    const preview = this.#feed.state;
    return {
      preview,
      result: this.#result,
      isStale: this.#result !== undefined && this.#result.state.previewId !== preview?.previewId,
      arrangement: this.#memory.arrangement,
      elapsed: this.#feed.elapsed,
      canRerun: this.#feed.canReopen,
      filterRow: this.#memory.filterRow,
      viewer: this.#memory.viewer,
      viewerWidth: this.#memory.viewerWidth,
      wrap: this.#memory.wrap,
      viewed: this.#viewed.cell,
      away: this.#away,
    };
  }
}
