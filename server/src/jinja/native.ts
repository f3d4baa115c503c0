/** dbt's native renderer, for YAML values and test arguments: one printed value keeps its type, several become a text. */

import type { MaybePromise } from '../base/maybe-promise.ts';
import { then } from '../base/maybe-promise.ts';
import { compilationError } from './errors.ts';
import { evaluateLiteral } from './literal-eval.ts';
import { runTemplate, startRuntime } from './render.ts';
import type { RenderOptions } from './render-options.ts';
import type { Template } from './template.ts';
import { PyFloat } from './values/float.ts';
import { MarkedText } from './values/marked-text.ts';
import { str } from './values/repr.ts';
import { CapturedText } from './values/captured-text.ts';
import type { Value } from './values/value.ts';

/** As `quoted_native_concat`: `as_native`, `as_bool` and `as_number` read a Python literal, everything else stays what it is. */
export function renderNative(template: Template, options: RenderOptions): MaybePromise<Value> {
  return then(runTemplate(template, startRuntime(options, true), true), (frame) =>
    joinNodes(frame.nodes ?? []),
  );
}

function joinNodes(nodes: readonly Value[]): Value {
  const [first] = nodes;
  if (first === undefined) return '';
  if (nodes.length > 1) return nodes.map(str).join('');
  return first instanceof MarkedText ? readMarked(first) : plain(first);
}

function plain(value: Value): Value {
  return value instanceof CapturedText ? value.text : value;
}

function readMarked({ text, mark }: MarkedText): Value {
  if (mark === 'text') return text;
  const literal = evaluateLiteral(text);
  const value = literal === undefined ? text : literal;
  if (mark === 'bool' && typeof value !== 'boolean') {
    throw compilationError(`Could not convert value '${text}' into type 'bool'`);
  }
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat;
  if (mark === 'number' && !isNumber) {
    throw compilationError(`Could not convert value '${text}' into type 'number'`);
  }
  return value;
}
