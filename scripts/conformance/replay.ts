/** Replays one test class, event by event, in a folder and a schema of its own. */

import { join } from 'node:path';
import type pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { Relation, Relations } from '../relations/read.ts';
import { connect, readRelations } from '../relations/read.ts';
import { commandLine, runCommand } from './command.ts';
import type { Verdict } from './compare.ts';
import { compareEvent } from './compare.ts';
import type { DbtEvent, RecordedCase, Recording, TestClass } from './recording.ts';
import { shiftTimes } from '../relations/times.ts';
import { dropSchemas } from './server.ts';
import type { Workspace } from './workspace.ts';
import { makeWorkspace, pointAt, writeFiles, writeProfile } from './workspace.ts';

/** Relations with more rows were recorded as a checksum. */
const MOST_ROWS = 200;

/** Commands after which the database may be another. */
const CHANGING = new Set(['run', 'build', 'seed', 'snapshot', 'test', 'retry', 'clone', 'run-operation']);

export interface ReplayOptions {
  /** The program and its first words: `['node', 'dist/cli.mjs']`. */
  readonly program: readonly string[];
  readonly server: ConnectionSettings;
  /** Where the class's folder is made. */
  readonly folder: string;
  readonly withCompiled: boolean;
  /** Leave folder and schemas as they are at the end. */
  readonly keep: boolean;
}

export interface CaseOutcome {
  readonly id: string;
  readonly events: readonly EventOutcome[];
}

export interface EventOutcome {
  readonly args: readonly string[];
  readonly verdict: Verdict;
  readonly seconds: number;
  /** Why the event could not be replayed at all. */
  readonly unknown?: string;
}

export async function replayClass(
  one: TestClass,
  recording: Recording,
  options: ReplayOptions,
): Promise<CaseOutcome[]> {
  const client = await connect(options.server);
  // Commands may end or block sessions; that is theirs to report.
  client.on('error', () => undefined);
  const schemas = new Set<string>();
  try {
    const outcomes: CaseOutcome[] = [];
    let state: ClassState | undefined;
    for (const [index, member] of one.cases.entries()) {
      const schema = schemaOf(member) ?? state?.schema ?? 'conformance';
      // Cases outside of a class each have a project and a schema of their own.
      if (state?.schema !== schema) {
        state = {
          schema,
          workspace: makeWorkspace(join(options.folder, String(index))),
          recorded: null,
          broken: false,
        };
        schemas.add(schema);
        await dropSchemas(client, schema);
        await client.query(`create schema ${client.escapeIdentifier(schema)}`);
      }
      outcomes.push(await replayCase(member, state, recording, client, options));
    }
    if (!options.keep) for (const schema of schemas) await dropSchemas(client, schema);
    return outcomes;
  } finally {
    await client.end();
  }
}

interface ClassState {
  readonly schema: string;
  readonly workspace: Workspace;
  /** What the recorded database held after the last command. */
  recorded: Relations | null;
  /** That a command could not be replayed which would have changed the database: what follows builds on it. */
  broken: boolean;
}

/**
 * Tests clean up between cases, and not all of it was recorded. One thing can be told: a snapshot neither removes a row nor opens one
 * again that it closed, so a relation of which that seems true was dropped before.
 */
function droppedBefore(event: DbtEvent, before: Relations | null): string[] {
  if (!event.args.includes('snapshot') || !before || !event.db) return [];
  const after = event.db;
  return Object.keys(before).filter((name) => {
    const rows = snapshotRows(after[name]);
    return [...snapshotRows(before[name])].some((row) => !rows.has(row));
  });
}

/** What stays of a snapshot: that an id was there, and that it was closed. (A row that comes back can share its id with the closed one.) */
function snapshotRows(relation: Relation | undefined): Set<string> {
  const rows = new Set<string>();
  for (const text of relation?.rows ?? []) {
    const row = JSON.parse(text) as Readonly<Record<string, string | null>>;
    if (typeof row.dbt_scd_id !== 'string') continue;
    rows.add(row.dbt_scd_id);
    if (typeof row.dbt_valid_to === 'string') rows.add(`${row.dbt_scd_id} closed`);
  }
  return rows;
}

async function drop(client: pg.Client, name: string, schema: string): Promise<void> {
  const [folded = '', ...relation] = name.split('.');
  const quoted = [folded.replace('{schema}', schema), relation.join('.')].map((part) =>
    client.escapeIdentifier(part),
  );
  await client.query(`drop table if exists ${quoted.join('.')}`);
}

