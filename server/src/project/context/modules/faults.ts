/** The errors of Python's arithmetic that the value model has no function for. */

import { TemplateError } from '../../../jinja/index.ts';

export function overflow(message: string): TemplateError {
  return new TemplateError('limit', 'OverflowError', message);
}

export function zeroDivision(message: string): TemplateError {
  return new TemplateError('arithmetic', 'ZeroDivisionError', message);
}
