/** `load-initial` and `ingest`: files of the project into the raw layer. */

import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ingest } from '../../load/ingest.ts';
import { selectBatches } from '../../load/batches.ts';
import { loadInitial } from '../../load/load-initial.ts';
import type { LoadEvent, LoadProblem, SourceFile } from '../../load/outcome.ts';
import type { Session } from '../../warehouse/port.ts';
import { flag, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { interruption } from '../interruption.ts';
import { locate, openWarehouse, type Located } from '../open-project.ts';
import type { Output } from '../output.ts';

export const INITIAL = 'data/initial';
const INCREMENTAL = 'data/incremental';

export async function loadInitialCommand(args: Arguments, output: Output): Promise<number> {
  const located = locate(args);
  const loaded = await withSession(located, output, (session) =>
    loadInitialFiles(session, located.folder, output),
  );
  return loaded ? EXIT.done : EXIT.failed;
}

export interface LoadedRows {
  readonly table: string;
  readonly rows: number;
}

/** undefined when a file was refused; the reason is printed. */
export async function loadInitialFiles(
  session: Session,
  folder: string,
  output: Output,
): Promise<readonly LoadedRows[] | undefined> {
  const outcome = await loadInitial(session, {
    files: filesIn(folder, INITIAL),
    onEvent: (event) => {
      reportLoad(event, output);
    },
  });
  if (outcome.kind === 'done') return outcome.report;
  output.error(problemLine(outcome.problem));
  return undefined;
}

export async function ingestCommand(args: Arguments, output: Output): Promise<number> {
  const located = locate(args);
  const [wanted, ...others] = args.positional;
  if (others.length > 0)
    throw new UsageError('ingest takes one batch, such as events/batch_001, or none for all.');
  const selected = selectBatches(filesIn(located.folder, INCREMENTAL), wanted);
  if (selected.kind === 'refused') {
    output.error(problemLine(selected.problem));
    return EXIT.failed;
  }
  const outcome = await withSession(located, output, (session) =>
    ingest(session, {
      batches: selected.report,
      force: flag(args, 'force'),
      onEvent: (event) => {
        reportLoad(event, output);
      },
    }),
  );
  if (outcome.kind === 'refused') {
    output.error(problemLine(outcome.problem));
    return EXIT.failed;
  }
  const changed = outcome.report.filter((batch) => batch.effect !== 'repeated');
  const rows = changed.reduce((sum, batch) => sum + batch.rows, 0);
  output.log(
    `Ingested ${String(changed.length)} of ${String(outcome.report.length)} batches, ${String(rows)} rows.`,
  );
  return EXIT.done;
}

async function withSession<T>(
  located: Located,
  output: Output,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const warehouse = await openWarehouse(located.folder, located.settings.target, (line) => {
    output.progress(line);
  });
  const session = await warehouse.open('grainline');
  const stop = interruption(output);
  stop.signal.addEventListener('abort', () => void session.cancel());
  try {
    return await work(session);
  } finally {
    stop.dispose();
    await session.close();
  }
}

/** CSV files below a folder, by path; none when the folder is absent. */
function filesIn(folder: string, below: string): SourceFile[] {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.csv') && statSync(join(folder, below, name)).isFile())
    .sort()
    .map((name) => ({ path: `${below}/${name}`, open: () => createReadStream(join(folder, below, name)) }));
}

function reportLoad(event: LoadEvent, output: Output): void {
  switch (event.kind) {
    case 'waiting':
      output.log(event.message);
      break;
    case 'dependents-dropped':
      output.log(
        `Dropped with raw: ${event.relations.join(', ')}. The next run of their models brings them back.`,
      );
      break;
    case 'copied':
      output.log(`${event.path}: ${String(event.rows)} rows into raw.${event.table}`);
      break;
    case 'repeated':
      output.log(`${event.path}: ingested before, nothing changed. Use --force to apply it again by key.`);
      break;
  }
}

function problemLine({ path, line, column, message }: LoadProblem): string {
  const place = path === undefined ? '' : `${path}${line === undefined ? '' : `:${String(line)}`}: `;
  return `${place}${column === undefined ? '' : `column ${column}: `}${message}`;
}
