/** What it costs to understand a model's SQL: its columns, its keys and double countings, the lineage of each column. */

import type { Context } from '../context.ts';
import { generateProject, modelName } from '../generate-project.ts';
import { macroLibrary } from '../../server/src/cli/open-project.ts';
import { parentColumns } from '../../server/src/ide/columns/parent-columns.ts';
import { modelAnalysis } from '../../server/src/ide/grain/model-analysis.ts';
import { columnLineage } from '../../server/src/ide/lineage/column-lineage.ts';
import { modelEdges } from '../../server/src/ide/lineage/model-edges.ts';
import type { Snapshot } from '../../server/src/ide/snapshot.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { fileSet, type SourceFile } from '../../server/src/project/files.ts';
import { withEditedResource } from '../../server/src/project/edit.ts';
import { loadProject, projectFileContext, type Project } from '../../server/src/project/project.ts';
import { defaultFlags, type Settings } from '../../server/src/project/settings.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import type { Finding } from '../report.ts';

const MODELS = 1000;
const LAYERS = 10;
const EDITS = 100;

export async function sql(context: Context): Promise<Finding[]> {
  const parser = await loadSqlParser();
  const library = await macroLibrary();
  const settings = settingsOf(context);
  const read = (files: ReadonlyMap<string, SourceFile>): Project => {
    const { project } = loadProject({ files, library, settings });
    if (!project) throw new Error('the project of the benchmark cannot be read');
    return project;
  };
  const files = fileSet([...generateProject({ name: 'layered', models: MODELS, layers: LAYERS })]);
  const snapshot: Snapshot = { project: read(files), catalog: emptyCatalog, parser };
  const sample = read(readProjectFiles(context.root, projectFileContext(settings)));
  return [
    ...eachModel(snapshot, '1,000 models'),
    ...eachModel({ project: sample, catalog: emptyCatalog, parser }, 'the sample'),
    ...keystrokes(snapshot),
    ...lineages(snapshot),
  ];
}

function settingsOf({ server }: Context): Settings {
  return {
    target: {
      profileName: 'bench',
      name: 'dev',
      kind: 'postgres',
      database: server.database,
      schema: 'bench',
      threads: 1,
      credentials: { type: 'postgres', host: server.host, port: server.port, user: server.user, dbname: server.database, schema: 'bench' }, // prettier-ignore
    },
    vars: {},
    environment: new Map(),
    flags: defaultFlags,
    invocationId: '00000000-0000-4000-8000-000000000000',
    startedAt: Date.now(),
  };
}

/** From nothing: the template is rendered, its SQL parsed and bound, its facts derived, its lineage traced. */
function eachModel(snapshot: Snapshot, of: string): readonly Finding[] {
  const times = [...snapshot.project.manifest.nodes.values()]
    .filter((node) => node.resource_type === 'model')
    .map((node) =>
      timed(() => {
        understand(snapshot, node.unique_id);
      }),
    );
  return [
    absolute(`${of}: columns, grain and lineage of a model, median`, quantile(times, 0.5), 5),
    absolute(`${of}: columns, grain and lineage of a model, p99`, quantile(times, 0.99), undefined),
  ];
}

function understand(snapshot: Snapshot, id: string): void {
  parentColumns(snapshot, id);
  modelAnalysis(snapshot, id);
  modelEdges(snapshot, id);
}

/** A model of the first layer is typed in: with a new column for its readers, and without. */
function keystrokes(snapshot: Snapshot): readonly Finding[] {
  const path = [...snapshot.project.input.files.keys()].find((name) => name.endsWith(`/${modelName(0, 0)}.sql`)) ?? ''; // prettier-ignore
  const id = `model.layered.${modelName(0, 0)}`;
  const text = snapshot.project.input.files.get(path)?.text ?? '';
  let { project } = snapshot;
  const type = (written: string): number =>
    timed(() => {
      project = withEditedResource(project, { path, text: written }) ?? project;
      const now = { ...snapshot, project };
      understand(now, id);
      // Their lineage is traced when somebody asks.
      for (const each of dependants(project, id)) modelAnalysis(now, each);
    });
  const alike: number[] = [];
  const other: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    alike.push(type(`${text}${' '.repeat((edit % 5) + 1)}`));
    other.push(type(text.replace('i as id,', `i as id, ${String(edit)} as extra_${String(edit)},`)));
  }
  const count = dependants(project, id).length;
  return [
    absolute('a keystroke in a model of 1,000, all its dependants understood again, p95', quantile(alike, 0.95), 150), // prettier-ignore
    absolute(`a keystroke that changes the columns of ${String(count)} dependants, p95`, quantile(other, 0.95), undefined), // prettier-ignore
  ];
}

function dependants({ graph, manifest }: Project, id: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const child of graph.children.get(next) ?? []) {
      if (found.has(child) || manifest.nodes.get(child)?.resource_type !== 'model') continue;
      found.add(child);
      waiting.push(child);
    }
  return [...found];
}

/** What an editor waits for when a column is clicked, once the models are understood. */
function lineages(snapshot: Snapshot): readonly Finding[] {
  const place = { uniqueId: `model.layered.${modelName(LAYERS - 1, 0)}`, column: 'amount' };
  const times = Array.from({ length: 20 }, () => timed(() => columnLineage(snapshot, place, 'both')));
  return [absolute('the lineage of a column ten layers up, median', quantile(times, 0.5), 50)];
}

function timed(work: () => unknown): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function absolute(what: string, ours: number, limit: number | undefined): Finding {
  return { kind: 'absolute', what: `sql, ${what}`, ours, unit: 'ms', limit };
}
