/** Texts that tell the native renderer what to make of them: the results of `as_text`, `as_native`, `as_bool`, `as_number`. */

import { CapturedText } from './captured-text.ts';

export type TextMark = 'text' | 'native' | 'bool' | 'number';

export class MarkedText extends CapturedText {
  readonly mark: TextMark;

  constructor(text: string, mark: TextMark) {
    super(text, []);
    this.mark = mark;
  }
}
