/** markupsafe's str: HTML as it stands, which escapes what is put into it. The filters `e`, `safe` and `tojson` give it. */

import { CapturedText } from './captured-text.ts';

export class Markup extends CapturedText {
  override readonly typeName = 'Markup';
  readonly qualifiedTypeName = 'markupsafe.Markup';

  static of(text: string | CapturedText): Markup {
    if (text instanceof Markup) return text;
    return typeof text === 'string' ? new Markup(text, []) : new Markup(text.text, text.segments);
  }

  override slice(start: number, end: number): Markup {
    return Markup.of(super.slice(start, end));
  }
}
