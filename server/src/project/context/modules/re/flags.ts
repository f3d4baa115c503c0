/** The flags of Python's re module. */

export const FLAGS = {
  TEMPLATE: 1,
  IGNORECASE: 2,
  LOCALE: 4,
  MULTILINE: 8,
  DOTALL: 16,
  UNICODE: 32,
  VERBOSE: 64,
  DEBUG: 128,
  ASCII: 256,
} as const;

/** Flag letters of `(?…)`. */
export const FLAG_LETTERS: ReadonlyMap<string, number> = new Map([
  ['i', FLAGS.IGNORECASE],
  ['L', FLAGS.LOCALE],
  ['m', FLAGS.MULTILINE],
  ['s', FLAGS.DOTALL],
  ['x', FLAGS.VERBOSE],
  ['a', FLAGS.ASCII],
  ['u', FLAGS.UNICODE],
]);

export function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
