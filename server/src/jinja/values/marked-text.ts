/** Texts that tell the native renderer what to make of them: the results of `as_text`, `as_native`, `as_bool`, `as_number`. */

import { CapturedText } from './captured-text.ts';

export type TextMark = 'text' | 'native' | 'bool' | 'number';

/** The names of dbt's classes. */
const typeNames = {
  text: 'TextMarker',
  native: 'NativeMarker',
  bool: 'BoolMarker',
  number: 'NumberMarker',
} as const;

export class MarkedText extends CapturedText {
  override readonly typeName: string;
  readonly mark: TextMark;

  constructor(text: string, mark: TextMark) {
    super(text, []);
    this.mark = mark;
    this.typeName = typeNames[mark];
  }
}
