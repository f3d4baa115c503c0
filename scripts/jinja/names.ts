/** The names that every generated template may use: each a Python literal, read by Python itself and by the engine's own reader of literals. */

import { PyFloat, evaluateLiteral } from '../../server/src/jinja/index.ts';
import type { Context, Value } from '../../server/src/jinja/index.ts';

export const names: Readonly<Record<string, string>> = {
  n0: '0',
  n3: '3',
  neg: '-7',
  big: '1180591620717411303424',
  f: '1.5',
  fz: '-0.0',
  fr: '2.675',
  huge: '1e300',
  tiny: '1.25e-7',
  s: "'hello world'",
  sl: "' Hello\\n  big World\\t'",
  su: "'stra\u00dfe \u01c5 \u00e9\u0301 \u0130'",
  se: "'a\u{1f600}b'",
  empty: "''",
  html: "'<a href=\"x\">&amp; it\\'s</a>'",
  csv: "'a,b,,c'",
  digits: "'12'",
  sf: "'1.5'",
  li: '[3, 1, 2]',
  lf: '[1.5, -2, 0.1, True]',
  ls: "['b', 'A', 'c', 'a']",
  lm: "[1, 'a', None, 2.5, (1, 2)]",
  ll: '[[1, 2], [3], []]',
  ld: "[{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'Y', 'c': {'d': 5}}, {'a': 1}]",
  le: '[]',
  t: "(1, 'a')",
  t0: '()',
  t1: '(None,)',
  d: "{'a': 1, 'b': [1, 2], 'items': 'own'}",
  dn: "{'x': {'y': {'z': 'deep'}}, 'k': 'v'}",
  dm: "{1: 'one', 2.5: None, (1, 2): 't', None: 0}",
  de: '{}',
  st: '{1, 2, 3}',
  st1: '{5}',
  none: 'None',
  yes: 'True',
  no: 'False',
  nan: "float('nan')",
  inf: "float('inf')",
};

/** What is no literal in Python either. */
const floats: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity };

/** A fresh context, since templates change lists and dicts. */
export function freshContext(): Context {
  const made = new Map<string, Value>();
  return {
    get(name) {
      const known = made.get(name);
      if (known !== undefined || !Object.hasOwn(names, name)) return known;
      const float = floats[name];
      const value = float === undefined ? evaluateLiteral(names[name] ?? '') : new PyFloat(float);
      if (value === undefined) throw new Error(`"${name}" is no literal: ${names[name] ?? ''}`);
      made.set(name, value);
      return value;
    },
  };
}
