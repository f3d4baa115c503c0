/** Cases for the test that runs without Python. */

import type { Answer } from './oracle.ts';

export interface Kept {
  readonly template: string;
  readonly answer: Answer;
}

/** One case a line. */
export function recordOf(cases: readonly Kept[]): string {
  return `[\n${cases.map(({ template, answer }) => JSON.stringify([template, ...answer])).join(',\n')}\n]\n`;
}
