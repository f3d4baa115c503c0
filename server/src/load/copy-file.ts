/** Copies one CSV file into a table as its bytes are, and turns the server's complaint into a place in the file. */

import { parseCsv } from '../base/csv.ts';
import { FailureError } from '../base/failure.ts';
import type { QueryFailure } from '../base/failure.ts';
import type { Session } from '../warehouse/port.ts';
import { LoadError } from './outcome.ts';
import type { LoadProblem, SourceFile } from './outcome.ts';
import { columnNames, qualified } from './raw-tables.ts';
import type { RawTable } from './raw-tables.ts';
import { firstLineOfRow } from './row-lines.ts';

export interface CopyTarget {
  readonly table: RawTable;
  /** The relation that takes the rows; the table itself or a stand-in with its columns. */
  readonly into: string;
  /** More of COPY's options, such as `freeze`. */
  readonly options?: readonly string[];
  /** What to do about a key that is there already. */
  readonly onDuplicate: string;
}

/** Resolves to the number of rows. Throws a LoadError for what is wrong with the file. */
export async function copyFile(session: Session, file: SourceFile, target: CopyTarget): Promise<number> {
  const { header, bytes } = await openCsv(file);
  if (header === undefined) return 0; // Nothing in it, not even a header.
  checkHeader(file, header, target.table);
  const options = ['format csv', 'header match', ...(target.options ?? [])].join(', ');
  try {
    return await session.copyIn(
      `copy ${target.into} (${header.join(', ')}) from stdin with (${options})`,
      bytes,
    );
  } catch (error) {
    if (!(error instanceof FailureError) || error.failure.kind !== 'query') throw error;
    const problem = await toProblem(error.failure, file, target);
    throw problem ? new LoadError(problem) : error;
  }
}

/** The file's bytes from the shell; an obstacle of the disk becomes a problem with the file. */
export async function* bytesOf(file: SourceFile): AsyncGenerator<Uint8Array> {
  try {
    yield* file.open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoadError({ path: file.path, message: `The file cannot be read (${reason}).` });
  }
}

interface Csv {
  /** Undefined for a file without any bytes. */
  readonly header: readonly string[] | undefined;
  /** Everything, header included, without the byte order mark. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const LONGEST_HEADER = 64 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Reads as far as the header goes. */
async function openCsv(file: SourceFile): Promise<Csv> {
  const chunks = bytesOf(file);
  let start = new Uint8Array();
  while (start.length < LONGEST_HEADER && endOfLine(start) < 0) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = concatenate(start, next.value);
  }
  refuseUtf16(file, start);
  const text = withoutByteOrderMark(start);
  const end = endOfLine(text);
  const line = new TextDecoder().decode(end < 0 ? text : text.subarray(0, end));
  return {
    header: text.length === 0 ? undefined : parseCsv(line).header,
    bytes: prepend(text, chunks),
  };
}

/** The server would say the same less clearly, and wants the columns in its own order. */
function checkHeader(file: SourceFile, header: readonly string[], table: RawTable): void {
  const expected = columnNames(table);
  const missing = expected.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !expected.includes(name));
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  const faults = [
    ...(missing.length > 0 ? [`lacks ${quoted(missing)}`] : []),
    ...(unknown.length > 0 ? [`has ${quoted(unknown)}, which the table has not`] : []),
    ...(twice.length > 0 ? [`has ${quoted(twice)} twice`] : []),
  ];
  if (faults.length === 0) return;
  const column = missing[0] ?? unknown[0] ?? twice[0];
  throw new LoadError({
    path: file.path,
    line: 1,
    ...(column === undefined ? {} : { column }),
    message: `The header ${faults.join(' and ')}: it must name the columns of ${qualified(table)}, ${expected.join(',')}.`,
  });
}

/** Undefined when the failure is not about a line of the file. */
async function toProblem(
  failure: QueryFailure,
  file: SourceFile,
  target: CopyTarget,
): Promise<LoadProblem | undefined> {
  const context = /^COPY \S+, line (\d+)(?:, column ([^:\n]+))?/m.exec(failure.context ?? '');
  if (!context) return undefined;
  const column = context[2] ?? namedColumn(failure);
  return {
    path: file.path,
    line: await firstLineOfRow(bytesOf(file), Number(context[1])),
    ...(column === undefined ? {} : { column }),
    message: sentence(failure, target),
  };
}

function sentence(failure: QueryFailure, target: CopyTarget): string {
  switch (failure.sqlstate) {
    case '22P04': // bad_copy_file_format
      return `The row does not fit the header (${failure.message}): correct its commas and quotes.`;
    case '22021': // character_not_in_repertoire
      return failure.message.includes('0x00')
        ? 'The row holds a NUL character, which Postgres cannot store: remove it.'
        : `The row is not UTF-8 (${failure.message}): save the file as UTF-8.`;
    case '23502': // not_null_violation
      return `The key "${target.table.key ?? ''}" is empty: every row of ${qualified(target.table)} needs one.`;
    case '23505': {
      const key = /\((.*)\)=\((.*)\)/.exec(failure.detail ?? '');
      return `The ${key?.[1] ?? 'key'} "${key?.[2] ?? ''}" is there already: ${target.onDuplicate}.`;
    }
    default:
      return `The value does not fit (${failure.message}): correct it in the file.`;
  }
}

function namedColumn(failure: QueryFailure): string | undefined {
  return /column "([^"]+)"/.exec(failure.message)?.[1] ?? /^Key \((\w+)\)=/.exec(failure.detail ?? '')?.[1];
}

function refuseUtf16(file: SourceFile, start: Uint8Array): void {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new LoadError({ path: file.path, line: 1, message: 'The file is UTF-16: save it as UTF-8.' });
  }
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** -1 when the line does not end here. Column names hold no line break, so quotes do not matter. */
function endOfLine(bytes: Uint8Array): number {
  return bytes.findIndex((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
}

function concatenate(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}

async function* prepend(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  yield* rest;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
