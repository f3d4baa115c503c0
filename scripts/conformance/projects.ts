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
    Record<string, readonly [alias: string, schema: string, ...rest: unknown[]]>
  >;
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
  let [statuses, hashed, equalHashes] = [0, 0, 0];
  for (const [id, [status, failures, exact]] of Object.entries(step.nodes)) {
    const expected = failures === null ? status : `${status} (${failures})`;
    const actual = built.statuses.get(id);
    if (actual === expected) statuses++;
    else differences.push(`${step.step} ${id}: ${expected} expected, got ${actual ?? 'nothing'}`);
    const compiled = built.compiled.get(id);
    if (exact === null || compiled === undefined) continue;
    const database = `"${replay.server.database}"`;
    if (replay.recordedDatabase === undefined && compiled.includes(database)) continue;
    hashed++;
    const text = compiled.replaceAll(database, `"${replay.recordedDatabase ?? ''}"`);
    if (createHash('sha256').update(text).digest('hex').startsWith(exact)) equalHashes++;
    else differences.push(`${step.step} ${id}: compiled code has another hash`);
  }
  for (const id of built.statuses.keys()) {
    if (!(id in step.nodes)) differences.push(`${step.step} ${id} is extra`);
  }
  const compiled =
    hashed === 0 ? 'compiled code not compared' : `${equalHashes} of ${hashed} compiled texts equal`;
  return {
    summary: `${statuses} of ${Object.keys(step.nodes).length} statuses equal, ${compiled}`,
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
