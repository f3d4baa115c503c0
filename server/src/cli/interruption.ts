/** Ctrl-C: the first asks the server to stop and lets the run end in order; the second leaves at once. */

import type { Output } from './output.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  dispose(): void;
}

const INTERRUPTED = 130;

export function interruption(
  output: Output,
  first = 'Stopping: what runs is cancelled on the server.',
): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    output.error(`${first} Press Ctrl-C again to leave at once.`);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
