/** What the operating system knows of a process: whether it lives, which instance it is, and in which folder it works. */

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** False for a zombie as well: nobody has reaped it, but nothing of it runs. */
export function isAlive(pid: number): boolean {
  return processStamp(pid) !== undefined;
}

/** Tells one process from a later one with the same id; undefined when it is dead. */
export function processStamp(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStamp(pid);
  if (!signalReaches(pid)) return undefined;
  if (process.platform === 'win32') return 'alive';
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state = '', ...start] = stdout.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}

/** Whether a live process works in this folder (a server changes into its data); undefined where nobody can tell. */
export function worksIn(pid: number, folder: string): boolean | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${String(pid)}/cwd`) === folder;
    } catch {
      return undefined;
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes(folder);
}

/** Server processes that outlived their postmaster; only Linux tells which folder they belong to. */
export function serverProcessesIn(folder: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => processName(pid) === 'postgres' && worksIn(pid, folder) === true);
}

function linuxStamp(pid: number): string | undefined {
  const stat = readProc(pid, 'stat');
  // The name in parentheses may hold spaces and parentheses; the fixed fields come after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTime = fields[19];
  return startTime === undefined || state === 'Z' || state === 'X' ? undefined : startTime;
}

function processName(pid: number): string {
  return readProc(pid, 'comm').trim();
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
