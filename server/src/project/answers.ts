/** What templates asked of a warehouse and were told: a value beside the Catalog, by the text of the statement that was asked. */

import type { Executed } from './context/warehouse-access.ts';

export type Answer =
  | { readonly kind: 'rows'; readonly result: Executed; readonly answeredAt: number }
  /** The server refused it, or it is nothing that is sent while somebody types: in words that end a sentence. */
  | { readonly kind: 'none'; readonly reason: string; readonly answeredAt: number };

export type Answers = ReadonlyMap<string, Answer>;

/** One thing that a template asked while it was rendered. */
export type TemplateQuestion =
  | { readonly kind: 'statement'; readonly sql: string }
  /** Answered from the Catalog, so that the rendering holds for that one. */
  | { readonly kind: 'catalog' };

/** The statements among them, each once. */
export function statementsIn(questions: Iterable<TemplateQuestion>): readonly string[] {
  const found = new Set<string>();
  for (const question of questions) if (question.kind === 'statement') found.add(question.sql);
  return [...found];
}
