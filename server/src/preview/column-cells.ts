/**
 * The cells of one column. Text is kept in blocks, one string for 512 cells and where each ends: three million strings of their own would
 * cost several times the memory, and a search runs over a block at once.
 */

import type { Cell } from '../warehouse/port.ts';

const BLOCK_BITS = 9;
const BLOCK_ROWS = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK_ROWS - 1;
/** Blocks of longer text stay lists of strings: a string has a greatest length, and copying would cost more than it saves. */
const LONGEST_BLOCK = 1 << 22;
/** Postgres's text cannot hold this character, so nothing that is searched for goes over the end of a cell. */
const BETWEEN = '\0';

interface Block {
  readonly text: string;
  /** For each cell, twice the offset of its end, plus one when it is NULL. */
  readonly ends: Uint32Array;
}

export class ColumnCells {
  readonly #blocks: (Block | readonly Cell[])[] = [];
  #last: Cell[] = [];
  #nulls = 0;

  get length(): number {
    return this.#blocks.length * BLOCK_ROWS + this.#last.length;
  }

  get nulls(): number {
    return this.#nulls;
  }

  add(cell: Cell): void {
    if (cell === null) this.#nulls += 1;
    this.#last.push(cell);
    if (this.#last.length < BLOCK_ROWS) return;
    this.#blocks.push(toBlock(this.#last));
    this.#last = [];
  }

  at(row: number): Cell {
    const block = this.#blocks[row >> BLOCK_BITS];
    const index = row & IN_BLOCK;
    if (block === undefined) return this.#last[index] ?? null;
    return isList(block) ? (block[index] ?? null) : cellOf(block, index);
  }

  isNull(row: number): boolean {
    const block = this.#blocks[row >> BLOCK_BITS];
    if (block === undefined || isList(block)) return this.at(row) === null;
    return ((block.ends[row & IN_BLOCK] ?? 0) & 1) === 1;
  }

  /** Calls back with each row in which the pattern is found, once a row. The pattern has the flag `g`. */
  find(pattern: RegExp, found: (row: number) => void): void {
    this.#blocks.forEach((block, index) => {
      if (isList(block)) findInList(block, index << BLOCK_BITS, pattern, found);
      else findInBlock(block, index << BLOCK_BITS, pattern, found);
    });
    findInList(this.#last, this.#blocks.length << BLOCK_BITS, pattern, found);
  }
}

function isList(block: Block | readonly Cell[]): block is readonly Cell[] {
  return Array.isArray(block);
}

function toBlock(cells: readonly Cell[]): Block | readonly Cell[] {
  const ends = new Uint32Array(cells.length);
  let end = 0;
  cells.forEach((cell, index) => {
    end += cell?.length ?? 0;
    ends[index] = end * 2 + (cell === null ? 1 : 0);
    end += BETWEEN.length;
  });
  return end > LONGEST_BLOCK ? cells : { text: cells.map((cell) => cell ?? '').join(BETWEEN), ends };
}

function cellOf(block: Block, index: number): Cell {
  const end = block.ends[index] ?? 0;
  if ((end & 1) === 1) return null;
  return block.text.slice(startOf(block, index), end >>> 1);
}

function startOf(block: Block, index: number): number {
  return index === 0 ? 0 : ((block.ends[index - 1] ?? 0) >>> 1) + BETWEEN.length;
}

function findInBlock(block: Block, firstRow: number, pattern: RegExp, found: (row: number) => void): void {
  let index = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(block.text); match; match = pattern.exec(block.text)) {
    while ((block.ends[index] ?? Infinity) >>> 1 < match.index) index += 1;
    found(firstRow + index);
    index += 1;
    if (index >= block.ends.length) return;
    pattern.lastIndex = startOf(block, index);
  }
}

function findInList(
  cells: readonly Cell[],
  firstRow: number,
  pattern: RegExp,
  found: (row: number) => void,
): void {
  cells.forEach((cell, index) => {
    pattern.lastIndex = 0;
    if (cell !== null && pattern.test(cell)) found(firstRow + index);
  });
}
