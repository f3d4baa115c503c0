/** The expressions that are asked of every context: read from a text, by phase. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Questions } from './oracle.ts';

export const MEMBERS = join(import.meta.dirname, '..', '..', 'test', 'project', 'context', 'members');

/** What both sides have in their environment. */
export const ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ['GRAINLINE_GIVEN', 'given'],
  ['DBT_ENV_SECRET_GIVEN', 'hush'],
  ['DBT_ENV_CUSTOM_ENV_TEAM', 'sales'],
]);

/** What follows needs a server to be asked. */
const WAREHOUSE = ' with a warehouse';

/** A heading names phases; each line below is an expression, shown in a list so that its repr is compared. */
export function readQuestions(): Questions {
  const questions: Record<string, string[]> = {};
  let phases: readonly string[] = [];
  for (const line of readFileSync(join(MEMBERS, 'expressions.txt'), 'utf8').split('\n')) {
    if (line.startsWith('# ')) phases = line.slice(2).replace(WAREHOUSE, '').split(' ');
    else if (line !== '') for (const phase of phases) (questions[phase] ??= []).push(line);
  }
  return questions;
}

export function templateOf(expression: string): string {
  return `{{ [${expression}] }}`;
}

/** `==> path` begins a file, as in the fixtures of tests. */
export function projectFiles(): ReadonlyMap<string, string> {
  const [, ...parts] = `\n${readFileSync(join(MEMBERS, 'project.txt'), 'utf8')}`.split('\n==> ');
  return new Map(
    parts.map((part) => {
      const [path = '', ...lines] = part.split('\n');
      return [path, `${lines.join('\n').trimEnd()}\n`];
    }),
  );
}
