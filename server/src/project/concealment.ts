/**
 * Messages without what templates were told of the environment: where a value of `env_var` would stand, its call stands.
 *
 * What the project's own files are called is no secret of the environment, and paths stay readable.
 */

import { environmentAnswers } from './context/variables.ts';
import type { FileSet } from './files.ts';

/** Values as short as this are words of their own, and only hidden where a message quotes them. */
const SHORT = 7;

export type Conceal = (message: string) => string;

/** Answers that come after this was made are known to it, too. */
export function concealing(environment: ReadonlyMap<string, string>, files: FileSet): Conceal {
  let paths: string | undefined;
  return (message) => {
    let shown = message;
    for (const [value, name] of environmentAnswers(environment)) {
      if (!shown.includes(value)) continue;
      const call = `{{ env_var('${name}') }}`;
      if (value.length <= SHORT) {
        for (const quote of ["'", '"', '`'])
          shown = shown.replaceAll(quote + value + quote, quote + call + quote);
        continue;
      }
      paths ??= [...files.keys()].join('\n');
      if (!paths.includes(value)) shown = shown.replaceAll(value, call);
    }
    return shown;
  };
}
