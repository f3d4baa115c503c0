/** Sessions that only look: what is said first on one, and how its server is named to the user. */

import type { Warehouse } from '../warehouse/port.ts';

/**
 * The first word on a session that shows rows: whatever a template asks and whatever a query calls, the server refuses what writes.
 * A template may ask for anything, and looking at a model must change nothing.
 */
export const READ_ONLY_SESSION = 'set default_transaction_read_only = on';

/** The same on one that asks while somebody types: nothing may wait for somebody's lock, nor for long. */
export const ASKING_SESSION = `${READ_ONLY_SESSION}; set lock_timeout = '250ms'; set statement_timeout = '10s'`;

/** Without the password. */
export function addressOf({ settings }: Warehouse): string {
  return `${settings.user}@${settings.host}:${String(settings.port)}/${settings.database}`;
}
