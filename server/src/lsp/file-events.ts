/** Files that changed, gathered for a moment: a branch that is checked out comes in many messages and is read once. */

/** After the last change, in milliseconds. */
const SETTLE_MS = 50;

/** However long changes go on, what came is looked at after this. */
const PATIENCE_MS = 1000;

export class FileEvents {
  readonly #changed: (uris: ReadonlySet<string>) => Promise<void>;
  #uris = new Set<string>();
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: (uris: ReadonlySet<string>) => Promise<void>) {
    this.#changed = changed;
  }

  note(uris: readonly string[]): void {
    if (uris.length === 0) return;
    if (this.#uris.size === 0) this.#since = Date.now();
    for (const uri of uris) this.#uris.add(uri);
    clearTimeout(this.#timer);
    const left = this.#since + PATIENCE_MS - Date.now();
    this.#timer = setTimeout(() => void this.#tell(), Math.max(0, Math.min(SETTLE_MS, left)));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #tell(): Promise<void> {
    const uris = this.#uris;
    this.#uris = new Set();
    await this.#changed(uris);
  }
}
