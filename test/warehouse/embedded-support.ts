/** A state folder of its own for a test of the launcher, and processes of their own that start the warehouse in it. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import type { Cell, ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';

export const asRoot = process.getuid?.() === 0;

const attachProgram = fileURLToPath(new URL('attach.ts', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));

export async function withStateFolder(work: (stateFolder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'grainline-embedded-'));
  chmodSync(folder, asRoot ? 0o777 : 0o700);
  try {
    await work(folder);
  } finally {
    await stopEmbedded({ stateFolder: folder });
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function query(
  settings: ConnectionSettings,
  text: string,
): Promise<readonly (readonly Cell[])[]> {
  const session = await postgresWarehouse(settings).open();
  try {
    return (await session.query(text)).rows;
  } finally {
    await session.close();
  }
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a process that starts the warehouse, or attaches to it. */
export function spawnStart(stateFolder: string, options: ChildOptions = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', attachProgram, stateFolder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: repository,
    ...options,
    env: { ...process.env, ...options.env },
  });
}

/** The server's process id and port, as that process saw them. */
export async function startedIn(
  stateFolder: string,
  options: ChildOptions = {},
): Promise<{ pid: number; port: number }> {
  const child = spawnStart(stateFolder, options);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  assert.notEqual(output, '', errors);
  return JSON.parse(output) as { pid: number; port: number };
}

/** A user without privileges, for tests that run as root. */
export function unprivileged(): { uid: number; gid: number } {
  const number = (option: string): number =>
    Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}
