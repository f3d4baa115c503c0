/** The parts of a plan that are written as they stand in Postgres's tree: frames of windows, and functions in FROM. */

import type { Alias, Node, RangeFunction } from 'libpg-query';
import { NotDeparsable, columnText } from './deparse-scalar.ts';
import type { NodePrinter } from './deparser.ts';
import type { FunctionScan, WindowCall } from './plan.ts';

const RANGE = 0x2;
const ROWS = 0x4;
const NON_DEFAULT = 0x1;

type Over = Extract<Node, { FuncCall: unknown }>['FuncCall']['over'];

/** A frame that a named window brings is not known here, unless it is all of the partition. */
export function frameText(print: NodePrinter, call: WindowCall, over: Over): string {
  if (call.wholePartition)
    return call.order.length > 0 ? 'rows between unbounded preceding and unbounded following' : '';
  if (!over || over.name !== undefined) return '';
  const { frameOptions = 0, startOffset, endOffset } = over;
  if ((frameOptions & NON_DEFAULT) === 0) return '';
  const mode = (frameOptions & RANGE) !== 0 ? 'range' : (frameOptions & ROWS) !== 0 ? 'rows' : 'groups';
  const start = boundText(print, frameOptions, 0, startOffset);
  const end = boundText(print, frameOptions, 1, endOffset);
  const exclusion =
    (frameOptions & 0x8000) !== 0
      ? ' exclude current row'
      : (frameOptions & 0x10000) !== 0
        ? ' exclude group'
        : (frameOptions & 0x20000) !== 0
          ? ' exclude ties'
          : '';
  return `${mode} between ${start} and ${end}${exclusion}`;
}

/** The bits are those of Postgres's `parsenodes.h`; those of the end follow those of the start. */
function boundText(print: NodePrinter, options: number, at: 0 | 1, offset: Node | undefined): string {
  const has = (bit: number): boolean => (options & (bit << at)) !== 0;
  if (has(0x20)) return 'unbounded preceding';
  if (has(0x80)) return 'unbounded following';
  if (has(0x200)) return 'current row';
  const text = offset ? `(${print(offset)})` : '(0)';
  return has(0x800) ? `${text} preceding` : `${text} following`;
}

/** The item as written, under an alias that names its columns by their numbers. */
export function withAlias({ node, columns }: FunctionScan, name: string): Node {
  const colnames = columns.map(({ id }): Node => ({ String: { sval: columnText(id) } }));
  const alias: Alias = { aliasname: name, colnames };
  if ('RangeFunction' in node) {
    const { alias: _own, ...rest } = node.RangeFunction;
    if (!rest.coldeflist) return { RangeFunction: { ...rest, alias } };
    // The names of a record's columns say which of its fields they are.
    const range: RangeFunction = { ...rest, alias: { aliasname: name } };
    return { RangeFunction: range };
  }
  if ('RangeTableFunc' in node) return { RangeTableFunc: { ...node.RangeTableFunc, alias } };
  if ('JsonTable' in node) return { JsonTable: { ...node.JsonTable, alias } };
  throw new NotDeparsable('FROM holds something that has no text');
}
