/** When two answers count as equal: the same text but for what names a Python object, or an error in the same words. */

import type { Answer } from './oracle.ts';

/** `<function f at 0x7f…>`, `<dbt.context.providers.Y object at 0x…>`: which object it is says nothing. */
const OBJECT = /<(?:\w+\.)*(\w+) object(?: at 0x[0-9a-f]+)?>/gu;
const FUNCTION = /<(function|bound method) [^>]*>/gu;
/** A member of an enum, which is a text that prints as its value. */
const ENUM = /<\w+\.\w+: ('\w+')>/gu;
/** A function's class, before its name in the words of a TypeError. */
const OWNER = /\b_?[A-Z]\w*\.(?:<locals>\.)?(\w+\(\))/gu;

/** What Jinja and Python raise, dbt raises again in classes of its own that say no more; here they keep their own names. */
const WRAPPED = new Set([
  'CompilationError',
  'CaughtMacroError',
  'CaughtMacroErrorWithNodeError',
  'UndefinedMacroError',
  'UndefinedError',
  'TypeError',
  'ValueError',
  'AttributeError',
  'KeyError',
  'TemplateSyntaxError',
]);

export function equalAnswers(expected: Answer, actual: Answer): boolean {
  if (expected[0] === 'text') return actual[0] === 'text' && plain(expected[1]) === plain(actual[1]);
  return (
    actual[0] === 'error' && kind(expected[1]) === kind(actual[1]) && words(expected[2]) === words(actual[2])
  );
}

function kind(pythonClass: string): string {
  return WRAPPED.has(pythonClass) ? 'CompilationError' : pythonClass;
}

/** A syntax error of dbt ends with its line, which is a place here. */
function words(message: string): string {
  return plain(message.replace(OWNER, '$1').replace(/\n {2}line \d+\n[^]*$/u, ''));
}

function plain(text: string): string {
  return text.replace(OBJECT, '<$1>').replace(FUNCTION, '<$1>').replace(ENUM, '$1').trim();
}
