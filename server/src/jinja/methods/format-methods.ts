/** `str.format` and `str.format_map`, which look into their arguments and so depend on how lookups are done. */

import { typeError } from '../errors.ts';
import type { Lookup } from '../format/str-format.ts';
import { formatText } from '../format/str-format.ts';
import { Dict } from '../values/dict.ts';
import { entriesOf } from '../values/iteration.ts';
import { textOf } from '../values/text.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import type { Method } from './method-table.ts';

export function formatMethodOf(value: Value, name: string, lookup: Lookup): Method | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  if (name === 'format') {
    return (_self, { positional, keyword }) => {
      return formatText(text, { positional, named: (field) => keyword.get(field) }, lookup);
    };
  }
  if (name !== 'format_map') return undefined;
  return (_self, { positional, keyword }) => {
    const [mapping] = positional;
    if (keyword.size > 0) throw typeError('format_map() takes no keyword arguments');
    if (mapping === undefined || positional.length > 1) {
      throw typeError(`format_map() takes exactly one argument (${positional.length} given)`);
    }
    const entries = entriesOf(mapping);
    if (!entries) throw typeError(`'${typeName(mapping)}' object is not subscriptable`);
    const values = Dict.of(entries);
    return formatText(text, { positional: [], named: (field) => values.get(field) }, lookup);
  };
}
