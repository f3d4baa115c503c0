/** The real command line as a child process, and what every one of its answers must keep: no stack trace, no internal error, no password. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The launchers of the repository, or of another build of it. */
const bin = process.env.GRAINLINE_TEST_BIN ?? join(repository, 'bin');

export interface Surroundings {
  /** Where the program is started. */
  readonly folder: string;
  /** Added to an environment that has nothing of ours or dbt's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What no output may hold. */
  readonly secrets?: readonly string[];
}

export interface Answer {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, standard output first. */
  readonly text: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when the output so far matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Answer>;
}

/** Starts `bin/<launcher>`; its words are given as they are. */
export function start(surroundings: Surroundings, words: readonly string[], launcher = 'grainline'): Started {
  const child = spawn(join(bin, launcher), words, {
    cwd: surroundings.folder,
    env: environmentOf(surroundings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    tell();
  });
  const ended = new Promise<Answer>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, text: `${stdout}${stderr}` });
      tell();
    });
  });
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout) || pattern.test(stderr)) resolve();
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`It ended without printing ${String(pattern)}:\n${stdout}${stderr}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Runs to the end, and checks what every answer must keep. */
export async function run(
  surroundings: Surroundings,
  words: readonly string[],
  launcher = 'grainline',
): Promise<Answer> {
  const answer = await start(surroundings, words, launcher).ended;
  assertDecent(answer, surroundings.secrets ?? []);
  return answer;
}

/** The same for a command that must succeed. */
export async function done(
  surroundings: Surroundings,
  words: readonly string[],
  launcher = 'grainline',
): Promise<Answer> {
  const answer = await run(surroundings, words, launcher);
  assert.equal(answer.code, 0, `${launcher} ${words.join(' ')}\n${answer.text}`);
  return answer;
}

/** No stack trace, no internal error, no half-made message, none of the secrets. */
export function assertDecent(answer: Answer, secrets: readonly string[]): void {
  assert.doesNotMatch(answer.text, /^ +at (?:async )?\S.*(?:\(|:\d+:\d+|<anonymous>)/mu, 'a stack trace');
  assert.doesNotMatch(answer.text, /internal error|this is a bug/iu);
  assert.doesNotMatch(answer.text, /\[object Object\]|\bundefined: |: undefined\b|node:internal/u);
  for (const secret of secrets) {
    assert.ok(!answer.text.includes(secret), `the output holds a password:\n${answer.text}`);
  }
}

/** Only what a program needs of this process's environment, so that a developer's settings change no test. */
function environmentOf({ folder, environment }: Surroundings): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'LANG', 'SystemRoot'];
  return {
    ...Object.fromEntries(
      kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    HOME: folder,
    ...environment,
  };
}
