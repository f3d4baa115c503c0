/** Reproducible chance: the same seed, stream and row always give the same numbers, in any order of asking. */

export interface Random {
  /** A fraction in [0, 1). */
  next(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element of a list that is not empty. */
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/**
 * The chance behind one row. Each row draws from a generator of its own, so that a row's facts can be found again
 * from its number alone: a page that follows an order needs no list of orders in memory.
 */
export function randomFor(seed: number, stream: string, row: number): Random {
  let state = scramble(hashText(stream) ^ scramble(seed) ^ Math.imul(row + 1, 0x9e3779b1));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return (scramble(state) >>> 0) / 0x1_0000_0000;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
  };
}

/** The finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** FNV-1a over UTF-16 code units; stream names are short ASCII words. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
