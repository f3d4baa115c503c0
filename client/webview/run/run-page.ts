/** The life of the run page: runs that come in and go on, the user's place in them, what he does. */

import { render, type TemplateResult } from 'lit-html';
import type { Location, RunNews, RunNode, RunView } from '../../../server/src/lsp/protocol.ts';
import type { Host, Opening } from '../shared/host.ts';
import { statusName } from '../shared/node-icons.ts';
import { plain } from './log.ts';
import { hasDetail } from './node-detail.ts';
import { ROW } from './node-list.ts';
import { pageView, type PageActions } from './page-view.ts';
import { rowTop } from './row-window.ts';
import { clock, isActive, isFailed, outcome } from './run-words.ts';
import { openingState, shownRun, withNews, type State } from './state.ts';

/** What a detail is taken to need before it was drawn. */
const GUESSED_DETAIL = 92;
const TICK = 250;
/** A detail says how much was skipped below, if that can be found within this many hops. */
const FAR = 20;

export class RunPage implements PageActions {
  readonly #host: Host;
  readonly #state: State;
  readonly #root = document.getElementById('root') ?? document.body;
  readonly #observer: ResizeObserver;
  readonly #heights = new Map<string, number>();
  #frame = 0;
  #watched: Element | null = null;
  #ticking: ReturnType<typeof setInterval> | undefined;
  /** What a screen reader is told. */
  #said = '';

