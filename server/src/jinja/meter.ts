/**
 * Counting what is computed, wherever that is: deep in an operator or a filter nobody hands a budget down, and one render at a time computes,
 * so the one that counts is known from here.
 */

export interface Meter {
  /** A unit is about what one element or a few characters cost. */
  work(units: number): void;
}

let meter: Meter | undefined;

/** From here on this one counts; whoever runs a step of a render says so before it. */
export function countOn(next: Meter): void {
  meter = next;
}

/** Raises when the render that runs has used up what it may. Elsewhere nobody counts. */
export function spend(units: number): void {
  meter?.work(units);
}
