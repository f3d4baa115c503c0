/**
 * Renders the bombs one after the other, in a process that a test gives a small heap: `detonate.ts [tenth] [NAME…]`. A line of JSON a bomb, written
 * before and after it, so that the one that ended the process is known.
 */

import { writeSync } from 'node:fs';
import { isPromise } from '../../../server/src/base/maybe-promise.ts';
import { usualLimits } from '../../../server/src/jinja/budget.ts';
import { TemplateError, parseTemplate, renderTemplate } from '../../../server/src/jinja/index.ts';
import type { Compiler } from '../../../server/src/project/compile.ts';
import { runningContext } from '../../../server/src/project/compile.ts';
import type { Project } from '../../../server/src/project/project.ts';
import { projectFromFixture } from '../../support/project.ts';
import { attackMacros, bombs } from './bombs.ts';

export interface Detonation {
  readonly name: string;
  /** Of the processor's time. */
  readonly milliseconds: number;
  readonly megabytes: number;
  /** The class of the error, or the text. */
  readonly error?: string;
  readonly text?: string;
  /** An error that is none of ours: the attack got further than it may. */
  readonly fault?: string;
}

/**
 * `tenth`: a tenth of the usual work, so that what would run until its bound does so ten times as fast; everything is counted just as it is.
 * Without it, the bounds are those of any render.
 */
const [first, ...others] = process.argv.slice(2);
const limits = first === 'tenth' ? { ...usualLimits, work: usualLimits.work / 10 } : usualLimits;
const wanted = first === undefined || first === 'tenth' ? others : [first, ...others];
const { project } = projectFromFixture(`==> models/m.sql
select 1 as id
==> macros/attacks.sql
${attackMacros}`);

for (const { name, template } of bombs) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  tell({ name });
  const started = process.cpuUsage();
  const outcome = render(project, template);
  const { heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage(started);
  const milliseconds = Math.round((user + system) / 1000);
  tell({ name, milliseconds, megabytes: Math.round((heapUsed + external) / 2 ** 20), ...outcome });
}

function render(project: Project, text: string): Pick<Detonation, 'error' | 'text' | 'fault'> {
  const node = [...project.manifest.nodes.values()].find(({ name }) => name === 'm');
  if (!node) throw new Error('the fixture has its model');
  const compiler: Compiler = {
    project,
    access: null,
    onMessage: () => undefined,
    selected: [],
    ephemeral: new Map(),
  };
  try {
    const { context } = runningContext(compiler, node);
    const rendered = renderTemplate(parseTemplate(text, 'models/m.sql'), { context, limits });
    if (isPromise(rendered)) throw new Error('nothing waits here');
    return { text: rendered.text.slice(0, 100) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.pythonClass };
    return { fault: error instanceof Error ? (error.stack ?? error.message).slice(0, 500) : String(error) };
  }
}

function tell(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
