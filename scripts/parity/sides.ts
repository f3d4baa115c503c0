/** The two copies of a project that are built side by side: each with a database, a target folder and profiles of its own. */

import { cpSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type pg from 'pg';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { profileOf, writeProfile } from '../profiles.ts';
import { connect } from '../relations/read.ts';

export interface Side {
  /** What the report calls it. */
  readonly name: string;
  readonly program: readonly string[];
  readonly project: string;
  readonly profiles: string;
  readonly settings: ConnectionSettings;
}

export interface SideTarget {
  /** The database that it begins as a copy of. */
  readonly template: string | undefined;
  readonly schema: string;
  readonly threads: number;
}

/** Left behind by commands, or too large to matter. */
const NOT_COPIED = new Set(['target', 'logs', 'node_modules', '.git', '.cache', '.grainline', 'dist']);

/**
 * Databases rather than schemas keep the two apart, so that a project which names its schemas itself is compared, too. `template` is the
 * database that both begin as copies of: it holds the sources.
 */
export async function makeSide(
  name: string,
  program: readonly string[],
  original: string,
  folder: string,
  server: ConnectionSettings,
  { template, schema, threads }: SideTarget,
): Promise<Side> {
  const settings = { ...server, database: `parity_${name}` };
  const client = await connect(server);
  try {
    await createDatabase(client, settings.database, template);
  } finally {
    await client.end();
  }
  const side = {
    name,
    program,
    project: join(folder, 'project'),
    profiles: join(folder, 'profiles'),
    settings,
  };
  cpSync(original, side.project, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(relative(original, path).split(sep)[0] ?? ''),
  });
  writeProfile(side.profiles, settings, { profile: profileOf(original), schema, threads });
  return side;
}

export async function dropSide(side: Side, server: ConnectionSettings): Promise<void> {
  const client = await connect(server);
  try {
    await client.query(
      `drop database if exists ${client.escapeIdentifier(side.settings.database)} with (force)`,
    );
  } finally {
    await client.end();
  }
}

/** The database's name is the one thing in which the sides' texts must differ; this takes it out. */
export function withoutDatabase(side: Side, text: string): string {
  return text.replaceAll(side.settings.database, 'parity');
}

async function createDatabase(client: pg.Client, name: string, template: string | undefined): Promise<void> {
  const quote = client.escapeIdentifier.bind(client);
  await client.query(`drop database if exists ${quote(name)} with (force)`);
  const from = template === undefined ? '' : ` template ${quote(template)}`;
  await client.query(`create database ${quote(name)}${from}`).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The database "${template ?? ''}" cannot be copied: ${reason}. Close its other sessions and try again.`,
    );
  });
}
