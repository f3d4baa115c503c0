/** The life of the lineage page: what it asks, what comes in, what the user does; each change draws it anew. */

import { render } from 'lit-html';
import type { LineageNode, LineageView, RunNews } from '../../../server/src/lsp/protocol.ts';
import type { Host, Opening } from '../shared/host.ts';
import { statusName } from '../shared/node-icons.ts';
import { followColumn, litPath } from './column-path.ts';
import { fitting, revealing, within, zoomed, type Camera } from './camera.ts';
import { elementId, type Picture } from './drawing.ts';
import { exportedDrawing } from './export-svg.ts';
import { matches } from './find.ts';
import { nodeAt } from './group-card.ts';
import { keyAction, type KeyAction } from './keys.ts';
import type { MenuChoice } from './menu.ts';
import { pageView, type PageActions } from './page-view.ts';
import { firstPlace, heldStill, spotsById, type Spots } from './placing.ts';
import { Pointer } from './pointer.ts';
import {
  cameraKey,
  keepCamera,
  keptState,
  MOST_HOPS,
  openingState,
  queryOf,
  statusNow,
  type State,
} from './state.ts';
import { spotsOf, stepFrom } from './steps.ts';
import { titleOf } from './toolbar.ts';

export class LineagePage implements PageActions {
  readonly #host: Host;
  readonly #state: State;
  readonly #root = document.getElementById('root') ?? document.body;
  readonly #observer: ResizeObserver;
  readonly #pointer: Pointer;
  #asked = 0;
  #frame = 0;
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  #remembering: ReturnType<typeof setTimeout> | undefined;
  /** Where the camera has to go once the size of the stage is known. */
  #placing = true;
  #stage: Element | null = null;
  #beforeWhole = '';

