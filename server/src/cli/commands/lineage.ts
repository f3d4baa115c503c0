/** `lineage`: where a model's columns, or one of them, come from and where they go. */

import { FailureError } from '../../base/failure.ts';
import { closestName } from '../../base/closest-name.ts';
import { readCatalog } from '../../describe/read-catalog.ts';
import { parentColumns } from '../../ide/columns/parent-columns.ts';
import { columnLineage, type ColumnGraph, type Directions } from '../../ide/lineage/column-lineage.ts';
import { membersOfLineage } from '../../ide/lineage/members.ts';
import { modelEdges } from '../../ide/lineage/model-edges.ts';
import type { Snapshot } from '../../ide/snapshot.ts';
import { emptyCatalog, type Catalog } from '../../project/catalog.ts';
import { schemasOf } from '../../project/stored-names.ts';
import { loadSqlParser } from '../../sql/parser.ts';
import { flag, text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { lineageDot } from '../lineage-dot.ts';
import { lineageJson } from '../lineage-json.ts';
import { lineageText } from '../lineage-text.ts';
import { openProject, openWarehouse, type Opened } from '../open-project.ts';
import type { Output } from '../output.ts';

const FORMS = { text: lineageText, json: lineageJson, dot: lineageDot };

export async function lineageCommand(args: Arguments, output: Output): Promise<number> {
  const form = text(args, 'format') ?? 'text';
  if (form !== 'text' && form !== 'json' && form !== 'dot')
    throw new UsageError(`Invalid value for '--format': '${form}' is not one of 'text', 'json', 'dot'.`);
  const [name, ...others] = args.positional;
  if (name === undefined || others.length > 0)
    throw new UsageError('lineage takes one model, or one column as MODEL.COLUMN; see lineage --help.');
  const opened = await openProject(args);
  const wanted = wantedIn(opened, name);
  const snapshot: Snapshot = {
    project: opened.project,
    catalog: await catalogFor(opened, output),
    parser: await loadSqlParser(),
  };
  const columns = wanted.column === undefined ? columnsOf(snapshot, wanted.uniqueId) : [wanted.column];
  if (wanted.column !== undefined) requireColumn(snapshot, wanted.uniqueId, wanted.column, name);
  const graphs = columns.map((column) =>
    columnLineage(snapshot, { uniqueId: wanted.uniqueId, column }, directionsOf(args)),
  );
  output.print(FORMS[form](snapshot, wanted.uniqueId, graphs));
  tellUnknown(snapshot, wanted.uniqueId, graphs, output);
  return EXIT.done;
}

function directionsOf(args: Arguments): Directions {
  const up = flag(args, 'upstream');
  return up === flag(args, 'downstream') ? 'both' : up ? 'upstream' : 'downstream';
}

interface Wanted {
  readonly uniqueId: string;
  readonly column: string | undefined;
}

/** The names of sources and of versions hold dots of their own: what is a resource as a whole is one. */
function wantedIn({ project }: Opened, written: string): Wanted {
  const { names } = membersOfLineage(project);
  const find = (name: string): string | undefined =>
    names.find((member) => member.name === name || member.uniqueId === name)?.uniqueId;
  const whole = find(written);
  if (whole !== undefined) return { uniqueId: whole, column: undefined };
  const dot = written.lastIndexOf('.');
  const owner = dot < 0 ? undefined : find(written.slice(0, dot));
  if (owner !== undefined) return { uniqueId: owner, column: written.slice(dot + 1) };
  const missing = dot < 0 ? written : written.slice(0, dot);
  const close = closestName(missing, names.map((member) => member.name)); // prettier-ignore
  throw new UsageError(
    `There is no model, seed, snapshot or source '${missing}'.${close === undefined ? '' : ` Did you mean '${close}'?`}`,
  );
}

/** What the target holds; where it does not answer, the project's files must do. */
async function catalogFor({ project, folder }: Opened, output: Output): Promise<Catalog> {
  try {
    const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
      output.progress(line);
    });
    const session = await warehouse.open('grainline lineage');
    try {
      return { ...emptyCatalog, readAt: project.input.settings.startedAt, relations: await readCatalog(session, schemasOf(project)) }; // prettier-ignore
    } finally {
      await session.close();
    }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    output.error(
      `The target does not answer (${error.message}): of columns only what the project's files say is known.`,
    );
    return emptyCatalog;
  }
}

function columnsOf(snapshot: Snapshot, uniqueId: string): readonly string[] {
  const edges = modelEdges(snapshot, uniqueId);
  const known = parentColumns(snapshot, uniqueId).columns.map(({ name }) => name);
  return edges?.kind === 'known' ? [...new Set([...edges.columns, ...known])] : known;
}

/** Where not all columns are known, one that nobody has heard of may be there all the same. */
function requireColumn(snapshot: Snapshot, uniqueId: string, column: string, written: string): void {
  const columns = columnsOf(snapshot, uniqueId);
  const isComplete = modelEdges(snapshot, uniqueId)?.kind === 'known' || parentColumns(snapshot, uniqueId).isComplete; // prettier-ignore
  if (columns.includes(column) || !isComplete) return;
  const close = closestName(column, columns);
  throw new UsageError(
    `${written.slice(0, -column.length - 1)} has no column '${column}'.${close === undefined ? '' : ` Did you mean '${close}'?`}`,
  );
}

function tellUnknown(
  snapshot: Snapshot,
  uniqueId: string,
  graphs: readonly ColumnGraph[],
  output: Output,
): void {
  const nameOf = (id: string): string => membersOfLineage(snapshot.project).byId.get(id)?.name ?? id;
  if (graphs.length === 0) {
    const edges = modelEdges(snapshot, uniqueId);
    const reason = edges?.kind === 'unknown' ? edges.reason : 'nothing tells which it has';
    output.error(`The columns of ${nameOf(uniqueId)} are not known: ${reason}.`);
  }
  const told = new Map(graphs.flatMap(({ unknown }) => unknown.map((hop) => [hop.uniqueId, hop] as const)));
  for (const { uniqueId: id, side, reason } of told.values())
    output.error(
      side === 'upstream'
        ? `What ${nameOf(id)} makes its columns of is not known: ${reason}.`
        : `Whether ${nameOf(id)} reads it is not known: ${reason}.`,
    );
}
