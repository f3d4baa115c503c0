/** The cell that the viewer shows: what the page holds of it at once, and all of it as soon as the host has sent it. */

import type { Host } from '../shared/host.ts';
import type { ShownResult, ViewedCell } from './grid-model.ts';
import { LatestOnly } from './latest-only.ts';
import type { Row } from './row-pages.ts';

export class CellReader {
  readonly #ask: Host['request'];
  readonly #changed: () => void;
  readonly #questions = new LatestOnly();
  #cell: ViewedCell | undefined;
  /** Of which row the cell is: the same number may be another row once rows are sorted. */
  #row: Row | undefined;

  constructor(ask: Host['request'], changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get cell(): ViewedCell | undefined {
    return this.#cell;
  }

  /** Follows the cursor. */
  read(result: ShownResult): void {
    const { row, column } = result.selection.cursor;
    const held = row < 0 ? undefined : result.pages.at(row);
    const isSame = this.#cell?.row === row && this.#cell.column === column && this.#row === held;
    if (isSame && held) return;
    this.#row = held;
    if (!held) {
      this.#cell = row < 0 ? undefined : { row, column, text: undefined };
      return;
    }
    if (!held.cut.includes(column)) {
      this.#cell = { row, column, text: held.cells[column] ?? null };
      return;
    }
    this.#cell = { row, column, text: undefined };
    const asked = this.#cell;
    this.#questions.ask(
      asked,
      () =>
        this.#ask('grainline/previewExport', {
          ...result.pages.arrangement,
          previewId: result.state.previewId,
          cells: { fromRow: row, toRow: row, columns: [column] },
          form: 'cell',
        }),
      ({ text }) => {
        if (this.#cell !== asked) return;
        this.#cell = { row, column, text };
        this.#changed();
      },
    );
  }
}
