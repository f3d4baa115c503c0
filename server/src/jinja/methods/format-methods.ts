/** `str.format` and `str.format_map`, which look into their arguments and so depend on how lookups are done. */

import { typeError } from '../errors.ts';
import type { FormatArguments, Lookup } from '../format/str-format.ts';
import { formatText } from '../format/str-format.ts';
import { subscriptOf } from '../operators/subscript.ts';
import { likewise } from '../values/escape.ts';
import { Markup } from '../values/markup.ts';
import { textOf } from '../values/text.ts';
import type { Value } from '../values/value.ts';
import type { Method } from './method-table.ts';

export function formatMethodOf(value: Value, name: string, lookup: Lookup): Method | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  if (name === 'format') {
    return (_self, { positional, keyword }) => {
      return formatted(value, text, { positional, named: (field) => keyword.get(field) }, lookup);
    };
  }
  if (name !== 'format_map') return undefined;
  return (_self, { positional, keyword }) => {
    const [mapping] = positional;
    if (keyword.size > 0) throw typeError('format_map() takes no keyword arguments');
    if (mapping === undefined || positional.length > 1) {
      throw typeError(`format_map() takes exactly one argument (${positional.length} given)`);
    }
    const named = (field: string): Value => subscriptOf(mapping, field);
    return formatted(value, text, { positional: [], named }, lookup);
  };
}

function formatted(self: Value, text: string, args: FormatArguments, lookup: Lookup): Value {
  const style = self instanceof Markup ? 'html' : 'plain';
  return likewise(self, formatText(text, args, lookup, style));
}
