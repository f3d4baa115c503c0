/** What the compilation of a node needs to know of its surroundings. */

import type { TemplateSource } from '../values/captured-text.ts';
import type { Slot, Symbols } from './symbols.ts';
import type { Frame } from './frame.ts';
import type { Value } from '../values/value.ts';

export interface Scope {
  readonly symbols: Symbols;
  readonly source: TemplateSource;
  /** Whether printed values are collected as they are (YAML values, test arguments). */
  readonly isNative: boolean;
  /** Whether constant expressions with slices need Jinja2's treatment: whether there are slices. */
  readonly hasSlices: boolean;
  /** Whether there may be blocks that see the names around them. */
  readonly hasBlocks: boolean;
  /** Inside such an expression: there a slice of what cannot be sliced is undefined. */
  readonly isFolded?: boolean;
}

/** The scope of an inner body. */
export function within(scope: Scope, symbols: Symbols): Scope {
  const { source, isNative, hasSlices, hasBlocks } = scope;
  return { symbols, source, isNative, hasSlices, hasBlocks };
}

type Store = (frame: Frame, value: Value) => void;

/** Writes a variable of this scope. */
export function storeSlot(scope: Scope, slot: Slot): Store {
  const { index } = slot;
  const distance = scope.symbols.layout.distanceTo(slot.layout);
  if (distance === 0) {
    return (frame, value) => {
      frame.slots[index] = value;
    };
  }
  return (frame, value) => {
    frame.outer(distance).slots[index] = value;
  };
}

/** Reads a variable without a fallback; undefined while it is unset. */
export function readSlot(scope: Scope, slot: Slot): (frame: Frame) => Value | undefined {
  const { index } = slot;
  const distance = scope.symbols.layout.distanceTo(slot.layout);
  if (distance === 0) return (frame) => frame.slots[index];
  if (distance === 1) return (frame) => (frame.parent as Frame).slots[index];
  return (frame) => frame.outer(distance).slots[index];
}

/** Makes a scope's variables what they are at its start; the parameters are set already. */
export function enterScope(scope: Scope): (frame: Frame) => void {
  return enter(scope, 'used');
}

/** The same for a function's own scope, whose frame is a new one: there nothing is set yet. */
export function enterFunction(scope: Scope): (frame: Frame) => void {
  return enter(scope, 'new');
}

const nothing = (): void => undefined;

function enter(scope: Scope, frames: 'new' | 'used'): (frame: Frame) => void {
  const steps: ((frame: Frame) => void)[] = [];
  for (const { slot, load } of scope.symbols.loads) {
    const { index } = slot;
    if (load.from === 'parameter') continue;
    if (load.from === 'outer') {
      const read = readSlot(scope, load.slot);
      steps.push((frame) => {
        frame.slots[index] = read(frame);
      });
    } else if (frames === 'used') {
      steps.push((frame) => {
        frame.slots[index] = undefined;
      });
    }
  }
  if (steps.length === 0) return nothing;
  return (frame) => {
    for (const step of steps) step(frame);
  };
}
