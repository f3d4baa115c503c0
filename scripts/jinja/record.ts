/** Cases for the test that runs without Python: as many kinds of template as there is room for, each once. */

import type { Answer } from './oracle.ts';

export interface Kept {
  readonly template: string;
  readonly answer: Answer;
}

const MOST = 2500;
const LONGEST_TEMPLATE = 110;
const LONGEST_ANSWER = 160;

/** One case a line. */
export function recordOf(cases: readonly Kept[]): string {
  const kinds = new Map<string, Kept>();
  for (const kept of cases) {
    const { template, answer } = kept;
    if (template.length > LONGEST_TEMPLATE || JSON.stringify(answer).length > LONGEST_ANSWER) continue;
    const kind = template.replaceAll(/'[^']*'|"[^"]*"|\d+/gu, '?');
    const known = kinds.get(kind);
    if (!known || template.length < known.template.length) kinds.set(kind, kept);
  }
  const chosen = [...kinds.values()].slice(0, MOST);
  return `[\n${chosen.map(({ template, answer }) => JSON.stringify([template, ...answer])).join(',\n')}\n]\n`;
}
