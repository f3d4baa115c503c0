/** Programs that some tests need and not every machine has. */

import { dbtCore as findDbtCore } from '../../scripts/dbt-core.ts';

/** `skip` is what node:test takes: the reason, or false where the tool is there. */
export type Tool = { readonly path: string; readonly skip: false } | { readonly skip: string };

/** dbt-core 1.11 with its Postgres adapter. */
export async function dbtCore(): Promise<Tool> {
  const found = await findDbtCore();
  return 'path' in found ? { path: found.path, skip: false } : missing(found.missing);
}

/** For a tool's finder: the reason to skip, or an error where nothing may be skipped. */
export function missing(reason: string): Tool {
  if (process.env.GRAINLINE_REQUIRE_ALL === '1') throw new Error(`GRAINLINE_REQUIRE_ALL=1, but: ${reason}`);
  return { skip: reason };
}
