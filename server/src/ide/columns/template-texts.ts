/** A template's own text, wherever it stands among its blocks. */

import type { Range } from '../../base/text.ts';
import type { Statement } from '../../jinja/index.ts';

export function forEachText(body: readonly Statement[], visit: (text: Range) => void): void {
  for (const statement of body) {
    if (statement.type === 'text') visit(statement);
    for (const inner of bodiesOf(statement)) forEachText(inner, visit);
  }
}

/** The blocks' bodies that a statement has; of an `if` each branch. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.type) {
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise ?? []];
    case 'for':
      return [statement.body, statement.otherwise ?? []];
    case 'set-block':
    case 'with':
    case 'macro':
    case 'call-block':
    case 'filter-block':
    case 'block':
    case 'autoescape':
    case 'scope':
      return [statement.body];
    case 'text':
    case 'output':
    case 'set':
    case 'do':
    case 'break':
    case 'continue':
      return [];
  }
}
