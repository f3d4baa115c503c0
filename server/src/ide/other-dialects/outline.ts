/** SQL that is not Postgres's: its statements, its CTEs and the tables it reads. Never an error or a column: the parser is wrong too often. */

import type { Range } from '../../base/text.ts';
import { maskTemplate, templateOffset, type MaskedTemplate } from '../masked-template.ts';
import { templateParts } from '../template-parts.ts';
import { loadDialectParser } from './parsers.ts';

export interface OutlinedStatement {
  /** Such as `select` or `create`. */
  readonly verb: string;
  readonly range: Range;
  readonly ctes: readonly { readonly name: string; readonly range: Range }[];
}

export interface TableRead {
  /** As qualified as it is written, without quotes. */
  readonly name: string;
  /** Absent where the dialect's parser does not say. */
  readonly range?: Range;
}

export interface Outline {
  readonly statements: readonly OutlinedStatement[];
  /** Each once; neither CTEs nor what Jinja names, which the template's own tree tells. */
  readonly tables: readonly TableRead[];
}

/** undefined where the dialect or the text cannot be read. */
export async function outlineOf(dialect: string, text: string): Promise<Outline | undefined> {
  const parser = await loadDialectParser(dialect);
  if (!parser) return undefined;
  const mask = maskTemplate(text, templateParts(text));
  let ast: unknown;
  try {
    // Trimmed, its offsets would be those of another text.
    ast = parser.parse(mask.text, { trimQuery: false, parseOptions: { includeLocations: true } }).ast;
  } catch {
    // Half typed, or beyond this parser: then nothing is known.
    return undefined;
  }
  const found: Found = { mask, statements: [], tables: [] };
  for (const statement of Array.isArray(ast) ? (ast as unknown[]) : [ast]) addStatement(statement, found);
  const names = new Set(found.statements.flatMap(({ ctes }) => ctes.map(({ name }) => name.toLowerCase())));
  const tables = found.tables.filter(({ name }) => !names.has(name.toLowerCase()));
  return { statements: found.statements, tables };
}

interface Found {
  readonly mask: MaskedTemplate;
  readonly statements: OutlinedStatement[];
  readonly tables: TableRead[];
}

function addStatement(statement: unknown, found: Found): void {
  if (!isRecord(statement)) return;
  const ctes: { readonly name: string; readonly range: Range }[] = [];
  visit(statement, found, ctes);
  const range = rangeOf(statement, found.mask);
  const [first] = ctes;
  if (!range || typeof statement.type !== 'string') return;
  const start = Math.min(range.start, first?.range.start ?? range.start);
  found.statements.push({ verb: statement.type, range: { start, end: range.end }, ctes });
}

function visit(value: unknown, found: Found, ctes: { readonly name: string; readonly range: Range }[]): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found, ctes);
    return;
  }
  if (!isRecord(value)) return;
  if (typeof value.table === 'string' && 'db' in value && value.type !== 'column_ref') addTable(value, found);
  if (Array.isArray(value.with)) {
    for (const cte of value.with as unknown[]) {
      const name = isRecord(cte) && isRecord(cte.name) ? cte.name.value : undefined;
      const range = isRecord(cte) ? rangeOf(cte, found.mask) : undefined;
      if (typeof name === 'string' && range && !name.includes(found.mask.word)) ctes.push({ name, range });
    }
  }
  for (const [key, child] of Object.entries(value)) {
    // How the names are quoted; it has the same keys as a name.
    if (key !== 'surround') visit(child, found, ctes);
  }
}

function addTable(table: Readonly<Record<string, unknown>>, { mask, tables }: Found): void {
  const range = rangeOf(table, mask);
  const parts = [table.catalog ?? table.db, table.schema, table.table].filter(
    (part) => typeof part === 'string',
  );
  const name = parts.join('.');
  if (name.toLowerCase().includes(mask.word) || tables.some((known) => known.name === name)) return;
  tables.push({ name, ...(range && { range }) });
}

function rangeOf({ loc }: Readonly<Record<string, unknown>>, mask: MaskedTemplate): Range | undefined {
  if (!isRecord(loc) || !isRecord(loc.start) || !isRecord(loc.end)) return undefined;
  const { start, end } = { start: loc.start.offset, end: loc.end.offset };
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  // It counts the blanks behind as part of what is before them.
  const trimmed = start + mask.text.slice(start, end).trimEnd().length;
  return { start: templateOffset(mask, start), end: templateOffset(mask, trimmed) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
