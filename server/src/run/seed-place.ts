/** Where in its file a seed was refused: COPY counts the rows it was sent, the user counts lines. */

import { FailureError } from '../base/failure.ts';
import type { TemplateError } from '../jinja/index.ts';
import { seedLine } from '../project/context/agate/index.ts';

export interface LoadedSeed {
  readonly path: string;
  readonly text: string;
  readonly delimiter: string;
}

/** Names the file and its line in place of the table and its row; leaves any other error as it is. */
export function nameSeedLine(error: TemplateError, { path, text, delimiter }: LoadedSeed): void {
  const failure = error.cause instanceof FailureError ? error.cause.failure : undefined;
  if (failure?.kind !== 'query' || failure.context === undefined) return;
  const [counted, row] = /^COPY .+?, line (\d+)/.exec(failure.context) ?? [];
  if (counted === undefined) return;
  const line = String(seedLine(text, delimiter, Number(row)));
  error.message = error.message.replace(counted, () => `${path}:${line}`);
}
