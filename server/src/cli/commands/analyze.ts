/** `analyze`: a query's columns, keys and double countings, against a schema given as DDL or the project's target. */

import { FailureError } from '../../base/failure.ts';
import { analyzeQuery, type QueryReport } from '../../prove/analyze-query.ts';
import { inScratch } from '../../prove/scratch.ts';
import { loadSqlParser } from '../../sql/parser.ts';
import type { Session } from '../../warehouse/port.ts';
import { readText } from '../../workspace/disk.ts';
import { text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { scratchWarehouse } from '../scratch-warehouse.ts';
import type { Output } from '../output.ts';

export async function analyzeCommand(args: Arguments, output: Output): Promise<number> {
  const form = text(args, 'format') ?? 'text';
  if (form !== 'text' && form !== 'json')
    throw new UsageError(`Invalid value for '--format': '${form}' is not one of 'text', 'json'.`);
  const cases = text(args, 'cases');
  const [file] = args.positional;
  if ((cases === null) === (file === undefined))
    throw new UsageError('analyze takes a query file, or --cases FILE.json; see analyze --help.');
  const warehouse = await scratchWarehouse(args, output);
  const session = await warehouse.open('grainline analyze');
  try {
    if (cases !== null) return await analyzeCases(session, casesIn(cases), output);
    const schema = text(args, 'schema');
    const report = await inScratch(session, schema === null ? '' : fileText(schema), async () =>
      analyzeQuery(session, await loadSqlParser(), fileText(file ?? ''), columnsIn(text(args, 'key'))),
    );
    if (form === 'json') output.print(JSON.stringify(report, null, 2));
    else printReport(report, file ?? '', output);
    return report.declaredKey?.verdict === 'refuted' || report.diagnostics.length > 0
      ? EXIT.failed
      : EXIT.done;
  } finally {
    await session.close();
  }
}

interface Case {
  readonly id: string;
  readonly ddl: string;
  readonly sql: string;
  readonly declared_key?: readonly string[] | string | null;
}

/** One line of JSON for each case, whatever befalls it. */
async function analyzeCases(session: Session, cases: readonly Case[], output: Output): Promise<number> {
  const parser = await loadSqlParser();
  for (const one of cases) {
    const key =
      typeof one.declared_key === 'string' ? columnsIn(one.declared_key) : (one.declared_key ?? undefined);
    const report = await inScratch(session, one.ddl, () => analyzeQuery(session, parser, one.sql, key)).catch(
      (error: unknown) => {
        if (!(error instanceof FailureError)) throw error;
        return { error: error.message };
      },
    );
    output.print(JSON.stringify({ id: one.id, ...report }));
  }
  return EXIT.done;
}

function casesIn(path: string): readonly Case[] {
  let data: unknown;
  try {
    data = JSON.parse(fileText(path));
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${(error as Error).message}.`);
  }
  const list = Array.isArray(data) ? data : (data as { cases?: unknown }).cases;
  if (!Array.isArray(list)) throw new UsageError(`${path} holds no list of cases.`);
  list.forEach((one: unknown, index) => {
    const { id, ddl, sql } = one as Partial<Record<keyof Case, unknown>>;
    if (typeof id !== 'string' || typeof ddl !== 'string' || typeof sql !== 'string')
      throw new UsageError(`${path}: case ${String(index + 1)} needs the texts id, ddl and sql.`);
  });
  return list as readonly Case[];
}

function columnsIn(key: string | null): readonly string[] | undefined {
  return key === null
    ? undefined
    : key
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
}

function fileText(path: string): string {
  const content = readText(path, path);
  if (content === undefined) throw new UsageError(`There is no file ${path}.`);
  return content;
}

function printReport(report: QueryReport, file: string, output: Output): void {
  for (const { name, type, nullable, origins } of report.columns) {
    const from = origins.map(({ relation, column }) => `${relation}.${column}`).join(', ');
    output.print(`${name}  ${type}${nullable ? '' : ' not null'}${from === '' ? '' : `  from ${from}`}`);
  }
  for (const key of report.keys)
    output.print(key.length === 0 ? 'at most one row' : `one row per ${key.join(', ')}`);
  if (report.keys.length === 0) output.print('no key is known');
  if (report.declaredKey) {
    const { columns, verdict, reason } = report.declaredKey;
    output.print(`${verdict}: one row per ${columns.join(', ')}${reason === '' ? '' : ` (${reason})`}`);
  }
  for (const { severity, code, message, line, column } of report.diagnostics)
    output.print(`${file}:${String(line)}:${String(column)}: ${severity}: ${message} [${code}]`);
}
