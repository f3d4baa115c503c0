/** Stopping the embedded warehouse in the middle of what it does. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureEmbedded, stopEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { query, withStateFolder } from './embedded-support.ts';

test('a server that is told to stop while it comes back from a crash stops, and keeps its rows', () =>
  withStateFolder(async (stateFolder) => {
    const settings = await ensureEmbedded({ stateFolder });
    await query(settings, 'set synchronous_commit = on; create table kept as select 1 as a');
    const busy = await postgresWarehouse(settings).open();
    process.kill(busy.backendPid, 'SIGKILL');
    // Long enough for the postmaster to begin anew, too short for it to be done.
    await sleep(15);
    assert.equal(await stopEmbedded({ stateFolder }), true);
    await busy.close();
    assert.deepEqual(await query(await ensureEmbedded({ stateFolder }), 'select a from kept'), [['1']]);
  }));
