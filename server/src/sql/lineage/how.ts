/** How one column has to do with another: whether it gives the value, or only decides which rows there are, or in which order. */

/** Gives the value. */
export type ValueHow = 'passed through' | 'renamed' | 'computed' | 'aggregated';
/** Decides which rows there are, how they are put together, or their order. */
export type RowHow = 'filtering' | 'joining' | 'grouping' | 'ordering';
export type How = ValueHow | RowHow;

/** The weightier a way is, the further to the right. */
const WEIGHTS: readonly How[] = [
  'ordering',
  'grouping',
  'joining',
  'filtering',
  'passed through',
  'renamed',
  'computed',
  'aggregated',
];

export function givesValue(how: How): how is ValueHow {
  return WEIGHTS.indexOf(how) >= WEIGHTS.indexOf('passed through');
}

/** Of two ways from the same column the one that says more of it. */
export function weightier(one: How, other: How): How {
  return WEIGHTS.indexOf(one) >= WEIGHTS.indexOf(other) ? one : other;
}

/** Two hops as one; `near` is the one at the result. What only filters does so whatever it was made of. */
export function through(near: How, far: How): How {
  if (!givesValue(near)) return near;
  if (!givesValue(far)) return far;
  return weightier(near, far);
}
