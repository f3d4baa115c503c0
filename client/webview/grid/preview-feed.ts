/** The preview that was asked for last: opened, opened again, stopped, and what the server says of it. */

import type { PreviewOrder, PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { Host, Opening } from '../shared/host.ts';

export class PreviewFeed {
  readonly #ask: Host['request'];
  readonly #came: (state: PreviewState, before: PreviewState | undefined) => void;
  /** Of the preview that is waited for, and news of others that may be waited for in a moment. */
  #wanted: string | undefined;
  readonly #early = new Map<string, PreviewState>();
  #folder = '';
  #order: PreviewOrder | undefined;
  #state: PreviewState | undefined;
  #cameAt = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  readonly #tick: () => void;

  /** `came` is called with each new state, `tick` now and then while rows are fetched. */
  constructor(
    ask: Host['request'],
    came: (state: PreviewState, before: PreviewState | undefined) => void,
    tick: () => void,
  ) {
    this.#ask = ask;
    this.#came = came;
    this.#tick = tick;
  }

  get state(): PreviewState | undefined {
    return this.#state;
  }

  get canReopen(): boolean {
    return this.#order !== undefined;
  }

  /** Milliseconds, of a clock that goes on while the server is silent. */
  get elapsed(): number {
    const since = this.#state?.phase === 'fetching' ? performance.now() - this.#cameAt : 0;
    return (this.#state?.elapsed ?? 0) + since;
  }

  start(host: Host, { argument }: Opening): void {
    this.#folder = argument.folder;
    this.#order = argument.order;
    host.onNotification('grainline/preview', (state) => {
      if (state.previewId === this.#wanted) this.#take(state);
      else this.#early.set(state.previewId, state);
    });
    if (argument.previewId !== undefined) this.#await(argument.previewId);
  }

  /** Runs the query anew, or with another limit. */
  async reopen(limit?: number): Promise<void> {
    if (!this.#order) return;
    if (limit !== undefined) this.#order = { ...this.#order, limit };
    try {
      const state = await this.#ask('grainline/openPreview', this.#order);
      this.#await(state.previewId, state);
    } catch (error) {
      this.#wanted = undefined;
      this.#take(refused(this.#folder, this.#state, error));
    }
  }

  stop(): void {
    const { previewId } = this.#state ?? {};
    if (previewId === undefined) return;
    this.#ask('grainline/cancelPreview', { previewId }).then(
      (state) => {
        if (state.previewId === this.#wanted) this.#take(state);
      },
      // Closed meanwhile: what came of it is known already.
      () => undefined,
    );
  }

  #await(previewId: string, state?: PreviewState): void {
    this.#wanted = previewId;
    const known = this.#early.get(previewId) ?? state;
    this.#early.clear();
    if (known) this.#take(known);
  }

  #take(state: PreviewState): void {
    const before = this.#state;
    this.#state = state;
    this.#cameAt = performance.now();
    if (state.phase === 'fetching') {
      this.#ticking ??= setInterval(this.#tick, 100);
    } else {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
    this.#came(state, before);
  }
}

/** What a preview looks like that the server would not even begin: shown where a failed query is shown. */
function refused(folder: string, before: PreviewState | undefined, error: unknown): PreviewState {
  return {
    previewId: '',
    folder,
    title: before?.title ?? 'Results',
    phase: 'failed',
    columns: [],
    rows: 0,
    hasMore: false,
    limit: 0,
    elapsed: 0,
    connection: before?.connection ?? '',
    sql: '',
    problem: { message: error instanceof Error ? error.message : String(error) },
  };
}
