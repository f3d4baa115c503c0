/** How long the command line takes to its first output, and to list the sample project. */

import type { Context } from '../context.ts';
import { cost, median } from '../measure.ts';
import type { Finding } from '../report.ts';

const RUNS = 9;

export async function start({ ours, root }: Context): Promise<Finding[]> {
  const wall = (command: readonly string[]): Promise<number> =>
    median(RUNS, async () => (await cost({ command, cwd: root })).wallMs);
  return [
    {
      kind: 'absolute',
      what: 'start to first output (--version)',
      ours: await wall([...ours, '--version']),
      unit: 'ms',
      limit: 150,
    },
    {
      kind: 'absolute',
      what: 'node itself, doing nothing',
      ours: await wall([process.execPath, '-e', '0']),
      unit: 'ms',
      limit: undefined,
    },
    {
      kind: 'absolute',
      what: 'ls on the sample project',
      ours: await wall([...ours, 'ls']),
      unit: 'ms',
      limit: 300,
    },
  ];
}
