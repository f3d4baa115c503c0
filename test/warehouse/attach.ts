/** A process of its own that starts or attaches to the embedded warehouse of one state folder, and prints its pid and port. */

import { embeddedStatus, ensureEmbedded } from '../../server/src/warehouse/embedded/launcher.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';

const [stateFolder = ''] = process.argv.slice(2);
const settings = await ensureEmbedded({ stateFolder });
const session = await postgresWarehouse(settings).open();
await session.query('select 1');
await session.close();
const status = embeddedStatus({ stateFolder });
process.stdout.write(JSON.stringify({ pid: status.running ? status.pid : 0, port: settings.port }));
