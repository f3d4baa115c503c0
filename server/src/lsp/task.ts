/** One of the terminal's commands as a process of its own: its lines are the log, and stopping it is what Ctrl-C is. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withoutClock } from '../cli/output.ts';
import { RefusedError } from './refusal.ts';
import type { ProjectHost } from './project-host.ts';
import type { TaskOrder } from './protocol.ts';
import type { Tell } from './runs.ts';

/** After this a task that does not end is killed; what it had begun is rolled back by the server. */
const PATIENCE_MS = 10_000;

export function runTask(
  host: ProjectHost,
  order: TaskOrder,
  tell: Tell,
  signal: AbortSignal,
): Promise<'done' | 'failed'> {
  const target = host.survey?.hasTarget ? host.survey.settings.target.name : undefined;
  const words = [
    ...program(),
    ...commandOf(order),
    '--project-dir',
    host.folder,
    ...(target === undefined ? [] : ['--target', target]),
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, {
      cwd: host.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // An editor's own Node is one only when it is told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
    });
    const follow = (stream: NodeJS.ReadableStream, level: 'info' | 'error'): void => {
      createInterface({ input: stream }).on('line', (text) => {
        tell({ log: [{ at: Date.now(), level, text: withoutClock(text) }] });
      });
    };
    follow(child.stdout, 'info');
    follow(child.stderr, 'error');
    const stop = (): void => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => {
      tell({ log: [{ at: Date.now(), level: 'error', text: error.message }] });
      resolve('failed');
    });
    child.on('close', (status) => {
      signal.removeEventListener('abort', stop);
      resolve(status === 0 ? 'done' : 'failed');
    });
  });
}

/** As one would type it after the program's name. */
export function commandOf({ task, batch }: TaskOrder): readonly string[] {
  if (task === 'fetch-embedded') return ['warehouse', 'fetch'];
  return batch === undefined ? [task] : [task, batch];
}

/** The command line beside this server: bundled, or from source in a checkout's tests. */
function program(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = [join(here, 'cli.mjs'), join(here, '../cli.mjs')].find((path) => existsSync(path));
  if (bundled !== undefined) return [bundled];
  const source = join(here, '../cli/main.ts');
  if (existsSync(source)) return ['--import', 'tsx', source];
  throw new RefusedError('The command line is not beside the language server: install the extension again.');
}
