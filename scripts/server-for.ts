/** A Postgres for a script: the one a URL names, or an embedded one that ends with the script. */

import type { ConnectionSettings } from '../server/src/warehouse/port.ts';

export interface ScriptServer {
  /** Of a superuser. */
  readonly settings: ConnectionSettings;
  /** Does nothing to a server that was there before. */
  stop(): Promise<void>;
}

export async function serverFor(url: string | undefined): Promise<ScriptServer> {
  if (url !== undefined) return { settings: settingsOf(url), stop: () => Promise.resolve() };
  throw new Error('Give a server with --url.');
}

function settingsOf(url: string): ConnectionSettings {
  const parsed = new URL(url);
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)) || 'postgres',
  };
}
