/** Asks one question at a time: of those that come meanwhile only the last is asked, and answers to what is no longer wanted are dropped. */

export class LatestOnly {
  #about: unknown;
  #isBusy = false;
  #next: (() => void) | undefined;

  /** Whether the last question was about this. */
  is(about: unknown): boolean {
    return this.#about === about;
  }

  ask<Answer>(about: unknown, ask: () => Promise<Answer>, take: (answer: Answer) => void): void {
    this.#about = about;
    const go = (): void => {
      this.#isBusy = true;
      ask()
        .then(
          (answer) => {
            if (this.#next === undefined && this.#about === about) take(answer);
          },
          // What was asked about is gone: its rows are closed, or the server has started anew.
          () => undefined,
        )
        .finally(() => {
          this.#isBusy = false;
          const next = this.#next;
          this.#next = undefined;
          next?.();
        });
    };
    if (this.#isBusy) this.#next = go;
    else go();
  }
}
