/** Filters over any value: defaults, attributes, JSON, and dbt's markers for the native renderer. */

import { signature } from '../arguments.ts';
import { getAttribute } from '../lookup.ts';
import { methodOf } from '../methods/method-table.ts';
import { toJson } from '../json.ts';
import { typeError, valueError } from '../errors.ts';
import { numberField } from '../methods/number-methods.ts';
import { hashKey } from '../values/hash.ts';
import { binaryOperations } from '../operators/binary.ts';
import { HostObject } from '../values/host-object.ts';
import { escaped } from '../values/escape.ts';
import { Markup } from '../values/markup.ts';
import type { TextMark } from '../values/marked-text.ts';
import { MarkedText } from '../values/marked-text.ts';
import { str, textRepr } from '../values/repr.ts';
import { isText, textOf } from '../values/text.ts';
import { truthy } from '../values/truth.ts';
import { Tuple } from '../values/tuple.ts';
import { typeName } from '../values/type-name.ts';
import { Undefined, makeUndefined } from '../values/undefined.ts';
import type { Value } from '../values/value.ts';
import { prettyPrint } from './pretty-print.ts';
import type { Filter } from './filter.ts';
import { environmentFilter, filter, itemsOf, now } from './filter.ts';

const defaultFilter = filter(
  signature('do_default', ['value'], { default_value: '', boolean: false }),
  (_environment, value, fallback = '', boolean = false) => {
    return value instanceof Undefined || (truthy(boolean) && !truthy(value)) ? fallback : value;
  },
);

/** The attribute only, never the key of the same name. */
const attr = environmentFilter(
  signature('do_attr', ['obj', 'name']),
  ({ undefinedKind }, value, wanted = '') => {
    const name = textOf(wanted);
    if (name === undefined) {
      // The name is looked up in a dict before it is asked for.
      hashKey(wanted);
      throw typeError(`attribute name must be string, not '${typeName(wanted)}'`);
    }
    const hasAttribute =
      name.startsWith('_') ||
      (value instanceof HostObject && value.getAttribute(name) !== undefined) ||
      methodOf(value, name) !== undefined ||
      (isText(value) && (name === 'format' || name === 'format_map')) ||
      numberField(value, name) !== undefined ||
      (value instanceof Tuple && value.names?.includes(name) === true);
    // A Markup stays one in the message.
    if (!hasAttribute) return makeUndefined(undefinedKind, { owner: value, name: wanted });
    return now(getAttribute(value, name, undefinedKind));
  },
);

const unsafeInHtml: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  "'": '\\u0027',
};

/** Sorted keys and no character that HTML would read: the function of the same name does neither. */
const tojson = environmentFilter(
  signature('do_tojson', ['value'], { indent: null }),
  (_environment, value, indent = null) => {
    // A text needs no indention, and so none is made.
    const level =
      indent === null || isText(value)
        ? undefined
        : (textOf(indent) ?? str(binaryOperations['*'](' ', indent)));
    const json = toJson(value, { sortKeys: true, ...(level === undefined ? {} : { indent: level }) });
    return Markup.of(json.replace(/[<>&']/g, (character) => unsafeInHtml[character] ?? character));
  },
);

const pprint = filter(signature('do_pprint', ['value']), (_environment, value) => prettyPrint(value));

const xmlattr = environmentFilter(
  signature('do_xmlattr', ['d'], { autospace: true }),
  (_environment, value, autospace = true) => {
    const entries = itemsOf(value);
    const attributes: string[] = [];
    for (const [key, item] of entries) {
      if (item === null || item instanceof Undefined) continue;
      const name = textOf(key);
      if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`);
      if (/[ \t\n\r\f\v/>=]/.test(name))
        throw valueError(`Invalid character in attribute name: ${textRepr(name)}`);
      attributes.push(`${escaped(key).text}="${escaped(item).text}"`);
    }
    return (truthy(autospace) && attributes.length > 0 ? ' ' : '') + attributes.join(' ');
  },
);

/** In a text render the markers change nothing. */
function marker(mark: TextMark): Filter {
  return ({ isNative }, value) => (isNative ? new MarkedText(str(value), mark) : value);
}

const isList: Filter = (_environment, value: Value) => Array.isArray(value);

export const valueFilters: readonly (readonly [string, Filter])[] = [
  ['as_bool', marker('bool')],
  ['as_native', marker('native')],
  ['as_number', marker('number')],
  ['as_text', marker('text')],
  ['attr', attr],
  ['d', defaultFilter],
  ['default', defaultFilter],
  ['is_list', isList],
  ['pprint', pprint],
  ['tojson', tojson],
  ['xmlattr', xmlattr],
];
