/** The terminal: lines with the time before them, colours where they are wanted, a progress line where it can be redrawn. */

import { closeSync } from 'node:fs';

export interface Output {
  /** A line of the log, with the time, as dbt prints it. */
  log(line: string): void;
  /** A line as it is: results, lists, what templates print. */
  print(line: string): void;
  error(line: string): void;
  /** Replaces the line at the bottom; nothing where there is no terminal. */
  progress(line: string): void;
  readonly isTerminal: boolean;
  paint(color: Color, text: string): string;
}

export type Color = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

const CODES: Readonly<Record<Color, readonly [number, number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export interface OutputOptions {
  readonly isQuiet: boolean;
  readonly colors: boolean | null;
}

export function terminalOutput(options: OutputOptions): Output {
  const { stdout, stderr } = process;
  const isTerminal = stdout.isTTY;
  const hasColors =
    options.colors ?? (isTerminal && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb');
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stdout.write('\r\u001b[2K');
    shown = '';
  };
  stopQuietlyOnClosedPipe();
  return {
    isTerminal,
    log(line) {
      if (options.isQuiet) return;
      clear();
      stdout.write(line === '' ? `${clock()}\n` : `${clock()}  ${line}\n`);
    },
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    error(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!isTerminal || options.isQuiet) return;
      clear();
      shown = line.slice(0, Math.max(20, stdout.columns - 1));
      stdout.write(shown);
    },
    paint(color, text) {
      if (!hasColors) return text;
      const [on, off] = CODES[color];
      return `\u001b[${String(on)}m${text}\u001b[${String(off)}m`;
    },
  };
}

function clock(): string {
  return new Date().toISOString().slice(11, 19);
}

/** What `log` was given, of the line that it wrote: for a view that has the time already. */
export function withoutClock(line: string): string {
  return line.replace(/^\d\d:\d\d:\d\d(?: {2}|$)/u, '');
}

/** `dbt ls | head` closes our output early: that is no error. */
function stopQuietlyOnClosedPipe(): void {
  if (process.stdout.listenerCount('error') > 0) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closeSync(1);
    process.exit(0);
  });
}
