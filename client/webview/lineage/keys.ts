/** What each key means on the page. */

import type { Direction } from './steps.ts';

export type KeyAction =
  | { readonly kind: 'go'; readonly direction: Direction }
  /** Without a factor: to its own size. */
  | { readonly kind: 'zoom'; readonly factor?: number }
  | { readonly kind: 'hops'; readonly by: 1 | -1 }
  | { readonly kind: 'open' | 'columns' | 'menu' | 'find' | 'fit' | 'pin' | 'form' | 'back' };

export const ZOOM_IN: KeyAction = { kind: 'zoom', factor: 1.25 };
export const ZOOM_OUT: KeyAction = { kind: 'zoom', factor: 0.8 };

const KEYS: Readonly<Record<string, KeyAction>> = {
  ArrowLeft: { kind: 'go', direction: 'left' },
  ArrowRight: { kind: 'go', direction: 'right' },
  ArrowUp: { kind: 'go', direction: 'up' },
  ArrowDown: { kind: 'go', direction: 'down' },
  Enter: { kind: 'open' },
  ' ': { kind: 'columns' },
  ContextMenu: { kind: 'menu' },
  '/': { kind: 'find' },
  f: { kind: 'fit' },
  '+': ZOOM_IN,
  '=': ZOOM_IN,
  '-': ZOOM_OUT,
  '0': { kind: 'zoom' },
  '[': { kind: 'hops', by: -1 },
  ']': { kind: 'hops', by: 1 },
  p: { kind: 'pin' },
  l: { kind: 'form' },
  Backspace: { kind: 'back' },
  Escape: { kind: 'back' },
};

/** Nothing where the key belongs to a text field, a button or the editor. */
export function keyAction(event: KeyboardEvent): KeyAction | undefined {
  const { key, target } = event;
  if (target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const onControl = target instanceof HTMLElement && target.closest('button, a, .menu') !== null;
  if (onControl && (key === ' ' || key === 'Enter')) return undefined;
  if (key === 'F10') return event.shiftKey ? { kind: 'menu' } : undefined;
  return KEYS[key.length === 1 ? key.toLowerCase() : key];
}
