/** A schema that exists for the time of a question: made in a transaction, and taken back with it. */

import type { Session } from '../warehouse/port.ts';

/** Throws a FailureError where the server refuses the DDL. */
export async function inScratch<T>(session: Session, ddl: string, use: () => Promise<T>): Promise<T> {
  await session.query('begin');
  try {
    if (ddl.trim() !== '') await session.query(ddl);
    return await use();
  } finally {
    await session.query('rollback');
  }
}