  constructor(host: Host, opening: Opening) {
    this.#host = host;
    this.#state = openingState(opening);
    this.#observer = new ResizeObserver(() => {
      this.#measure();
    });
    this.#pointer = new Pointer({
      pan: (dx, dy) => {
        const { x, y, scale } = this.#state.camera;
        this.#move({ scale, x: x + dx, y: y + dy });
      },
      zoom: (factor, at) => {
        this.#move(zoomed(this.#state.camera, factor, at));
      },
      hover: (id, at) => {
        this.#hover(id, at);
      },
      click: (id, part) => {
        this.#click(id, part);
      },
      menu: (id, at) => {
        this.#openMenu(id, at);
      },
    });
    host.onNotification('grainline/projectChanged', ({ folder }) => {
      if (folder === this.#state.folder) this.#refreshSoon();
    });
    host.onNotification('grainline/run', (news) => {
      if (news.folder === this.#state.folder) this.#follow(news);
    });
    host.onFocus((focus) => {
      if (!this.#state.pinned) this.#followTo(focus.folder, focus.uniqueId);
    });
    // The keyboard may be anywhere in the page, or nowhere yet.
    document.addEventListener('keydown', this.#keydown);
    this.#draw();
    void this.#nameProject();
    void this.#load('show');
  }

  close(): void {
    document.removeEventListener('keydown', this.#keydown);
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#refreshing);
    clearTimeout(this.#remembering);
  }

  // What is shown ---------------------------------------------------------------------------------------------------

  #show(folder: string, uniqueId: string | null): void {
    const state = this.#state;
    if (folder === state.folder && uniqueId === state.uniqueId && state.view) return;
    keepCamera(state);
    if (folder !== state.folder) {
      state.folder = folder;
      state.project = '';
      void this.#nameProject();
    }
    Object.assign(state, { uniqueId, expanded: [], group: null, lit: false, hovered: null, menu: null });
    void this.#load('show');
  }

  /** A refresh leaves everything where it is. */
  async #load(reason: 'show' | 'refresh'): Promise<void> {
    const state = this.#state;
    const asked = (this.#asked += 1);
    state.loading = true;
    this.#draw();
    try {
      const view = await this.#host.request('grainline/lineage', queryOf(state));
      if (asked !== this.#asked) return;
      this.#take(view, reason);
      state.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      state.problem = error instanceof Error ? error.message : String(error);
    }
    state.loading = false;
    this.#draw();
  }

  #take(view: LineageView, reason: 'show' | 'refresh'): void {
    const state = this.#state;
    const before = state.view && spotsById(state.view);
    state.view = view;
    const spots = spotsById(view);
    if (state.active !== null && !spots.has(state.active)) state.active = null;
    if (reason === 'show') {
      if (view.focus !== null && spots.has(view.focus)) state.active = view.focus;
      const kept = state.cameras.get(cameraKey(state));
      if (kept) state.camera = kept;
      else this.#placing = view.focus === null || !this.#holdStill(before, spots, view.focus);
    } else if (!this.#holdStill(before, spots, state.active ?? view.focus))
      this.#placing = before?.size === 0;
    this.#place();
  }

  /** Whether a card that was in view could be left where it was. */
  #holdStill(before: Spots | undefined, now: Spots, id: string | null): boolean {
    const held = before && heldStill(this.#state.camera, before, now, id);
    if (held) this.#state.camera = held;
    return held !== undefined;
  }

  #place(): void {
    const { view, stage, active } = this.#state;
    if (!this.#placing || !view || stage.width === 0 || view.nodes.length + view.groups.length === 0) return;
    this.#placing = false;
    this.#state.camera = firstPlace(view, stage, active);
  }

  #measure(): void {
    const stage = this.#root.querySelector('.stage');
    const { width = 0, height = 0 } = stage?.getBoundingClientRect() ?? {};
    this.#state.stage = { width, height };
    this.#place();
    this.#draw();
  }

  async #nameProject(): Promise<void> {
    const projects = await this.#host.request('grainline/projects', null).catch(() => []);
    this.#state.project = projects.find(({ folder }) => folder === this.#state.folder)?.name ?? '';
    this.#draw();
  }

  #refreshSoon(): void {
    clearTimeout(this.#refreshing);
    this.#refreshing = setTimeout(() => void this.#load('refresh'), 250);
  }

  #follow({ begun, nodes, state }: RunNews): void {
    const { live } = this.#state;
    if (begun) live.clear();
    for (const { uniqueId, status } of [...(begun?.nodes ?? []), ...(nodes ?? [])])
      live.set(uniqueId, status);
    if (state === 'done' || state === 'failed' || state === 'cancelled') {
      // What never ran has the result it had before.
      live.clear();
      this.#refreshSoon();
    }
    this.#draw();
  }

  /** Who looks at the whole project goes on to do so: the card is shown in it. */
  #followTo(folder: string, uniqueId: string): void {
    const { uniqueId: middle, folder: shown } = this.#state;
    if (middle !== null || folder !== shown) this.#show(folder, uniqueId);
    else if (this.#node(uniqueId)) this.#go(uniqueId);
  }

  // What the user does ----------------------------------------------------------------------------------------------

  #move(camera: Camera): void {
    const { view, stage } = this.#state;
    this.#state.camera = view ? within(camera, view, stage) : camera;
    this.#remember();
    this.#draw();
  }

  #remember(): void {
    clearTimeout(this.#remembering);
    this.#remembering = setTimeout(() => {
      keepCamera(this.#state);
      this.#host.remember(keptState(this.#state));
    }, 400);
  }

  #node(id: string | null): LineageNode | undefined {
    return this.#state.view?.nodes.find(({ uniqueId }) => uniqueId === id);
  }

  #hover(id: string | null, at: { readonly x: number; readonly y: number }): void {
    const state = this.#state;
    const group = state.view?.groups.find((each) => each.id === id);
    const { x, y, scale } = state.camera;
    const tile = group && nodeAt(group, (at.x - x) / scale - group.x, (at.y - y) / scale - group.y);
    const words = tile ? `${tile.name}${tile.status === null ? '' : ` · ${statusName(tile.status)}`}` : null;
    if (state.hovered === id && state.tile === words) return;
    Object.assign(state, { hovered: id, tile: words });
    this.#draw();
  }

  #click(id: string | null, part: string | null): void {
    const state = this.#state;
    this.#root.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
    Object.assign(state, { menu: null, column: part?.startsWith('column:') === true ? state.column : null });
    if (id === null) {
      state.lit = false;
      this.#draw();
      return;
    }
    state.active = id;
    const node = this.#node(id);
    if (!node) this.backTo(id);
    else if (part === 'up' || part === 'down') this.#expand(id, part);
    else if (part === 'columns') this.#toggleColumns(id);
    else if (part?.startsWith('column:') === true)
      void followColumn(this.#host, state, id, part.slice(7), () => {
        this.#draw();
      });
    else {
      state.lit = true;
      this.openFile(node);
      this.#draw();
    }
  }

  openFile({ location }: LineageNode): void {
    if (location) this.#host.open(location);
  }

  #expand(uniqueId: string, side: 'up' | 'down'): void {
    this.#state.expanded = [...this.#state.expanded, { uniqueId, side }];
    void this.#load('refresh');
  }

  #toggleColumns(id: string): void {
    const { open } = this.#state;
    if (!open.delete(id)) open.add(id);
    void this.#load('refresh');
  }

  #openMenu(id: string, at: { readonly x: number; readonly y: number }): void {
    if (!this.#node(id)) return;
    this.#state.active = id;
    this.#state.menu = { id, ...at };
    this.#draw();
  }

  chooseFromMenu(choice: MenuChoice, node: LineageNode): void {
    const { folder } = this.#state;
    this.closeMenu();
    const argument = { folder, uniqueId: node.uniqueId };
    switch (choice) {
      case 'open':
        this.openFile(node);
        return;
      case 'centre':
        this.#show(folder, node.uniqueId);
        return;
      case 'columns':
        this.#toggleColumns(node.uniqueId);
        return;
      case 'build':
      case 'test':
      case 'preview':
        this.#host.command(`grainline.${choice}`, argument);
        return;
    }
  }

  closeMenu(): void {
    this.#state.menu = null;
    this.#draw();
    this.#root.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
  }

  #go(id: string): void {
    const state = this.#state;
    state.active = id;
    state.lit = true;
    const spot = state.view && spotsOf(state.view).find((each) => each.id === id);
    if (spot) this.#move(revealing(state.camera, spot, state.stage));
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    const action = keyAction(event);
    if (action && this.#act(action)) event.preventDefault();
  };

  /** Whether it meant anything here. */
  #act(action: KeyAction): boolean {
    const state = this.#state;
    const { view, active, stage, camera } = state;
    const isGraph = state.form === 'graph';
    const node = isGraph ? this.#node(active) : undefined;
    const middle = { x: stage.width / 2, y: stage.height / 2 };
    switch (action.kind) {
      case 'go': {
        if (!view || !isGraph) return false;
        const next = stepFrom(view, active ?? view.focus ?? '', action.direction);
        if (next !== undefined) this.#go(next);
        return true;
      }
      case 'open':
        if (!isGraph || active === null) return false;
        if (node) this.openFile(node);
        else this.backTo(active);
        return true;
      case 'columns':
        if (node && node.columns.length > 0) this.#toggleColumns(node.uniqueId);
        return isGraph;
      case 'menu':
        return isGraph && this.#menuAtActive();
      case 'find':
        this.#root.querySelector<HTMLElement>('#find')?.focus();
        return true;
      case 'fit':
        if (view) this.#move(fitting(view, stage));
        return true;
      case 'zoom':
        this.#move(zoomed(camera, action.factor ?? 1 / camera.scale, middle));
        return true;
      case 'hops':
        this.#changeHops(action.by, action.by);
        return true;
      case 'pin':
        this.togglePin();
        return true;
      case 'form':
        this.toggleForm();
        return true;
      case 'back':
        return this.#back();
    }
  }

  /** First what is lit, then out of the group. */
  #back(): boolean {
    const state = this.#state;
    if (state.column) state.column = null;
    else if (state.lit) state.lit = false;
    else if (state.view && state.view.trail.length > 0) this.backTo(state.view.trail.at(-2)?.id ?? null);
    else return false;
    this.#draw();
    return true;
  }

  #menuAtActive(): boolean {
    const { active } = this.#state;
    const box =
      active === null ? undefined : document.getElementById(elementId(active))?.getBoundingClientRect();
    if (active === null || !box) return false;
    this.#openMenu(active, { x: box.left + 34, y: box.top + 24 });
    return true;
  }

  #changeHops(up: number, down: number): void {
    const state = this.#state;
    const within = (hops: number): number => Math.max(0, Math.min(MOST_HOPS, hops));
    Object.assign(state, { up: within(state.up + up), down: within(state.down + down) });
    this.#remember();
    void this.#load('refresh');
  }

  press(action: KeyAction): void {
    this.#act(action);
  }

  tryAgain(): void {
    void this.#load('refresh');
  }

  hops(side: 'up' | 'down', by: 1 | -1): void {
    this.#changeHops(side === 'up' ? by : 0, side === 'down' ? by : 0);
  }

  wholeProject(): void {
    const { folder, uniqueId } = this.#state;
    // Pressed again, it leads back to what was in the middle.
    if (uniqueId === null) this.#show(folder, this.#beforeWhole);
    else {
      this.#beforeWhole = uniqueId;
      this.#show(folder, null);
    }
  }

  backTo(group: string | null): void {
    keepCamera(this.#state);
    Object.assign(this.#state, { group, lit: false, hovered: null, active: null });
    this.#placing = true;
    void this.#load('show');
  }

  togglePin(): void {
    this.#state.pinned = !this.#state.pinned;
    this.#remember();
    this.#draw();
  }

  toggleForm(): void {
    this.#state.form = this.#state.form === 'graph' ? 'list' : 'graph';
    this.#remember();
    this.#draw();
  }

  find(text: string): void {
    this.#state.find = { text, index: 0 };
    this.#draw();
  }

  stepFind(by: 1 | -1): void {
    const { find, view } = this.#state;
    if (!find || !view) return;
    const count = matches(view.all, find.text).length;
    if (count > 0) this.#state.find = { text: find.text, index: (find.index + by + count) % count };
    this.#draw();
  }

  /** A card that is there is shown where it is; another becomes the middle. */
  choose(uniqueId: string): void {
    this.#state.find = null;
    this.#root.querySelector<HTMLElement>('.stage, .list')?.focus();
    if (this.#node(uniqueId)) this.#go(uniqueId);
    else this.#show(this.#state.folder, uniqueId);
    this.#draw();
  }

  closeFind(): void {
    if (!this.#state.find) return;
    this.#state.find = null;
    this.#root.querySelector<HTMLElement>('.stage, .list')?.focus();
    this.#draw();
  }

  exportSvg(): void {
    const { view } = this.#state;
    if (!view) return;
    const picture = { ...this.#picture(view), path: undefined, active: null };
    this.#host.save(`${titleOf(this.#state)} lineage.svg`, exportedDrawing(picture, this.#root));
  }

  // Drawing ---------------------------------------------------------------------------------------------------------

  /** Many changes in one turn are drawn once. */
  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      render(pageView(this.#state, this.#picture, this.#pointer, this), this.#root);
      this.#watch(this.#root.querySelector('.stage'));
    });
  }

  #watch(stage: Element | null): void {
    if (stage === this.#stage) return;
    this.#observer.disconnect();
    this.#stage = stage;
    if (stage) this.#observer.observe(stage);
  }

  readonly #picture = (view: LineageView): Picture => {
    const state = this.#state;
    return {
      view,
      camera: state.camera,
      stage: state.stage,
      ...litPath(state, view),
      active: state.active,
      focus: view.focus,
      open: state.open,
      status: (node) => statusNow(state, node.uniqueId, node.status),
    };
  };
}
