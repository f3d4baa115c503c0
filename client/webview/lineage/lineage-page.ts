/** The life of the lineage page: what it asks, what comes in, what the user does; each change draws it anew. */

import { html, nothing, render, svg, type TemplateResult } from 'lit-html';
import type { LineageNode, LineageView, RunNews } from '../../../server/src/lsp/protocol.ts';
import type { Host, Opening } from '../shared/host.ts';
import { icon } from '../shared/icons.ts';
import { centred, fitting, revealing, zoomed, type Camera } from './camera.ts';
import { drawing, elementId, type Picture } from './drawing.ts';
import { selfContained } from './export-svg.ts';
import { matches } from './find.ts';
import { list } from './list.ts';
import { menu, menuEntries, type MenuChoice } from './menu.ts';
import { pathThrough } from './paths.ts';
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
import { spotsOf, stepFrom, type Direction, type Spot } from './steps.ts';
import { titleOf, toolbar, type ToolbarActions } from './toolbar.ts';

const READING_SCALE = 0.85;
/** Everything at a smaller scale than this is a map, not a text. */
const READABLE_FIT = 0.75;
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export class LineagePage implements ToolbarActions {
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
      hover: (id) => {
        if (this.#state.hovered === id) return;
        this.#state.hovered = id;
        this.#draw();
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
      if (!this.#state.pinned) this.#show(focus.folder, focus.uniqueId);
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
    const before = state.view && new Map(spotsOf(state.view).map((spot) => [spot.id, spot]));
    state.view = view;
    const spots = new Map(spotsOf(view).map((spot) => [spot.id, spot]));
    if (state.active !== null && !spots.has(state.active)) state.active = null;
    if (reason === 'show') {
      if (view.focus !== null && spots.has(view.focus)) state.active = view.focus;
      const kept = state.cameras.get(cameraKey(state));
      if (kept) state.camera = kept;
      else this.#placing = !this.#holdStill(before, spots, view.focus);
    } else if (!this.#holdStill(before, spots, state.active ?? view.focus))
      this.#placing = before?.size === 0;
    this.#place();
  }

  /** A card that was in view stays under the eye that looks at it. */
  #holdStill(
    before: ReadonlyMap<string, Spot> | undefined,
    spots: ReadonlyMap<string, Spot>,
    id: string | null,
  ): boolean {
    const anchor =
      id !== null && before?.has(id) ? id : [...(before?.keys() ?? [])].find((each) => spots.has(each));
    const old = anchor === undefined ? undefined : before?.get(anchor);
    const now = anchor === undefined ? undefined : spots.get(anchor);
    if (!old || !now) return false;
    const { camera } = this.#state;
    this.#state.camera = {
      scale: camera.scale,
      x: camera.x + (old.x - now.x) * camera.scale,
      y: camera.y + (old.y - now.y) * camera.scale,
    };
    return true;
  }

  /** Everything where that can be read, else the middle. */
  #place(): void {
    const { view, stage, active } = this.#state;
    if (!this.#placing || !view || stage.width === 0 || view.nodes.length + view.groups.length === 0) return;
    this.#placing = false;
    const all = fitting(view, stage);
    const middle = spotsOf(view).find(({ id }) => id === (view.focus ?? active));
    this.#state.camera = all.scale >= READABLE_FIT || !middle ? all : centred(middle, stage, READING_SCALE);
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

  // What the user does ----------------------------------------------------------------------------------------------

  #move(camera: Camera): void {
    this.#state.camera = camera;
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

  #click(id: string | null, part: string | null): void {
    const state = this.#state;
    this.#root.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
    state.menu = null;
    if (id === null) {
      state.lit = false;
      this.#draw();
      return;
    }
    state.active = id;
    const node = this.#node(id);
    if (!node) this.#enter(id);
    else if (part === 'up' || part === 'down') this.#expand(id, part);
    else if (part === 'columns') this.#toggleColumns(id);
    else {
      state.lit = true;
      this.#openFile(node);
      this.#draw();
    }
  }

  #openFile({ location }: LineageNode): void {
    if (location) this.#host.open(location);
  }

  #expand(uniqueId: string, side: 'up' | 'down'): void {
    this.#state.expanded = [...this.#state.expanded, { uniqueId, side }];
    void this.#load('refresh');
  }

  #enter(group: string): void {
    this.backTo(group);
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

  #choose(choice: MenuChoice, node: LineageNode): void {
    const { folder } = this.#state;
    this.#closeMenu();
    const argument = { folder, uniqueId: node.uniqueId };
    switch (choice) {
      case 'open':
        this.#openFile(node);
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

  #closeMenu(): void {
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
    if (event.target instanceof HTMLInputElement || event.altKey) return;
    const inControl =
      event.target instanceof HTMLElement && event.target.closest('button, a, .menu') !== null;
    if (inControl && (event.key === ' ' || event.key === 'Enter')) return;
    if (event.ctrlKey || event.metaKey) return;
    if (this.#act(event)) event.preventDefault();
  };

  #act(event: KeyboardEvent): boolean {
    const state = this.#state;
    const { view, active, stage } = state;
    const direction = ARROWS[event.key];
    const middle = { x: stage.width / 2, y: stage.height / 2 };
    if (direction && view && state.form === 'graph') {
      const next = stepFrom(view, active ?? view.focus ?? '', direction);
      if (next !== undefined) this.#go(next);
      return true;
    }
    const node = state.form === 'graph' ? this.#node(active) : undefined;
    switch (event.key) {
      case 'Enter':
        if (state.form === 'list') return false;
        if (node) this.#openFile(node);
        else if (active !== null) this.#enter(active);
        return active !== null;
      case ' ':
        if (node && node.columns.length > 0) this.#toggleColumns(node.uniqueId);
        return state.form === 'graph';
      case 'F10':
        return event.shiftKey && this.#menuAtActive();
      case 'ContextMenu':
        return this.#menuAtActive();
      case '/':
        this.#root.querySelector<HTMLElement>('#find')?.focus();
        return true;
      case 'f':
      case 'F':
        if (view) this.#move(fitting(view, stage));
        return true;
      case '+':
      case '=':
        this.#move(zoomed(state.camera, 1.25, middle));
        return true;
      case '-':
        this.#move(zoomed(state.camera, 0.8, middle));
        return true;
      case '0':
        this.#move(zoomed(state.camera, 1 / state.camera.scale, middle));
        return true;
      case '[':
        this.#changeHops(-1, -1);
        return true;
      case ']':
        this.#changeHops(1, 1);
        return true;
      case 'p':
      case 'P':
        this.togglePin();
        return true;
      case 'l':
      case 'L':
        this.toggleForm();
        return true;
      case 'Backspace':
      case 'Escape':
        return this.#back();
      default:
        return false;
    }
  }

  /** First what is lit, then out of the group. */
  #back(): boolean {
    const state = this.#state;
    if (state.lit) state.lit = false;
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

  hops(side: 'up' | 'down', by: 1 | -1): void {
    this.#changeHops(side === 'up' ? by : 0, side === 'down' ? by : 0);
  }

  wholeProject(): void {
    const { folder, uniqueId, view } = this.#state;
    // Pressed again, it leads back to what was in the middle.
    if (uniqueId === null)
      this.#show(folder, this.#state.active && this.#node(this.#state.active) ? this.#state.active : '');
    else if (view) this.#show(folder, null);
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
    const holder = document.createElement('div');
    holder.className = 'export';
    this.#root.append(holder);
    const whole = { camera: { x: 0, y: 0, scale: 1 }, stage: { width: view.width, height: view.height } };
    const picture = { ...this.#picture(view), ...whole, path: undefined, active: null };
    render(
      svg`<svg class="graph" width=${view.width} height=${view.height}>${drawing(picture)}</svg>`,
      holder,
    );
    const drawn = holder.querySelector('svg');
    const background = getComputedStyle(this.#root).backgroundColor;
    if (drawn)
      this.#host.save(
        `${titleOf(this.#state)} lineage.svg`,
        selfContained(drawn, view.width, view.height, background),
      );
    holder.remove();
  }

  // Drawing ---------------------------------------------------------------------------------------------------------

  /** Many changes in one turn are drawn once. */
  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      render(this.#page(), this.#root);
      const stage = this.#root.querySelector('.stage');
      if (stage) this.#observer.observe(stage);
    });
  }

  #picture(view: LineageView): Picture {
    const state = this.#state;
    const lit = state.hovered ?? (state.lit ? state.active : null);
    return {
      view,
      camera: state.camera,
      stage: state.stage,
      path: lit === null ? undefined : pathThrough(view, lit),
      dims: state.lit && state.hovered === null ? 'dim the rest' : 'leave the rest',
      active: state.active,
      focus: view.focus,
      open: state.open,
      status: (node) => statusNow(state, node.uniqueId, node.status),
    };
  }

  #page(): TemplateResult {
    const state = this.#state;
    return html`<div class="lineage">
      ${toolbar(state, this)}
      <div class="progress ${state.loading ? 'busy' : ''}" role="presentation"></div>
      ${state.problem === null ? nothing : this.#failure(state.problem)} ${this.#body()} ${this.#openedMenu()}
    </div>`;
  }

  #failure(problem: string): TemplateResult {
    return html`<div class="failure" role="alert">
      <strong>${problem}</strong>
      <div class="links">
        ${this.#state.view ? html`<span class="dim">What was read last is kept below.</span>` : nothing}
        <button class="link" @click=${() => void this.#load('refresh')}>Try again</button>
      </div>
    </div>`;
  }

  #body(): TemplateResult | typeof nothing {
    const { view, uniqueId, form, camera, stage, active } = this.#state;
    if (!view) return html`<div class="stage"></div>`;
    if (view.nodes.length + view.groups.length === 0) return this.#nothing(view, uniqueId);
    const picture = this.#picture(view);
    if (form === 'list')
      return list(view, picture.status, {
        openFile: (node) => {
          this.#openFile(node);
        },
        enter: (group) => {
          this.#enter(group);
        },
      });
    const label = `Lineage of ${titleOf(this.#state)}. Arrow keys follow the lines, Space shows columns, Enter opens.`;
    return html`<div
        class="stage"
        tabindex="0"
        role="listbox"
        aria-label=${label}
        aria-activedescendant=${active === null ? nothing : elementId(active)}
        @pointerdown=${this.#pointer.down}
        @pointermove=${this.#pointer.move}
        @pointerup=${this.#pointer.up}
        @pointerleave=${this.#pointer.leave}
        @contextmenu=${this.#pointer.menu}
        @wheel=${this.#pointer.wheel}
      >
        <svg class="graph" role="presentation" width=${stage.width} height=${stage.height}>
          ${drawing(picture)}
        </svg>
        <div class="zoom">
          ${this.#zoomButton('zoom-out', 'Zoom out (−)', '-')}${this.#zoomButton('zoom-in', 'Zoom in (+)', '+')}
          ${this.#zoomButton('screen-full', 'Fit (F)', 'f')}
        </div>
      </div>
      <footer class="hints">
        <span><kbd>←</kbd><kbd>→</kbd> follow edges</span><span><kbd>↑</kbd><kbd>↓</kbd> same layer</span>
        <span><kbd>Space</kbd> columns</span><span><kbd>Enter</kbd> open</span
        ><span><kbd>[</kbd><kbd>]</kbd> hops</span> <span><kbd>F</kbd> fit</span><span class="spring"></span
        ><span>${Math.round(camera.scale * 100)} %</span>
      </footer>`;
  }

  #zoomButton(name: 'zoom-in' | 'zoom-out' | 'screen-full', label: string, key: string): TemplateResult {
    return html`<button
      class="icon-button"
      title=${label}
      aria-label=${label}
      @pointerdown=${stop}
      @pointerup=${stop}
      @click=${() => {
        this.#act(new KeyboardEvent('keydown', { key }));
      }}
    >
      ${icon(name)}
    </button>`;
  }

  #nothing(view: LineageView, uniqueId: string | null): TemplateResult {
    const [bold, dim] =
      view.total === 0
        ? ['This project has no models yet', 'Its lineage shows as soon as there is one.']
        : uniqueId === ''
          ? ['Open a model to see its lineage', 'Or start from the whole project, grouped by folder.']
          : ['Nothing of that name is in the project', 'It may be disabled, or not be read yet.'];
    return html`<div class="empty">
      ${icon('type-hierarchy')}<strong>${bold}</strong>
      <p>${dim}</p>
      ${
        view.total === 0
          ? nothing
          : html`<div class="buttons">
              <button
                class="primary"
                @click=${() => {
                  this.#root.querySelector<HTMLElement>('#find')?.focus();
                }}
              >
                Pick a model…
              </button>
              <button
                @click=${() => {
                  this.wholeProject();
                }}
              >
                Whole project
              </button>
            </div>`
      }
    </div>`;
  }

  #openedMenu(): TemplateResult | typeof nothing {
    const { menu: opened, open } = this.#state;
    const node = this.#node(opened?.id ?? null);
    if (!opened || !node) return nothing;
    return menu(
      opened,
      menuEntries(node, open.has(node.uniqueId)),
      (choice) => {
        this.#choose(choice, node);
      },
      () => {
        this.#closeMenu();
      },
    );
  }
}

function stop(event: Event): void {
  event.stopPropagation();
}
