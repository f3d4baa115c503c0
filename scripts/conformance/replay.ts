/** Replays one test class, event by event, in a folder and a schema of its own. */

import type pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { Relation, Relations } from '../relations/read.ts';
import { connect, readRelations } from '../relations/read.ts';
import { commandLine, runCommand } from './command.ts';
import type { Verdict } from './compare.ts';
import { compareEvent } from './compare.ts';
import type { DbtEvent, RecordedCase, Recording, TestClass } from './recording.ts';
import { dropSchemas } from './server.ts';
import type { Workspace } from './workspace.ts';
import { makeWorkspace, pointAt, writeFiles, writeProfile } from './workspace.ts';

/** Relations with more rows were recorded as a checksum. */
const MOST_ROWS = 200;

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
  const schema = schemaOf(one);
  const workspace = makeWorkspace(options.folder);
  const client = await connect(options.server);
  // Commands may end or block sessions; that is theirs to report.
  client.on('error', () => undefined);
  try {
    await dropSchemas(client, schema);
    await client.query(`create schema ${client.escapeIdentifier(schema)}`);
    const outcomes: CaseOutcome[] = [];
    const state: ClassState = { recorded: null };
    for (const member of one.cases) {
      outcomes.push(await replayCase(member, schema, recording, workspace, state, client, options));
    }
    if (!options.keep) await dropSchemas(client, schema);
    return outcomes;
  } finally {
    await client.end();
  }
}

interface ClassState {
  /** What the recorded database held after the last command. */
  recorded: Relations | null;
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
  schema: string,
  recording: Recording,
  workspace: Workspace,
  state: ClassState,
  client: pg.Client,
  options: ReplayOptions,
): Promise<CaseOutcome> {
  const events: EventOutcome[] = [];
  for (const event of member.events) {
    if (event.kind === 'dbt') {
      for (const name of droppedBefore(event, state.recorded)) await drop(client, name, schema);
      state.recorded = event.db;
      events.push(await replayCommand(event, member, recording, workspace, client, options));
    } else if (event.kind === 'sql' || event.kind === 'sql_adapter') {
      await runSql(client, event.sql, schema);
    }
  }
  return { id: member.id, events };
}

async function replayCommand(
  event: DbtEvent,
  member: RecordedCase,
  recording: Recording,
  workspace: Workspace,
  client: pg.Client,
  options: ReplayOptions,
): Promise<EventOutcome> {
  const args = commandLine(event, workspace);
  if (!args) return { args: event.args, verdict: {}, seconds: 0, unknown: 'its folder was not recorded' };
  const files = Object.entries(event.files).map(([path, blob]) => [
    path,
    pointAt(recording.blob(blob), options.server),
  ]);
  writeFiles(workspace, new Map(files as [string, string][]));
  writeProfile(workspace, recording.blob(event.profile), options.server);
  const started = Date.now();
  const outcome = await runCommand(options.program, args, event, workspace, options.server);
  const seconds = (Date.now() - started) / 1000;
  const relations = await readRelations(client, event.schema, MOST_ROWS);
  const sides = { event, recordedAt: member.t0 * 1000, replayedAt: started, blob: recording.blob };
  return {
    args: event.args,
    verdict: compareEvent(sides, outcome, relations, options.withCompiled),
    seconds,
  };
}

/** A statement that fails is part of no test: what it was to do shows in the next comparison. */
async function runSql(client: pg.Client, sql: string, schema: string): Promise<void> {
  const text = sql.replaceAll('{schema}', schema).replaceAll('{database}', 'dbt');
  if (text.trim() === '') return;
  await client.query(text).catch(() => client.query('rollback'));
}

function schemaOf(one: TestClass): string {
  for (const member of one.cases) {
    for (const event of member.events) if (event.kind === 'dbt') return event.schema;
  }
  return 'conformance';
}