  constructor(host: Host, opening: Opening) {
    this.#host = host;
    this.#state = openingState(opening.argument.folder, opening.argument.runId);
    this.#observer = new ResizeObserver(() => {
      this.#draw();
    });
    host.onNotification('grainline/run', (news) => {
      if (news.folder === this.#state.folder) this.#take(news);
    });
    host.onNotification('grainline/project', ({ folder, warehouse }) => {
      if (folder !== this.#state.folder) return;
      this.#state.address = warehouse.address;
      this.#draw();
    });
    // The keyboard may be anywhere in the page, or nowhere yet.
    document.addEventListener('keydown', this.#keydown);
    this.#ticking = setInterval(() => {
      const run = shownRun(this.#state);
      if (run && isActive(run)) this.#draw();
    }, TICK);
    this.#draw();
    void this.#load();
    void this.#findAddress();
  }

  close(): void {
    document.removeEventListener('keydown', this.#keydown);
    clearInterval(this.#ticking);
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
  }

  async #load(): Promise<void> {
    const state = this.#state;
    try {
      const runs = await this.#host.request('grainline/runs', { folder: state.folder });
      // A run that began meanwhile is in the answer too.
      state.runs = runs;
      state.problem = null;
      this.#openFirstFailure(shownRun(state));
    } catch (error) {
      state.problem = error instanceof Error ? error.message : String(error);
    }
    this.#draw();
  }

  async #findAddress(): Promise<void> {
    const projects = await this.#host.request('grainline/projects', null).catch(() => []);
    this.#state.address =
      projects.find(({ folder }) => folder === this.#state.folder)?.warehouse.address ?? null;
    this.#draw();
  }

  #take(news: RunNews): void {
    const state = this.#state;
    const before = shownRun(state);
    state.runs = withNews(state.runs ?? [], news);
    if (news.begun) {
      // The newest is looked at, unless somebody reads an older one.
      if (!before || before === state.runs[1] || isActive(before)) this.choose(news.runId);
      this.#said = `Started ${news.begun.title}`;
    }
    const run = shownRun(state);
    if (run?.runId === news.runId) {
      const failed = (news.nodes ?? []).filter(isFailed);
      if (failed.length > 0)
        this.#said = failed.map((node) => `${node.name} ${statusName(node.status)}`).join(', ');
      if (failed[0] && state.open.size === 0) this.#openDetail(failed[0]);
      if (news.state && news.state !== 'cancelling' && news.state !== 'running') {
        state.asking = false;
        this.#said = `Run ${run.state}: ${outcome(run)}`;
      }
    }
    this.#draw();
  }

  get folder(): string {
    return this.#state.folder;
  }

  // What the user does ----------------------------------------------------------------------------------------------

  choose(runId: string): void {
    const state = this.#state;
    if (state.shown === runId) return;
    Object.assign(state, { shown: runId, active: null, asking: false, log: { ...state.log, follows: true } });
    state.open.clear();
    this.#heights.clear();
    this.#list?.scrollTo(0, 0);
    this.#openFirstFailure(shownRun(state));
    this.#draw();
  }

  #openFirstFailure(run: RunView | undefined): void {
    const failed = run?.nodes.find(isFailed);
    if (failed && this.#state.open.size === 0) this.#openDetail(failed);
  }

  #openDetail(node: RunNode): void {
    this.#state.open.add(node.uniqueId);
    void this.#countSkipped(node);
  }

  toggle(node: RunNode): void {
    this.#state.active = node.uniqueId;
    if (!this.#state.open.delete(node.uniqueId) && hasDetail(node)) this.#openDetail(node);
    this.#draw();
  }

  /** Which of the skipped stand below a failure is what the lineage knows. */
  async #countSkipped(node: RunNode): Promise<void> {
    const run = shownRun(this.#state);
    if (!run || !isFailed(node)) return;
    const { folder } = this.#state;
    const view = await this.#host
      .request('grainline/lineage', { folder, uniqueId: node.uniqueId, up: 0, down: FAR, open: [] })
      .catch(() => undefined);
    const below = new Set(view?.nodes.map(({ uniqueId }) => uniqueId));
    const skipped = shownRun(this.#state)?.nodes.filter(
      ({ uniqueId, status, type }) => status === 'skipped' && type !== 'test' && below.has(uniqueId),
    );
    this.#state.skippedBelow.set(`${run.runId} ${node.uniqueId}`, skipped?.length ?? 0);
    this.#draw();
  }

  askToCancel(): void {
    this.#state.asking = true;
    this.#draw();
    requestAnimationFrame(() => this.#root.querySelector<HTMLElement>('#really')?.focus());
  }

  cancel(): void {
    const run = shownRun(this.#state);
    this.#state.asking = false;
    if (run) void this.#ask(this.#host.request('grainline/cancelRun', { runId: run.runId }));
    this.#draw();
  }

  goOn(): void {
    this.#state.asking = false;
    this.#list?.focus();
    this.#draw();
  }

  rerun(): void {
    const order = shownRun(this.#state)?.order;
    if (!order) return;
    void this.#ask(
      'command' in order
        ? this.#host.request('grainline/startRun', order)
        : this.#host.request('grainline/startTask', order),
    );
  }

  rerunFailed(): void {
    this.#host.command('grainline.rerunFailed', { folder: this.#state.folder });
  }

  /** A refusal is said where the runs stand. */
  async #ask(request: Promise<unknown>): Promise<void> {
    try {
      await request;
      this.#state.problem = null;
    } catch (error) {
      this.#state.problem = error instanceof Error ? error.message : String(error);
    }
    this.#draw();
  }

  scrolledNodes(): void {
    this.#draw();
  }

  command(name: 'build' | 'buildAll'): void {
    const { folder } = this.#state;
    this.#host.command(`grainline.${name}`, name === 'buildAll' ? { folder } : undefined);
  }

  copyCommand({ title }: RunView): void {
    this.#host.copy(title);
  }

  open(location: Location): void {
    this.#host.open(location);
  }

  showSql(node: RunNode): void {
    if (node.compiledSql !== null) this.#host.showText(`${node.name}.sql`, 'sql', node.compiledSql);
  }

  showRows({ uniqueId }: RunNode): void {
    this.#host.command('grainline.showFailures', { folder: this.#state.folder, uniqueId });
  }

  showLineage({ uniqueId }: RunNode): void {
    this.#host.command('grainline.showLineage', { folder: this.#state.folder, uniqueId });
  }

  scrolled(element: HTMLElement): void {
    const follows = element.scrollHeight - element.scrollTop - element.clientHeight < 4;
    if (follows === this.#state.log.follows) return;
    this.#state.log = { ...this.#state.log, follows };
    this.#draw();
  }

  toEnd(): void {
    this.#state.log = { ...this.#state.log, follows: true };
    this.#draw();
  }

  toggleWrap(): void {
    this.#state.log = { ...this.#state.log, wraps: !this.#state.log.wraps };
    this.#draw();
  }

  toggleLog(): void {
    this.#state.log = { ...this.#state.log, isOpen: !this.#state.log.isOpen };
    this.#draw();
  }

  copyLog(): void {
    const run = shownRun(this.#state);
    if (run) this.#host.copy(run.log.map(({ at, text }) => `${clock(at)}  ${plain(text)}`).join('\n'));
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onControl = event.target instanceof HTMLElement && event.target.closest('button, select') !== null;
    if (onControl && (event.key === 'Enter' || event.key === ' ')) return;
    if (this.#act(event)) event.preventDefault();
  };

  #act(event: KeyboardEvent): boolean {
    const state = this.#state;
    const run = shownRun(state);
    if (!run) return false;
    if (event.key === 'F8') return this.#nextFailure(run, event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') {
      if (state.asking) this.goOn();
      else if (run.state === 'running') this.askToCancel();
      else return false;
      return true;
    }
    if (!(event.target instanceof HTMLElement) || event.target.closest('.nodes') === null) return false;
    const at = run.nodes.findIndex(({ uniqueId }) => uniqueId === state.active);
    const node = run.nodes[at];
    const page = Math.max(1, Math.floor((this.#list?.clientHeight ?? 0) / ROW) - 1);
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page },
      ...{ Home: 0, End: run.nodes.length - 1 },
    };
    const step = steps[event.key];
    if (step !== undefined) {
      this.#go(run, Math.max(0, Math.min(run.nodes.length - 1, step)));
      return true;
    }
    if (!node) return false;
    switch (event.key) {
      case 'Enter':
        if (node.error?.location ?? node.location)
          this.open((node.error?.location ?? node.location) as Location);
        return true;
      case ' ':
        this.toggle(node);
        return true;
      case 'ArrowRight':
        if (!state.open.has(node.uniqueId)) this.toggle(node);
        return true;
      case 'ArrowLeft':
        if (state.open.has(node.uniqueId)) this.toggle(node);
        return true;
      default:
        return false;
    }
  }

  #nextFailure(run: RunView, by: 1 | -1): boolean {
    const failed = run.nodes.flatMap((node, index) => (isFailed(node) ? [index] : []));
    if (failed.length === 0) return true;
    const at = run.nodes.findIndex(({ uniqueId }) => uniqueId === this.#state.active);
    const next = by === 1 ? failed.find((index) => index > at) : failed.findLast((index) => index < at);
    const index = next ?? failed.at(by === 1 ? 0 : -1) ?? 0;
    const node = run.nodes[index];
    if (node) this.#openDetail(node);
    this.#list?.focus();
    this.#go(run, index);
    return true;
  }

  #go(run: RunView, index: number): void {
    this.#state.active = run.nodes[index]?.uniqueId ?? null;
    const list = this.#list;
    if (list) {
      const extra = this.#extra(run);
      const top = rowTop(index, ROW, extra);
      const bottom = top + ROW + (extra.get(index) ?? 0);
      if (top < list.scrollTop) list.scrollTop = top;
      else if (bottom > list.scrollTop + list.clientHeight)
        list.scrollTop = Math.min(top, bottom - list.clientHeight);
    }
    this.#draw();
  }

  // Drawing ---------------------------------------------------------------------------------------------------------

  get #list(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>('.nodes');
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      render(this.#page(), this.#root);
      this.#watch(this.#list);
      if (this.#measure()) this.#draw();
      const lines = this.#root.querySelector('.lines');
      if (lines && this.#state.log.follows) lines.scrollTop = lines.scrollHeight;
    });
  }

  /** The details that are drawn tell how high they are. */
  #measure(): boolean {
    let changed = false;
    for (const detail of this.#root.querySelectorAll<HTMLElement>('.detail-row')) {
      const id = detail.dataset.id ?? '';
      const height = detail.offsetHeight;
      if (this.#heights.get(id) === height) continue;
      this.#heights.set(id, height);
      changed = true;
    }
    return changed;
  }

  #extra(run: RunView): ReadonlyMap<number, number> {
    const { open } = this.#state;
    const extra = new Map<number, number>();
    if (open.size === 0) return extra;
    run.nodes.forEach(({ uniqueId }, index) => {
      if (open.has(uniqueId)) extra.set(index, this.#heights.get(uniqueId) ?? GUESSED_DETAIL);
    });
    return extra;
  }

  #page(): TemplateResult {
    const state = this.#state;
    const run = shownRun(state);
    const extra = run ? this.#extra(run) : new Map<number, number>();
    const list = this.#list;
    const scrolled = { top: list?.scrollTop ?? 0, height: list?.clientHeight ?? 600 };
    return pageView(state, run, { extra, scrolled, now: Date.now(), said: this.#said }, this);
  }

  #watch(list: Element | null): void {
    if (list === this.#watched) return;
    this.#observer.disconnect();
    this.#watched = list;
    if (list) this.#observer.observe(list);
  }
}
