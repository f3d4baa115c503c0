/** Runs a program to its end, line by line, in a process group of its own. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

export type Stream = 'stdout' | 'stderr';

export interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the group is ended; absent waits for ever. */
  readonly timeout?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
  /** Runs beside the end of the group when the signal fires, for what lives outside this machine's processes. */
  readonly onAbort?: () => Promise<void>;
}

/** Milliseconds that a group has between being asked to end and being ended. */
const GRACE = 5_000;

/** The exit code that a shell shows for a command which Ctrl-C ended. */
export const INTERRUPTED = 130;

/**
 * Resolves to the exit code, to {@link INTERRUPTED} after an abort, to 128 + 15 after a timeout, and to 127 when
 * the program cannot be started.
 */
export async function runCommand(command: Command): Promise<number> {
  if (isAborted(command)) return INTERRUPTED;
  const options: SpawnOptions = {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A signal to java alone leaves its Python child alive, so both live in one group that is ended whole.
    detached: process.platform !== 'win32',
  };
  if (command.folder !== undefined) options.cwd = command.folder;
  if (command.environment !== undefined) options.env = command.environment;
  const child = spawn(command.file, command.arguments, options);
  const lines = [readLines(child, 'stdout', command.onLine), readLines(child, 'stderr', command.onLine)];
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => {
      resolve(127);
    });
    child.once('exit', (code) => {
      resolve(code ?? 143);
    });
  });
  let grace: NodeJS.Timeout | undefined;
  let aftermath: Promise<void> | undefined;
  const end = (): void => {
    aftermath ??= command.onAbort?.();
    signalGroup(child, 'SIGTERM');
    grace ??= setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, GRACE);
  };
  const deadline = command.timeout === undefined ? undefined : setTimeout(end, command.timeout);
  command.signal?.addEventListener('abort', end, { once: true });
  try {
    const code = await ended;
    // What a dying parent left of its group would keep the pipes open and the job half alive.
    if (isAborted(command)) signalGroup(child, 'SIGKILL');
    if (code !== 127) await Promise.all(lines);
    await aftermath;
    return isAborted(command) ? INTERRUPTED : code;
  } finally {
    clearTimeout(deadline);
    clearTimeout(grace);
    command.signal?.removeEventListener('abort', end);
  }
}

/** The whole output of a short question to a program, or undefined when it fails or takes over `timeout` milliseconds. */
export async function askCommand(command: Command): Promise<string | undefined> {
  const lines: string[] = [];
  const code = await runCommand({ timeout: 20_000, ...command, onLine: (line) => lines.push(line) });
  return code === 0 ? lines.join('\n') : undefined;
}

/** A function, since the signal changes while we wait and a compiler that narrowed it would not see that. */
function isAborted(command: Command): boolean {
  return command.signal?.aborted === true;
}

async function readLines(child: ChildProcess, stream: Stream, onLine: Command['onLine']): Promise<void> {
  const pipe = child[stream];
  if (pipe === null) return;
  for await (const line of createInterface({ input: pipe, crlfDelay: Infinity })) onLine?.(line, stream);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
