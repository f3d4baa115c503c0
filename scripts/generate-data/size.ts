/** How many rows each table has at a scale, and which load each of them arrives with. */

/** 0 is the initial load; 1 to 3 are the batches. */
export type Arrival = 0 | 1 | 2 | 3;

export const arrivals: readonly Arrival[] = [0, 1, 2, 3];

/** Rows of one table: so many at first, so many more with each batch. Rows are numbered from 0 in this order. */
export interface Size {
  readonly initial: number;
  readonly perBatch: number;
}

export interface World {
  readonly seed: number;
  readonly accounts: Size;
  readonly events: Size;
  readonly showtimes: Size;
  readonly orders: Size;
  readonly pages: Size;
}

export function worldOf(scale: number, seed: number): World {
  // Shows grow slower than their audience: ten times the orders is not ten times the shows.
  const breadth = Math.max(1, Math.round(Math.sqrt(scale)));
  return {
    seed,
    accounts: { initial: 90 * scale, perBatch: 15 * scale },
    events: { initial: 10 * breadth, perBatch: breadth },
    showtimes: { initial: 48 * scale, perBatch: 8 * scale },
    orders: { initial: 300 * scale, perBatch: 60 * scale },
    pages: { initial: 1000 * scale, perBatch: 200 * scale },
  };
}

/** How many rows have arrived once the given load is in. */
export function countThrough(size: Size, arrival: Arrival): number {
  return size.initial + size.perBatch * arrival;
}

export function totalOf(size: Size): number {
  return countThrough(size, 3);
}

export function arrivalOf(size: Size, row: number): Arrival {
  return arrivals.find((arrival) => row < countThrough(size, arrival)) ?? 3;
}

/** Later of two loads: a row cannot arrive before the row that caused it. */
export function laterOf(one: Arrival, other: Arrival): Arrival {
  return one > other ? one : other;
}
