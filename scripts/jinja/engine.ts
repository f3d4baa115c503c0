/** The engine's own answers, in the oracle's form. */

import { isPromise } from '../../server/src/base/maybe-promise.ts';
import {
  ReturnSignal,
  TemplateError,
  Undefined,
  parseTemplate,
  renderNative,
  renderTemplate,
  repr,
  typeName,
} from '../../server/src/jinja/index.ts';
import { freshContext } from './names.ts';
import type { Answer, Mode } from './oracle.ts';

const MOST = 20_000;

export function ownAnswer(template: string, mode: Mode): Answer {
  try {
    const parsed = parseTemplate(template, 'model.sql', { dialect: mode === 'plain' ? 'jinja' : 'dbt' });
    const options = {
      context: freshContext(),
      undefined: mode === 'parse' ? ('parse' as const) : ('default' as const),
      limits: { steps: 200_000, output: 20_000_000 },
    };
    if (mode === 'native') {
      const value = renderNative(parsed, options);
      if (isPromise(value)) throw new Error('nothing waits here');
      return ['value', typeName(value), value instanceof Undefined ? 'Undefined' : firstPart(repr(value))];
    }
    const rendered = renderTemplate(parsed, options);
    if (isPromise(rendered)) throw new Error('nothing waits here');
    return ['text', firstPart(rendered.text)];
  } catch (error) {
    if (error instanceof ReturnSignal) return ['error', 'ReturnSignal', ''];
    if (!(error instanceof TemplateError))
      return ['error', 'THROWN', String((error as Error).stack).slice(0, 400)];
    if (error.pythonClass === 'RenderLimitError' || error.pythonClass === 'RecursionError') {
      return ['bound', error.pythonClass];
    }
    return ['error', error.pythonClass, firstPart(error.message)];
  }
}

/** Python counts code points. */
function firstPart(text: string): string {
  return text.length <= MOST ? text : Array.from(text).slice(0, MOST).join('');
}
