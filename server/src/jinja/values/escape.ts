/** Characters that HTML reads, as markupsafe writes them. */

import type { CapturedText } from './captured-text.ts';
import { Markup } from './markup.ts';
import { str } from './repr.ts';
import type { Value } from './value.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '>': '&gt;',
  '<': '&lt;',
  "'": '&#39;',
  '"': '&#34;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&><'"]/g, (character) => entities[character] ?? character);
}

/** What is HTML already stays as it is. */
export function escaped(value: Value): Markup {
  return value instanceof Markup ? value : Markup.of(escapeHtml(str(value)));
}

/** A text made of another one is HTML where that one is. */
export function likewise(origin: Value, made: string | CapturedText): string | CapturedText {
  return origin instanceof Markup ? Markup.of(made) : made;
}
