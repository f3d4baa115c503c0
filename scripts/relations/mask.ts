/** Hides what no two runs share: the time, ids of invocations and threads, and hashes of either. */

import { replaceTimesNear } from './times.ts';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu;
/** Names of scratch relations end in a time of day. */
const SCRATCH = /(__dbt_(?:tmp|backup))\d{6,}/gu;
/** A snapshot's row id is a hash that includes the time where the strategy takes it from the clock. */
const SNAPSHOT_ID = /("(?:dbt|test)_scd_id":)"[0-9a-f]{32}"/gu;

/** What a hook writes down about the worker that ran it. */
const THREAD = /("thread_id":)"[^"]*"/gu;

/** `at` is when the text came about, milliseconds since 1970. */
export function maskVolatile(text: string, at: number): string {
  const timeless = replaceTimesNear(text, at, () => '<now>');
  const masked = timeless
    .replaceAll(UUID, '<id>')
    .replaceAll(SCRATCH, '$1<time>')
    .replaceAll(THREAD, '$1"<thread>"');
  return masked === text ? text : masked.replaceAll(SNAPSHOT_ID, '$1"<hash>"');
}
