/**
 * Replays what dbt-core did with whole real projects: the commands, then statuses and failures per node, hashes of compiled code, and the
 * relations with their columns, counts and checksums.
 */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { build } from '../parity/build.ts';
import type { Built } from '../parity/build.ts';
import { profileOf, writeProfile } from '../profiles.ts';
import { connect } from '../relations/read.ts';
import type { Relation } from '../relations/read.ts';

export interface RecordedProject {
  readonly dbt_version: string;
  readonly steps: readonly RecordedStep[];
  readonly relations: Readonly<Record<string, RecordedRelation>>;
  readonly node_configs: Readonly<
    Record<string, readonly [alias: string, schema: string, materialized: string, tags: readonly string[]]>
  >;
  readonly parents: Readonly<Record<string, readonly string[]>>;
}

interface RecordedStep {
  readonly step: string;
  readonly args: {
    readonly which: string;
    readonly select: readonly string[] | null;
    readonly exclude: readonly string[] | null;
    readonly full_refresh: boolean | null;
    readonly vars: Readonly<Record<string, unknown>>;
  };
  readonly nodes: Readonly<
    Record<
      string,
      readonly [status: string, failures: number | null, exact: string | null, folded: string | null]
    >
  >;
}

type RecordedRelation = readonly [
  kind: string,
  columns: readonly (readonly [name: string, type: string, notNull: boolean])[],
  rows: number,
  md5: string,
];

export interface ProjectReplay {
  readonly name: string;
  /** A checkout of the project, with its packages installed; it stays as it is. */
  readonly checkout: string;
  readonly program: readonly string[];
  readonly server: ConnectionSettings;
  /** Where a copy of the project is built. */
  readonly folder: string;
  /** The recorded database's name: where it is not known, only compiled code that does not hold the name can be compared. */
  readonly recordedDatabase: string | undefined;
}

export interface ProjectDifferences {
  readonly lines: readonly string[];
  readonly equal: boolean;
}

export function readProjects(path: string): Readonly<Record<string, RecordedProject>> {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Record<string, RecordedProject>;
}

export async function replayProject(
  recorded: RecordedProject,
  replay: ProjectReplay,
): Promise<ProjectDifferences> {
  if (!existsSync(join(replay.checkout, 'dbt_project.yml'))) {
    throw new Error(`There is no dbt_project.yml in "${replay.checkout}".`);
  }
  const project = join(replay.folder, 'project');
  const profiles = join(replay.folder, 'profiles');
  cpSync(replay.checkout, project, { recursive: true });
  rmSync(join(project, 'target'), { recursive: true, force: true });
  const schema = recordedSchema(recorded);
  writeProfile(profiles, replay.server, { profile: profileOf(project), schema, threads: 4 });
  await dropRecordedSchemas(replay.server, recorded);

  const lines: string[] = [];
  const differences: string[] = [];
  let last: Built | undefined;
  for (const step of recorded.steps) {
    const side = { name: replay.name, program: replay.program, project, profiles, settings: replay.server };
    const built = await build(side, commandOf(step), { mostRows: 0, clean: (text) => text });
    const found = compareNodes(step, built, replay);
    lines.push(`${replay.name} ${step.step}: ${found.summary}`);
    differences.push(...found.differences);
    if (built.statuses.size === 0 && Object.keys(step.nodes).length > 0) lines.push(built.output.trimEnd());
    last = built;
  }
  const graph = compareGraph(recorded, join(project, 'target', 'manifest.json'));
  lines.push(`${replay.name} graph: ${graph.summary}`);
  differences.push(...graph.differences);
  const relations = compareRelations(recorded, last?.relations ?? {});
  const total = Object.keys(recorded.relations).length;
  lines.push(`${replay.name} relations: ${total - relations.length} of ${total} equal`);
  differences.push(...relations);
  return {
    lines: [...lines, ...differences.map((sentence) => `  ${sentence}`)],
    equal: differences.length === 0,
  };
}

function commandOf({ args, nodes }: RecordedStep): string[] {
  const command = args.which === 'generate' ? ['docs', 'generate'] : [args.which];
  // The recording does not name the operation, but its result does.
  if (args.which === 'run-operation') command.push(Object.keys(nodes)[0]?.split('.').at(-1) ?? '');
  if (args.select?.length) command.push('--select', ...args.select);
  if (args.exclude?.length) command.push('--exclude', ...args.exclude);
  if (args.full_refresh) command.push('--full-refresh');
  if (Object.keys(args.vars).length > 0) command.push('--vars', JSON.stringify(args.vars));
  return command;
}

