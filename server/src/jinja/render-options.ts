/** What a render is given: names, the kind of undefined, and its bounds. */

import type { RenderBudget, RenderLimits, StopSignal } from './budget.ts';
import type { UndefinedKind } from './values/undefined.ts';
import type { Value } from './values/value.ts';

/** The names that a template may use; asked lazily, one name at a time, and never copied. */
export interface Context {
  /** Undefined when there is no such name. */
  get(name: string): Value | undefined;
}

export interface RenderOptions {
  readonly context: Context;
  /** `parse` is dbt's while it parses: access and calls of an undefined give an undefined again. */
  readonly undefined?: UndefinedKind;
  /** Shared by everything that belongs to one render: its macros are bound with the same one. A fresh one when absent. */
  readonly budget?: RenderBudget;
  /** Bounds of the fresh budget; the usual ones where absent. */
  readonly limits?: Partial<RenderLimits>;
  /** Stops the render of the fresh budget. */
  readonly signal?: StopSignal;
}

/** Looks a name up in each context in turn. */
export function layeredContext(...layers: readonly Context[]): Context {
  return {
    get(name) {
      for (const layer of layers) {
        const value = layer.get(name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}
