/** CSV files written as rows come, so that memory stays flat however long the file gets. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { arrivals } from './size.ts';
import type { Arrival } from './size.ts';

/** A cell: text as it stands, or null for an empty field (which COPY reads as NULL). */
export type Cell = string | null;

const bufferedCharacters = 1 << 16;

class CsvFile {
  readonly #descriptor: number;
  #buffer: string;
  rows = 0;

  constructor(path: string, columns: readonly string[]) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'w');
    this.#buffer = `${columns.join(',')}\n`;
  }

  write(cells: readonly Cell[]): void {
    this.#buffer += `${cells.map(quote).join(',')}\n`;
    this.rows++;
    if (this.#buffer.length >= bufferedCharacters) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffer, 'utf8');
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    this.#buffer = '';
  }
}

/** All files of one raw table: the initial load and every batch, open side by side because rows may arrive late. */
export class TableFiles {
  readonly table: string;
  readonly #files: readonly CsvFile[];

  constructor(directory: string, table: string, columns: readonly string[]) {
    this.table = table;
    this.#files = arrivals.map((arrival) => new CsvFile(join(directory, pathOf(table, arrival)), columns));
  }

  write(arrival: Arrival, cells: readonly Cell[]): void {
    this.#files[arrival]?.write(cells);
  }

  /** Closes the files and tells how many rows went into each, the initial load first. */
  close(): number[] {
    for (const file of this.#files) file.close();
    return this.#files.map((file) => file.rows);
  }
}

function pathOf(table: string, arrival: Arrival): string {
  if (arrival === 0) return join('initial', `${table}.csv`);
  return join('incremental', table, `batch_${String(arrival).padStart(3, '0')}.csv`);
}

/** An empty string is quoted, to tell it from NULL. */
function quote(cell: Cell): string {
  if (cell === null) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
