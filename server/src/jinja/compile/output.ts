/** What a body writes: text and the segments that say where each stretch came from. */

import type { RenderBudget } from '../budget.ts';
import type { Segment, TemplateSource } from '../values/captured-text.ts';
import { CapturedText } from '../values/captured-text.ts';

export class Output {
  readonly #budget: RenderBudget;
  readonly #segments: Segment[] = [];
  #text = '';

  constructor(budget: RenderBudget) {
    this.#budget = budget;
  }

  /** The template's own text. */
  literal(text: string, source: TemplateSource, sourceStart: number, sourceEnd: number): void {
    const start = this.#text.length;
    this.#text += text;
    this.#segments.push({
      start,
      end: start + text.length,
      kind: 'literal',
      source,
      sourceStart,
      sourceEnd,
      inner: undefined,
      innerStart: 0,
    });
    this.#budget.write(text.length);
  }

  /** What an expression printed. */
  printed(
    value: string | CapturedText,
    source: TemplateSource,
    sourceStart: number,
    sourceEnd: number,
  ): void {
    const inner = typeof value === 'string' ? undefined : value;
    const text = inner ? inner.text : (value as string);
    if (text === '') return;
    const start = this.#text.length;
    this.#text += text;
    this.#segments.push({
      start,
      end: start + text.length,
      kind: 'expression',
      source,
      sourceStart,
      sourceEnd,
      inner,
      innerStart: 0,
    });
    this.#budget.write(text.length);
  }

  /** The captured value: a plain str when there is nothing in it. */
  finish(): string | CapturedText {
    return this.#text === '' ? '' : new CapturedText(this.#text, this.#segments);
  }

  get text(): string {
    return this.#text;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }
}
