/** Runs one command of a dbt-compatible program in a workspace, and reads what it left in its target folder. */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import type { DbtEvent } from './recording.ts';
import type { Workspace } from './workspace.ts';
import { pointAt } from './workspace.ts';

export interface Outcome {
  /** Null where the command was killed: it ran longer than allowed. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of run_results.json or sources.json; undefined where the command wrote none. */
  readonly results?: readonly Result[];
}

export interface Result {
  readonly unique_id: string;
  readonly status: string;
  readonly failures?: number | null;
  readonly message?: string | null;
  readonly compiled_code?: string | null;
}

/** A command that hangs is a difference, not a stuck replay. */
const LONGEST_MS = 120_000;
const TIMES_AS_LONG = 3;

/** The event's words, with the places of this machine; undefined where a recorded place cannot be known. */
export function commandLine(event: DbtEvent, workspace: Workspace): string[] | undefined {
  const args = [...event.args];
  for (const [index, word] of args.entries()) {
    if (!word.includes('{tmp}')) continue;
    const place = {
      '--project-dir': workspace.project,
      '--profiles-dir': workspace.profiles,
      '--log-path': workspace.logs,
    };
    const known = place[args[index - 1] as keyof typeof place] as string | undefined;
    if (known === undefined) return undefined;
    args[index] = known;
  }
  return args;
}

export async function runCommand(
  program: readonly string[],
  args: readonly string[],
  event: DbtEvent,
  workspace: Workspace,
  server: ConnectionSettings,
): Promise<Outcome> {
  const file = join(workspace.project, resultsPath(args, event, workspace));
  const before = stamp(file);
  const [executable = '', ...first] = program;
  const child = spawn(executable, [...first, ...args], {
    cwd: workspace.project,
    env: environment(event, workspace, server),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const longest = Math.max(LONGEST_MS, event.secs * 1000 * TIMES_AS_LONG);
  const timer = setTimeout(() => child.kill('SIGKILL'), longest);
  const exit = await new Promise<number | null>((done, failed) => {
    child.on('error', failed).on('close', done);
  });
  clearTimeout(timer);
  const after = stamp(file);
  const results = after === '' || after === before ? undefined : readResults(file);
  return { exit, ...output, ...(results && { results }) };
}

function environment(event: DbtEvent, workspace: Workspace, server: ConnectionSettings): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('DBT_'));
  const environment: NodeJS.ProcessEnv = Object.fromEntries(own);
  for (const [name, value] of Object.entries(event.env)) {
    environment[name] = value === '{tmp}' ? workspace.logs : pointAt(value, server);
  }
  return {
    ...environment,
    DBT_PROFILES_DIR: workspace.profiles,
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
    // What `ls` prints is its result; messages of several lines in between could not be told from it.
    ...(isListing(event) && { DBT_QUIET: 'true' }),
  };
}

export function isListing(event: DbtEvent): boolean {
  return event.args.some((word) => word === 'ls' || word === 'list');
}

/** Where the command will write its results, from the project folder. */
function resultsPath(args: readonly string[], event: DbtEvent, workspace: Workspace): string {
  const option = (...names: readonly string[]): string | undefined => {
    const index = args.findIndex((word) => names.includes(word));
    return index < 0 ? undefined : args[index + 1];
  };
  const target =
    option('--target-path') ?? event.env.DBT_TARGET_PATH ?? settingsTarget(workspace) ?? 'target';
  if (args.includes('freshness') || args.includes('snapshot-freshness')) {
    return option('-o', '--output') ?? join(target, 'sources.json');
  }
  return join(target, 'run_results.json');
}

function settingsTarget(workspace: Workspace): string | undefined {
  const path = resolve(workspace.project, 'dbt_project.yml');
  if (!existsSync(path)) return undefined;
  try {
    const settings = parse(readFileSync(path, 'utf8')) as { readonly 'target-path'?: unknown } | null;
    return typeof settings?.['target-path'] === 'string' ? settings['target-path'] : undefined;
  } catch {
    // Some cases are about settings that nobody can read; they write no results.
    return undefined;
  }
}

function stamp(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.ino} ${stats.size}` : '';
}

function readResults(file: string): readonly Result[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly results: readonly Result[] }).results;
}
