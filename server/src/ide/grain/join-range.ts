/** Where a join stands in the text: what is joined, by its name. */

import type { Range } from '../../base/text.ts';
import type { SqlTree } from '../../sql/parse-sql.ts';
import type { Join } from '../../sql/plan/plan.ts';
import type { SqlToken } from '../../sql/scan-sql.ts';
import { wordOf } from '../../sql/written-scalar.ts';

/** Empty where it is not written here. */
export function joinRange(tree: SqlTree, { start }: Join): Range {
  if (start === 0) return { start: 0, end: 0 };
  const tokens = tree.tokens.filter(({ isComment }) => !isComment);
  const at = tokens.findIndex(({ range }) => range.start === start);
  let end = at;
  // A name may have its schema before it.
  while (isWord(tree, tokens[end + 1], '.')) end += 2;
  const item = tokens[end];
  if (at < 0 || !item) return { start: 0, end: 0 };
  return { start, end: item.range.end };
}

function isWord(tree: SqlTree, token: SqlToken | undefined, word: string): boolean {
  return token !== undefined && wordOf(tree, token) === word;
}
