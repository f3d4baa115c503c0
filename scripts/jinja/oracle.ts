/** Python's answers, from one process that is asked through a pipe. */

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { dbtCore } from '../dbt-core.ts';
import { names } from './names.ts';

export type Mode = 'plain' | 'parse' | 'native';

export type Answer =
  | readonly ['text', string]
  | readonly ['value', string, string]
  | readonly ['error', string, string]
  /** One side gave up for time, memory or size; such an answer is not compared. */
  | readonly ['bound', string];

export interface Oracle {
  readonly ask: (templates: readonly string[]) => Promise<readonly Answer[]>;
  readonly close: () => void;
}

/** Beside the dbt program that is compared with lives its Python. */
export async function startOracle(mode: Mode): Promise<Oracle> {
  const dbt = await dbtCore();
  if ('missing' in dbt) throw new Error(dbt.missing);
  const python = join(dirname(dbt.path), process.platform === 'win32' ? 'python.exe' : 'python');
  const script = join(import.meta.dirname, 'python-side.py');
  const child = spawn(python, [script, mode, JSON.stringify(Object.entries(names))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONHASHSEED: '0' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(templates) {
      if (templates.length === 0) return [];
      child.stdin.write(`${JSON.stringify(templates)}\n`);
      const line: IteratorResult<string, unknown> = await lines.next();
      if (line.done === true) throw new Error('Python ended before it had answered');
      return JSON.parse(line.value) as Answer[];
    },
    close: () => {
      child.stdin.end();
    },
  };
}