function compareNodes(
  step: RecordedStep,
  built: Built,
  replay: ProjectReplay,
): { summary: string; differences: string[] } {
  const differences: string[] = [];
  let [statuses, hashed, equalHashes, equalFolded, unknown] = [0, 0, 0, 0, 0];
  const database = new RegExp(`(?<![a-z0-9_])${replay.server.database}(?![a-z0-9_])`, 'gu');
  for (const [id, [status, failures, exact, folded]] of Object.entries(step.nodes)) {
    const expected = failures === null ? status : `${status} (${failures})`;
    const actual = built.statuses.get(id);
    if (actual === expected) statuses++;
    else differences.push(`${step.step} ${id}: ${expected} expected, got ${actual ?? 'nothing'}`);
    const compiled = built.compiled.get(id);
    if (exact === null || compiled === undefined) continue;
    // Unquoted, too: a project may leave names bare.
    if (replay.recordedDatabase === undefined && compiled.search(database) >= 0) {
      unknown++;
      continue;
    }
    hashed++;
    const text = compiled.replace(database, replay.recordedDatabase ?? '');
    const isExact = hash(text) === exact;
    if (isExact) equalHashes++;
    else differences.push(`${step.step} ${id}: compiled code has another hash`);
    if (isExact || hash(text.split(/\s+/u).filter(Boolean).join(' ')) === folded) equalFolded++;
  }
  for (const id of built.statuses.keys()) {
    if (!(id in step.nodes)) differences.push(`${step.step} ${id} is extra`);
  }
  const compiled =
    hashed === 0
      ? 'compiled code not compared'
      : `${equalHashes} of ${hashed} compiled texts equal (${equalFolded} with white space folded)`;
  const left = unknown === 0 ? '' : `, ${unknown} hold the name of the database and are not compared`;
  return {
    summary: `${statuses} of ${Object.keys(step.nodes).length} statuses equal, ${compiled}${left}`,
    differences,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

interface ManifestEntry {
  readonly alias?: string;
  readonly schema?: string;
  readonly config?: { readonly materialized?: string; readonly tags?: readonly string[] };
  readonly depends_on?: { readonly nodes?: readonly string[] };
}

/** Parents and configurations, as the manifest has them. */
function compareGraph(recorded: RecordedProject, path: string): { summary: string; differences: string[] } {
  if (!existsSync(path)) return { summary: 'no manifest', differences: ['there is no manifest.json'] };
  const { nodes } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly nodes: Readonly<Record<string, ManifestEntry>>;
  };
  const differences: string[] = [];
  const compare = (what: string, id: string, expected: unknown, actual: unknown): void => {
    const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
    if (left !== right) differences.push(`${what} of ${id}: ${left} expected, got ${right}`);
  };
  for (const [id, parents] of Object.entries(recorded.parents))
    compare('parents', id, [...new Set(parents)].sort(), [...new Set(nodes[id]?.depends_on?.nodes)].sort());
  const wrongParents = differences.length;
  for (const [id, config] of Object.entries(recorded.node_configs)) {
    const node = nodes[id];
    compare('config', id, config, [
      node?.alias,
      node?.schema,
      node?.config?.materialized,
      node?.config?.tags ?? [],
    ]);
  }
  const [parents, configs] = [
    Object.keys(recorded.parents).length,
    Object.keys(recorded.node_configs).length,
  ];
  return {
    summary: `${parents - wrongParents} of ${parents} nodes have equal parents, ${configs - differences.length + wrongParents} of ${configs} equal configs`,
    differences,
  };
}

function compareRelations(recorded: RecordedProject, actual: Readonly<Record<string, Relation>>): string[] {
  return Object.entries(recorded.relations).flatMap(([name, [kind, columns, rows, md5]]) => {
    const found = actual[name];
    if (!found) return [`relation ${name} is missing`];
    const expected = JSON.stringify([kind, columns, rows, rows === 0 ? undefined : md5]);
    const got = JSON.stringify([
      found.kind,
      found.cols.map(([column, type, notNull]) => [column, type, notNull]),
      found.n,
      rows === 0 ? undefined : found.md5,
    ]);
    return expected === got ? [] : [`relation ${name}: ${expected} expected, got ${got}`];
  });
}

/** The target's schema: those of models with a schema of their own begin with it. */
function recordedSchema(recorded: RecordedProject): string {
  const schemas = Object.values(recorded.node_configs).map(([, schema]) => schema);
  return schemas.reduce(
    (shortest, schema) => (schema.length < shortest.length ? schema : shortest),
    schemas[0] ?? 'analytics',
  );
}

async function dropRecordedSchemas(server: ConnectionSettings, recorded: RecordedProject): Promise<void> {
  const client = await connect(server);
  try {
    for (const schema of new Set(
      Object.keys(recorded.relations).map((name) => name.split('.', 1)[0] ?? ''),
    )) {
      await client.query(`drop schema if exists ${client.escapeIdentifier(schema)} cascade`);
    }
  } finally {
    await client.end();
  }
}
