/** A Postgres for a script: the one that a URL names, or an embedded one of its own that ends with the script. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbedded, stopEmbedded } from '../server/src/warehouse/embedded/launcher.ts';
import type { ConnectionSettings } from '../server/src/warehouse/port.ts';

export interface ScriptServer {
  /** Of a superuser. */
  readonly settings: ConnectionSettings;
  /** Does nothing to a server that was there before. */
  stop(): Promise<void>;
}

/** Throws a FailureError where no embedded server can be had, and an Error for a URL that names none. */
export async function serverFor(url: string | undefined): Promise<ScriptServer> {
  if (url !== undefined) return { settings: settingsOf(url), stop: () => Promise.resolve() };
  const stateFolder = mkdtempSync(join(tmpdir(), 'grainline-server-'));
  const settings = await ensureEmbedded({ stateFolder });
  return {
    settings,
    stop: async () => {
      await stopEmbedded({ stateFolder });
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

/** `postgres://user:password@host:port/database`. */
export function settingsOf(url: string): ConnectionSettings {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/u.test(new URL(url).protocol)) {
    throw new Error('The URL must read postgres://user:password@host:port/database.');
  }
  const parsed = new URL(url);
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username) || 'postgres',
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)) || 'postgres',
  };
}
