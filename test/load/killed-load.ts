/** A process of its own that loads or ingests, to be killed: says `began` before its first statement and `done` after the commit. */

import { selectBatches } from '../../server/src/load/batches.ts';
import { ingest } from '../../server/src/load/ingest.ts';
import { loadInitial } from '../../server/src/load/load-initial.ts';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { bulkInitialData, filesOfBatch } from './bulk-files.ts';

const [settings = '', verb = '', batch = ''] = process.argv.slice(2);
const session = await postgresWarehouse(JSON.parse(settings) as ConnectionSettings).open();
process.stdout.write('began\n');
const outcome = await (verb === 'load' ? loadInitial(session, { files: bulkInitialData() }) : append());
if (outcome.kind === 'refused') throw new Error(outcome.problem.message);
process.stdout.write('done\n');
await session.close();

async function append(): ReturnType<typeof ingest> {
  const selected = selectBatches(filesOfBatch(Number(batch)));
  if (selected.kind === 'refused') throw new Error(selected.problem.message);
  return ingest(session, { batches: selected.report, force: false });
}