async function replayCase(
  member: RecordedCase,
  state: ClassState,
  recording: Recording,
  client: pg.Client,
  options: ReplayOptions,
): Promise<CaseOutcome> {
  const events: EventOutcome[] = [];
  for (const event of member.events) {
    if (event.kind === 'dbt') {
      for (const name of droppedBefore(event, state.recorded)) await drop(client, name, state.schema);
      state.recorded = event.db;
      events.push(await replayCommand(event, member, state, recording, client, options));
    } else if (event.kind === 'sql' || event.kind === 'sql_adapter') {
      await runSql(client, shiftTimes(event.sql, recordedAt(member), Date.now()), state.schema);
    }
  }
  return { id: member.id, events };
}

async function replayCommand(
  event: DbtEvent,
  member: RecordedCase,
  state: ClassState,
  recording: Recording,
  client: pg.Client,
  options: ReplayOptions,
): Promise<EventOutcome> {
  const { workspace } = state;
  const args = commandLine(event, workspace);
  const files = filesOf(event, member, recording, options.server);
  // Where a test left its folder, another one was recorded: the project is as it was before.
  if (files.has('dbt_project.yml') || !workspace.written.has('dbt_project.yml')) writeFiles(workspace, files);
  const unknown =
    whyUnknown(event, args, workspace) ?? (state.broken ? 'it follows one that could not be' : undefined);
  if (!args || unknown !== undefined) {
    state.broken ||= event.args.some((word) => CHANGING.has(word));
    return { args: event.args, verdict: {}, seconds: 0, unknown: unknown ?? 'its folder was not recorded' };
  }
  writeProfile(workspace, recording.blob(event.profile), options.server);
  const started = Date.now();
  const outcome = await runCommand(options.program, args, event, workspace, options.server);
  const seconds = (Date.now() - started) / 1000;
  const relations = await readRelations(client, event.schema, MOST_ROWS);
  const sides = { event, recordedAt: recordedAt(member), replayedAt: started, blob: recording.blob };
  return {
    args: event.args,
    verdict: compareEvent(sides, outcome, relations, options.withCompiled),
    seconds,
  };
}

/** What a recording lacks for some commands. */
function whyUnknown(
  event: DbtEvent,
  args: readonly string[] | undefined,
  { written }: Workspace,
): string | undefined {
  const settings = written.get('dbt_project.yml');
  if (!args || (event.ok && settings === undefined)) return 'its folder was not recorded';
  if (settings?.includes('{tmp}')) return 'its settings name a folder that was not recorded';
  if (event.ok && namesUnknownVariable(event, written))
    return 'an environment variable that it reads was not recorded';
  const batches = args.some((word) => word === 'run' || word === 'build' || word === 'retry');
  const microbatch = [...written].some(
    ([path, text]) => path.endsWith('.sql') && /\bmicrobatch\b/u.test(text),
  );
  if (batches && microbatch && !args.includes('--event-time-end'))
    return 'its test set the clock back, by how much was not recorded';
  return undefined;
}

/** Only variables whose names begin with DBT_ were recorded. A default may follow the name; then nothing is missing. */
function namesUnknownVariable(event: DbtEvent, written: ReadonlyMap<string, string>): boolean {
  return [...written.values()].some((text) =>
    [...text.matchAll(/\benv_var\(\s*['"\\]+(\w+)['"\\]+\s*\)/gu)].some(
      ([, name = '']) => !(name in event.env),
    ),
  );
}

/** The project's files, pointed at this server; artifacts among them are as old as they were then. */
function filesOf(
  event: DbtEvent,
  member: RecordedCase,
  recording: Recording,
  server: ConnectionSettings,
): Map<string, string> {
  return new Map(
    Object.entries(event.files).map(([path, blob]) => {
      const text = pointAt(recording.blob(blob), server);
      return [path, path.endsWith('.json') ? shiftTimes(text, recordedAt(member), Date.now()) : text];
    }),
  );
}

function recordedAt(member: RecordedCase): number {
  return member.t0 * 1000;
}

/** A statement that fails is part of no test: what it was to do shows in the next comparison. */
async function runSql(client: pg.Client, sql: string, schema: string): Promise<void> {
  const text = sql.replaceAll('{schema}', schema).replaceAll('{database}', 'dbt');
  if (text.trim() === '') return;
  await client.query(text).catch(() => client.query('rollback'));
}

function schemaOf(member: RecordedCase): string | undefined {
  return member.events.find((event) => event.kind === 'dbt')?.schema;
}
