/** Fifty kills (-9) of init, ingest, run and of the server under them: the next command works, and no row is lost or doubled. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedStatus, ensureEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { serverProcessesIn } from '../../server/src/warehouse/embedded/processes.ts';
import { KILL_SEED, ended, killBackends, killServer, randomFrom } from '../support/kills.ts';
import { assertDecent, done, start } from './program.ts';
import type { Surroundings } from './program.ts';
import { removeFolder, sampleCopy, scratchFolder } from './scratch.ts';
import { query, state, weeklySalesDifference } from './state.ts';

/** Of the very first init, where even the server has to be made. */
const FIRST_KILLS = 6;
const KILLS = 50 - FIRST_KILLS;

const VICTIMS = ['client', 'client', 'client', 'server', 'backend'] as const;
/** Sales alone: an eighth of a whole build. */
const RUN = ['run', '--select', '+weekly_sales'];
const VERBS: readonly (readonly string[])[] = [['ingest'], ['ingest'], ['init'], RUN, RUN];

test(`fifty kills (KILL_SEED=${String(KILL_SEED)})`, async (t) => {
  const random = randomFrom(KILL_SEED);
  const home = scratchFolder('home');
  const folder = sampleCopy();
  const sample: Surroundings = { folder, environment: { GRAINLINE_HOME: home } };
  try {
    for (let kill = 0; kill < FIRST_KILLS; kill++) {
      const { child } = start(sample, ['init']);
      await sleep(random() * 2500);
      child.kill('SIGKILL');
      await ended(child);
      if (kill % 3 === 2) killServer(home);
    }
    const took = new Map<string, number>();
    for (const words of [['init'], ['ingest'], RUN]) {
      const from = performance.now();
      await done(sample, words);
      took.set(words[0] ?? '', performance.now() - from);
    }
    const complete = await state(await ensureEmbedded({ stateFolder: home }));
    const initialRows = rowsOfFiles(join(folder, 'data/initial'));
    let inTime = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const words = VERBS[Math.floor(random() * VERBS.length)] ?? RUN;
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'client';
      const where = `kill ${String(kill)} of ${victim} in ${words.join(' ')}`;
      // Something to ingest: the batches are new again after an initial load.
      if (words[0] === 'ingest') await done(sample, ['load-initial']);
      if (await killed(sample, home, words, victim, random() * (took.get(words[0] ?? '') ?? 0))) inTime++;

      await assertRaw(home, initialRows, where);
      if (words !== RUN) await done(sample, ['ingest']);
      await assertRaw(home, initialRows, where);
      // Of ingests every third: the others only added to raw, which was just looked at.
      if (words[0] === 'ingest' && kill % 3 !== 0) continue;
      await done(sample, RUN);
      assert.deepEqual(await weeklySalesDifference(await ensureEmbedded({ stateFolder: home })), [], where);
    }
    t.diagnostic(`${String(inTime)} of ${String(KILLS)} kills came before the command's end`);
    assert.ok(inTime > KILLS / 4, 'the kills came too late to mean anything');

    await done(sample, ['init']);
    await done(sample, ['ingest']);
    await done(sample, RUN);
    assert.deepEqual(await state(await ensureEmbedded({ stateFolder: home })), complete);
  } finally {
    const { dataFolder } = embeddedStatus({ stateFolder: home });
    await done(sample, ['warehouse', 'stop']);
    assert.deepEqual(serverProcessesIn(dataFolder), [], 'a server process outlived them all');
    removeFolder(folder);
    removeFolder(home);
  }
});

/** Whether the kill came before the command's end. */
async function killed(
  sample: Surroundings,
  home: string,
  words: readonly string[],
  victim: (typeof VICTIMS)[number],
  delay: number,
): Promise<boolean> {
  const settings = await ensureEmbedded({ stateFolder: home });
  const command = start(sample, words);
  await sleep(delay);
  const isInTime = command.child.exitCode === null;
  if (victim === 'client') command.child.kill('SIGKILL');
  else if (victim === 'server') killServer(home);
  else await killBackends(settings);
  const answer = await command.ended;
  assertDecent(answer, [settings.password]);
  if (victim !== 'client') assert.ok(answer.code !== null && answer.code <= 2, answer.text);
  return isInTime;
}

/** Raw is the initial files and the batches of the ledger, each whole and once: the keys forbid a double, the counts a loss. */
async function assertRaw(home: string, initial: ReadonlyMap<string, number>, where: string): Promise<void> {
  const settings = await ensureEmbedded({ stateFolder: home });
  // What a killed client had sent last may still be carried out.
  const busy =
    "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  while ((await query(settings, busy)).length > 0) await sleep(10);
  const tables = [...initial.keys()];
  const counts = await query(
    settings,
    tables
      .map(
        (table) =>
          `select '${table}', (select count(*) from raw.${table}),
          (select coalesce(sum(rows), 0) from grainline.ingested_batches where table_name = '${table}')`,
      )
      .join(' union all '),
  );
  for (const [table, rows, ingested] of counts)
    assert.equal(
      Number(rows),
      (initial.get(table ?? '') ?? 0) + Number(ingested),
      `${where}: raw.${table ?? ''}`,
    );
}

/** Rows of each CSV file; values with line breaks count once. */
function rowsOfFiles(folder: string): ReadonlyMap<string, number> {
  return new Map(
    readdirSync(folder).map((name) => {
      const text = readFileSync(join(folder, name), 'utf8').replace(/"(?:[^"]|"")*"/gu, '');
      return [name.replace('.csv', ''), text.trimEnd().split('\n').length - 1];
    }),
  );
}
