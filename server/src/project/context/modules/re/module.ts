/** `modules.re`. */

import { Dict, str, textOf, Tuple, typeError, valueError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { then } from '../../../../base/maybe-promise.ts';
import { define } from '../../host.ts';
import type { Bound } from '../../host.ts';
import { intArgument } from '../integers.ts';
import { PythonClass } from '../python-class.ts';
import { FLAGS } from './flags.ts';
import {
  countArgument,
  findAll,
  matchIterator,
  matchValue,
  PatternValue,
  split,
  subjectArgument,
  substitute,
} from './objects.ts';
import type { CompiledPattern } from './pattern.ts';
import { compilePattern } from './pattern.ts';

export function reModule(): Dict {
  const functions = (['search', 'match', 'fullmatch'] as const).map((name) => {
    const how = name === 'fullmatch' ? 'fullMatch' : name;
    return [
      name,
      define(name, 'pattern,string,flags=', (args) => {
        const pattern = patternArgument(args);
        return matchValue(pattern, pattern[how](subjectArgument(args)));
      }),
    ] as const;
  });
  const substitutions = (['sub', 'subn'] as const).map(
    (name) =>
      [
        name,
        define(name, 'pattern,repl,string,count=,flags=', (args) => {
          const count = countArgument(args.get('count'));
          return then(
            substitute(patternArgument(args), args.value('repl'), subjectArgument(args), count),
            ({ text, made }) => (name === 'sub' ? text : new Tuple([text, made])),
          );
        }),
      ] as const,
  );
  return Dict.of([...functions, ...substitutions, ...others(), ...classes(), ...flags()]);
}

function others(): readonly (readonly [string, Value])[] {
  const compile = define('compile', 'pattern,flags=', (args) => new PatternValue(patternArgument(args)));
  return [
    ['compile', compile],
    ['template', compile],
    ['purge', define('purge', '', () => null)],
    ['escape', define('escape', 'pattern', (args) => escape(str(args.value('pattern'))))],
    [
      'findall',
      define('findall', 'pattern,string,flags=', (args) => {
        const pattern = patternArgument(args);
        return findAll(pattern, pattern.matches(subjectArgument(args)));
      }),
    ],
    [
      'finditer',
      define('finditer', 'pattern,string,flags=', (args) => {
        const pattern = patternArgument(args);
        return matchIterator(pattern, pattern.matches(subjectArgument(args)));
      }),
    ],
    [
      'split',
      define('split', 'pattern,string,maxsplit=,flags=', (args) =>
        split(patternArgument(args), subjectArgument(args), countArgument(args.get('maxsplit'))),
      ),
    ],
  ];
}

function classes(): readonly (readonly [string, Value])[] {
  return ['error', 'Pattern', 'Match', 'RegexFlag'].map((name) => [
    name,
    new PythonClass({
      name: `re.${name}`,
      construct: () => {
        throw typeError(`cannot create 're.${name}' instances`);
      },
      member: () => undefined,
    }),
  ]);
}

function flags(): readonly (readonly [string, Value])[] {
  const { ASCII, IGNORECASE, LOCALE, MULTILINE, DOTALL, VERBOSE, UNICODE } = FLAGS;
  return Object.entries({
    ...{ A: ASCII, I: IGNORECASE, L: LOCALE, M: MULTILINE, S: DOTALL, X: VERBOSE, U: UNICODE },
    ...{ ASCII, IGNORECASE, LOCALE, MULTILINE, DOTALL, VERBOSE, UNICODE, NOFLAG: 0 },
  });
}

/** A compiled pattern as it is; a text compiled. */
function patternArgument(args: Bound): CompiledPattern {
  const value = args.value('pattern');
  const given = args.get('flags');
  const wanted = given === undefined ? 0 : intArgument(given);
  if (value instanceof PatternValue) {
    if (wanted !== 0) throw valueError('cannot process flags argument with a compiled pattern');
    return value.pattern;
  }
  const source = textOf(value);
  if (source === undefined) throw typeError('first argument must be string or compiled pattern');
  return compilePattern(source, wanted);
}

function escape(text: string): string {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~#\s]/gu, (character) =>
    character.charCodeAt(0) < 0x80 ? `\\${character}` : character,
  );
}
