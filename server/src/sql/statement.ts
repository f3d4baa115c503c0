/** What kind of statement a tree is, as far as models and tests care. */

import type { Node } from 'libpg-query';

/** `query` gives rows (SELECT, VALUES, TABLE); `change` writes rows; `definition` makes or drops objects; `other` is the rest. */
export type StatementKind = 'query' | 'change' | 'definition' | 'other';

const CHANGES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'TruncateStmt', 'CopyStmt']);
const DEFINITION = /^(?:Create|Alter|Drop|Define|Rename|Comment|Grant|Reassign|View|Index|Rule)/;

export function statementKind(node: Node): StatementKind {
  const name = nodeName(node);
  // SELECT … INTO makes a table.
  if (name === 'SelectStmt')
    return 'SelectStmt' in node && node.SelectStmt.intoClause ? 'definition' : 'query';
  if (CHANGES.has(name)) return 'change';
  return DEFINITION.test(name) ? 'definition' : 'other';
}

/** The grammar's name of a node: `SelectStmt`, `RangeVar`. */
export function nodeName(node: Node): string {
  return Object.keys(node)[0] ?? '';
}
