/** A broken model is refused in dbt's very words, line and quoted text included: against what dbt-core said of the same models. */

import { fileURLToPath } from 'node:url';
import { isPromise } from '../../server/src/base/maybe-promise.ts';
import { TemplateError, parseTemplate, renderTemplate } from '../../server/src/jinja/index.ts';
import { errorMessage } from '../../server/src/run/messages.ts';
import { testCases } from '../support/cases.ts';
import { contextOf } from './support.ts';

const model = { resource_type: 'model', name: 'broken', original_file_path: 'models/broken.sql' } as const;

testCases(fileURLToPath(new URL('../cases/refusals', import.meta.url)), ({ input }) => {
  try {
    const rendered = renderTemplate(parseTemplate(input.text, model.original_file_path), {
      context: contextOf(),
    });
    return isPromise(rendered) ? 'waits' : `not refused: ${rendered.text}`;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return errorMessage(error, model, null);
  }
});
