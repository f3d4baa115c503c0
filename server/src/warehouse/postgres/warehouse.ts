/** The warehouse port on Postgres, through the `pg` driver. */

import type { ConnectionSettings, Session, Warehouse } from '../port.ts';
import { loadDriver } from './driver.ts';
import type { DriverClient } from './driver.ts';
import { encryptionAttempts } from './encryption.ts';
import type { Encryption } from './encryption.ts';
import { connectFailure, isEncryptionRefusal } from './failures.ts';
import { PostgresSession } from './session.ts';

const DEFAULT_CONNECT_TIMEOUT_SECONDS = 10;
const DEFAULT_APPLICATION_NAME = 'grainline';

/** Opens nothing yet; `open` throws a FailureError that says why when the server refuses. */
export function postgresWarehouse(given: ConnectionSettings): Warehouse {
  const settings = { ...given, connectTimeout: given.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT_SECONDS };
  // The kind of connection that worked: later sessions do not try the refused one again.
  let accepted: Encryption | undefined;
  return {
    settings,
    async open(applicationName) {
      const named = applicationName === undefined ? settings : { ...settings, applicationName };
      const attempts = accepted === undefined ? encryptionAttempts(settings) : [accepted];
      const opened = await firstWelcome(named, attempts);
      accepted = opened.encryption;
      return opened.session;
    },
  };
}

interface Opened {
  readonly session: Session;
  readonly encryption: Encryption;
}

async function firstWelcome(settings: ConnectionSettings, attempts: readonly Encryption[]): Promise<Opened> {
  let refused: unknown;
  for (const encryption of attempts) {
    try {
      return { session: await openSession(settings, encryption), encryption };
    } catch (error) {
      // The first refusal is the telling one only when no later attempt gets further.
      if (!isEncryptionRefusal(error)) throw connectFailure(error, settings);
      refused ??= error;
    }
  }
  throw connectFailure(refused, settings);
}

async function openSession(settings: ConnectionSettings, encryption: Encryption): Promise<Session> {
  const { Client } = await loadDriver();
  const client = new Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password,
    database: settings.database,
    ssl: encryption,
    connectionTimeoutMillis: (settings.connectTimeout ?? 0) * 1000,
    application_name: settings.applicationName ?? DEFAULT_APPLICATION_NAME,
    keepAlive: true,
    keepAliveInitialDelayMillis: (settings.keepalivesIdle ?? 0) * 1000,
    ...(settings.searchPath ? { options: `-c search_path=${escapeOption(settings.searchPath)}` } : {}),
  }) as DriverClient;
  // Until the session takes over, a late error of a failed attempt has nobody else to hear it.
  client.on('error', () => undefined);
  let dateStyle = '';
  client.connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
    if (status.parameterName === 'DateStyle') dateStyle = status.parameterValue;
  });
  try {
    await client.connect();
  } catch (error) {
    // Where the fault is ours (no password), the server would wait a minute for the rest.
    client.connection.stream.destroy();
    throw error;
  }
  const session = new PostgresSession(client, settings);
  try {
    // The text of dates must not depend on the server's configuration.
    if (!dateStyle.startsWith('ISO')) await session.query('set datestyle to iso');
    // As written in the profile, quotes included: that is how dbt sends it.
    if (settings.role) await session.query(`set role ${settings.role}`);
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

/** Inside the startup packet's `options`, a space ends an option unless a backslash stands before it. */
function escapeOption(value: string): string {
  return value.replaceAll(/[\\ ]/g, (character) => `\\${character}`);
}
