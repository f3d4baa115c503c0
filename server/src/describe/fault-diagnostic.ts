/** Postgres's refusal as a diagnostic at the template's own words. */

import type { Diagnostic } from '../base/diagnostic.ts';
import type { Range } from '../base/text.ts';
import { placeOfNode } from '../checks/check.ts';
import { renderedPlace } from '../checks/rendered-place.ts';
import type { CapturedText } from '../jinja/index.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';
import { namesFrom } from './names-from.ts';
import type { Fault, Question } from './question.ts';

/** By the classes of SQLSTATE that a reader tells apart; any other is `postgres`. */
const CODES: readonly { readonly code: string; readonly sqlstates: readonly string[] }[] = [
  { code: 'unknown-column', sqlstates: ['42703'] },
  {
    code: 'type-error',
    sqlstates: ['42883', '42725', '42804', '42846', '42P18', '22P02', '22003', '22007', '22008', '22023'],
  },
];
const OTHER = { code: 'postgres' };

export function diagnosticOf(
  project: Project,
  node: ManifestNode,
  sql: CapturedText,
  question: Question,
  fault: Fault,
): Diagnostic {
  const { code } = CODES.find(({ sqlstates }) => sqlstates.includes(fault.sqlstate)) ?? OTHER;
  // Nothing runs an analysis.
  const severity = node.resource_type === 'analysis' ? 'warning' : 'error';
  const diagnostic = { code, severity, message: messageOf(fault) } as const;
  if (fault.offset === null) {
    const place = placeOfNode(project, node);
    return place ? { ...diagnostic, place } : diagnostic;
  }
  const range = rangeOf(question, fault, fault.offset);
  const { place, details, isLiteral } = renderedPlace(project, node, sql, range);
  const text = isLiteral && fault.sqlstate === '42703' ? meantColumn(fault.hint) : undefined;
  return {
    ...diagnostic,
    ...(place ? { place } : {}),
    ...(details.related ? { related: details.related } : {}),
    ...(place && text !== undefined ? { suggestion: { range: place.range, text } } : {}),
  };
}

/** Postgres's own words, the hint behind them, the SQLSTATE at the end. */
function messageOf({ message, hint, sqlstate }: Fault): string {
  const hinted = hint === null ? message : `${message}. ${hint}`;
  return `${hinted} (${sqlstate})`;
}

/** A column without its qualifier, a function with it, else the token; the end of the text is empty. */
function rangeOf(question: Question, { sqlstate }: Fault, offset: number): Range {
  const tree = question.tree();
  const names = namesFrom(tree, offset);
  const last = names.at(-1);
  if (last) return { start: sqlstate === '42703' ? last.range.start : offset, end: last.range.end };
  const token = tree.tokens.find(({ range }) => range.start <= offset && range.end > offset);
  if (token) return token.range;
  const end = tree.tokens.findLast(({ isComment }) => !isComment)?.range.end ?? 0;
  return { start: end, end };
}

/** Postgres's hint names the column that is closest in spelling, between quotes, with its table before it; of two, neither is it. */
function meantColumn(hint: string | null): string | undefined {
  const [, quoted, second] = (hint ?? '').split('"').filter((_, index) => index % 2 === 1 || index === 0);
  if (!quoted?.includes('.') || second !== undefined) return undefined;
  const name = quoted.slice(quoted.indexOf('.') + 1);
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name);
}
