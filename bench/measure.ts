/** Runs programs and says what they took. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Text for its standard input. */
  readonly input?: string;
}

export interface Cost {
  readonly wallMs: number;
  /** User and system time of the program and all that it waited for. */
  readonly cpuMs: number;
  readonly stdout: string;
}

/** bash's own `time` sees the children too; nothing in Node does. */
const TIMED = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>"$PROGRAM_STDERR"; } 2>"$PROGRAM_TIMES"';

/** Throws with the program's last words when it fails. */
export async function cost(program: Program): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cost-'));
  const times = join(folder, 'times');
  const stderr = join(folder, 'stderr');
  try {
    const started = performance.now();
    const { exit, stdout } = await run(['bash', '-c', TIMED, 'bash', ...program.command], program, {
      PROGRAM_TIMES: times,
      PROGRAM_STDERR: stderr,
    });
    const wallMs = performance.now() - started;
    if (exit !== 0) {
      const words = `${stdout}\n${readFileSync(stderr, 'utf8')}`.trim().split('\n').slice(-8).join('\n');
      throw new Error(`${program.command.join(' ')} ended with ${String(exit)}:\n${words}`);
    }
    const [user = 0, system = 0] = readFileSync(times, 'utf8').trim().split(' ').map(Number);
    return { wallMs, cpuMs: (user + system) * 1000, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes that a Node program held at most. */
export async function peakMemory(program: Program): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  const file = join(folder, 'peak');
  // Written by the program itself as it ends: the kernel counts for it, on every platform.
  const hook = `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)))`;
  const loaded = `data:text/javascript,${encodeURIComponent(
    `import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${hook}`,
  )}`;
  try {
    const { exit } = await run(program.command, program, {
      PEAK_FILE: file,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${loaded}`,
    });
    if (exit !== 0) throw new Error(`${program.command.join(' ')} ended with ${String(exit)}.`);
    return Number(readFileSync(file, 'utf8')) * 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The middle of several runs, one after the other; the first warms the caches and does not count. */
export async function median(times: number, once: () => Promise<number>): Promise<number> {
  await once();
  const values: number[] = [];
  for (let turn = 0; turn < times; turn++) values.push(await once());
  return values.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

function run(
  [executable = '', ...args]: readonly string[],
  program: Program,
  env: NodeJS.ProcessEnv,
): Promise<{ exit: number | null; stdout: string }> {
  const child = spawn(executable, args, {
    cwd: program.cwd,
    env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', ...program.env, ...env },
    stdio: [program.input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
  });
  child.stdin?.end(program.input);
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  return new Promise((done, failed) => {
    child.on('error', failed).on('close', (exit) => {
      done({ exit, stdout });
    });
  });
}
