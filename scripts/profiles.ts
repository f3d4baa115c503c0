/** Writes a profiles.yml that points a project at one database. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ConnectionSettings } from '../server/src/warehouse/port.ts';

export interface ProfileTarget {
  /** The name that dbt_project.yml gives under `profile`. */
  readonly profile: string;
  readonly schema: string;
  readonly threads: number;
}

export function writeProfile(folder: string, server: ConnectionSettings, target: ProfileTarget): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'profiles.yml'), profileText(server, target));
}

export function profileText(server: ConnectionSettings, target: ProfileTarget): string {
  const { host, port, user, password, database } = server;
  const { profile, schema, threads } = target;
  const output = { type: 'postgres', host, port, user, password, dbname: database, schema, threads };
  return stringify({ [profile]: { target: 'only', outputs: { only: output } } });
}

export function profileOf(project: string): string {
  const settings = parse(readFileSync(join(project, 'dbt_project.yml'), 'utf8')) as {
    readonly profile?: unknown;
  };
  if (typeof settings.profile !== 'string') throw new Error(`${project}/dbt_project.yml names no profile.`);
  return settings.profile;
}
