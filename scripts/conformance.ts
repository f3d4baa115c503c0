/**
 * Replays a recording of dbt-core against a dbt-compatible program and says where it differs.
 *
 *     npm run conformance -- RECORDING [--command 'PROGRAM …'] [--url URL] [--filter PART]… [--list] [--json FILE] [--jobs N] [--fast] [--keep]
 *
 *     npm run conformance -- PROJECTS.json.gz --project NAME=CHECKOUT [--recorded-database NAME] [--command …] [--url URL]
 *
 * RECORDING is a .tgz or a folder of cases/ and blobs/. Exit code 0 when all is equal, 1 when something differs, 2 for wrong usage.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openArchive } from './conformance/archive.ts';
import { readProjects, replayProject } from './conformance/projects.ts';
import { readRecording } from './conformance/recording.ts';
import type { TestClass } from './conformance/recording.ts';
import type { CaseOutcome } from './conformance/replay.ts';
import { replayClass } from './conformance/replay.ts';
import { formatCase, formatSummary, isEqual } from './conformance/report.ts';
import { prepareServer } from './conformance/server.ts';
import { serverFor } from './server-for.ts';

const USAGE = `Usage: npm run conformance -- RECORDING [options]
  RECORDING        a .tgz, or a folder with cases/ and blobs/
  --command TEXT   the program to measure, words separated by blanks (default: this project's)
  --url URL        a Postgres to use as superuser (default: an embedded one, started and stopped)
  --filter PART    only cases whose id contains PART; repeat for more
  --list           print the cases' ids and stop
  --json FILE      write every verdict
  --jobs N         classes side by side (default 2)
  --fast           leave compiled code uncompared
  --keep           leave folders and schemas for a look
  --project N=DIR  for a recording of whole projects (.json.gz): the project's name there, and a checkout of it
  --recorded-database NAME  the database that the projects were recorded in; without it, compiled code
                   that names its database is not compared`;

process.exitCode = await main().catch((error: unknown) => {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === 'number') return options;
  if (options.recording.endsWith('.json.gz')) return replayProjects(options);
  const recording = readRecording(openArchive(options.recording));
  const classes = recording.classes
    .map((one) => filterClass(one, options.filters))
    .filter((one) => one.cases.length > 0);
  if (options.list) {
    for (const one of classes) for (const member of one.cases) console.log(member.id);
    return 0;
  }
  if (classes.length === 0) {
    console.error('No case matches.');
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'conformance-'));
  const server = await serverFor(options.url);
  try {
    const settings = await prepareServer(server.settings);
    const outcomes: CaseOutcome[] = [];
    const queue = classes.map((one, index) => ({ one, folder: join(scratch, String(index)) }));
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { one, folder } = next;
        const replayed = await replayClass(one, recording, {
          program: options.program,
          server: settings,
          folder,
          withCompiled: !options.fast,
          keep: options.keep,
        });
        for (const outcome of replayed) console.log(formatCase(outcome));
        outcomes.push(...replayed);
        if (!options.keep) rmSync(folder, { recursive: true, force: true });
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, worker));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(outcomes, null, 1)}\n`);
    console.log(formatSummary(outcomes));
    return outcomes.every(isEqual) ? 0 : 1;
  } finally {
    await server.stop();
    if (options.keep) console.log(`Folders are in ${scratch}.`);
    else rmSync(scratch, { recursive: true, force: true });
  }
}

async function replayProjects(options: Options): Promise<number> {
  const recorded = readProjects(options.recording);
  if (options.projects.length === 0) {
    console.error(`Give --project NAME=CHECKOUT; the recording has ${Object.keys(recorded).join(', ')}.`);
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'conformance-'));
  const server = await serverFor(options.url);
  let equal = true;
  try {
    const settings = await prepareServer(server.settings);
    for (const [name, checkout] of options.projects) {
      const project = recorded[name];
      if (!project)
        throw new Error(`the recording has no project "${name}", only ${Object.keys(recorded).join(', ')}.`);
      const outcome = await replayProject(project, {
        name,
        checkout,
        program: options.program,
        server: settings,
        folder: join(scratch, name),
        recordedDatabase: options.recordedDatabase,
      });
      for (const line of outcome.lines) console.log(line);
      equal &&= outcome.equal;
    }
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(equal ? 'conformance: equal' : 'conformance: different');
  return equal ? 0 : 1;
}

type Options = Exclude<ReturnType<typeof readOptions>, number>;

/** Whole classes: a case may build on the ones before it, so those are replayed, too. */
function filterClass(one: TestClass, filters: readonly string[]): TestClass {
  const wanted = (id: string): boolean => filters.length === 0 || filters.some((part) => id.includes(part));
  const last = one.cases.findLastIndex((member) => wanted(member.id));
  return { id: one.id, cases: one.cases.slice(0, last + 1) };
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        command: { type: 'string' },
        url: { type: 'string' },
        filter: { type: 'string', multiple: true },
        list: { type: 'boolean' },
        json: { type: 'string' },
        jobs: { type: 'string' },
        fast: { type: 'boolean' },
        keep: { type: 'boolean' },
        project: { type: 'string', multiple: true },
        'recorded-database': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const [recording] = positionals;
    if (values.help || recording === undefined || positionals.length > 1) {
      console.error(USAGE);
      return values.help ? 0 : 2;
    }
    const cli = [process.execPath, resolve(import.meta.dirname, '..', 'dist', 'cli.mjs')];
    return {
      recording,
      program: values.command?.split(' ').map((word) => (word.includes('/') ? resolve(word) : word)) ?? cli,
      url: values.url,
      filters: values.filter ?? [],
      list: values.list ?? false,
      json: values.json,
      jobs: Math.max(1, Number(values.jobs ?? 2) || 1),
      fast: values.fast ?? false,
      keep: values.keep ?? false,
      projects: (values.project ?? []).map((pair) => pair.split('=', 2) as [string, string]),
      recordedDatabase: values['recorded-database'],
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
}
