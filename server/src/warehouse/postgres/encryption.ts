/** libpq's sslmode as the driver's settings: which kinds of connection to try, in which order. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';

import { FailureError } from '../../base/failure.ts';
import type { ConnectionSettings } from '../port.ts';

/** False is a plain connection. */
export type Encryption = false | ConnectionOptions;

/**
 * The attempts to make in order; the next one is made only when the server refuses the kind of connection.
 * Throws a FailureError for an unknown sslmode or a certificate file that cannot be read.
 */
export function encryptionAttempts(settings: ConnectionSettings): readonly Encryption[] {
  if (settings.host.startsWith('/')) return [false]; // SSL is never spoken over a Unix socket.
  switch (settings.sslmode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified(settings)];
    case 'prefer':
      return [unverified(settings), false];
    case 'require':
      // As in libpq: a root certificate that is given is also checked.
      return [settings.sslrootcert ? verified(settings, 'ca') : unverified(settings)];
    case 'verify-ca':
      return [verified(settings, 'ca')];
    case 'verify-full':
      return [verified(settings, 'host')];
    case undefined:
    case '':
      // libpq prefers SSL; on the loopback, where it protects nothing, the plain attempt comes first and saves a round trip.
      return isLoopback(settings.host) ? [false, unverified(settings)] : [unverified(settings), false];
    default:
      throw new FailureError({
        kind: 'connection',
        message: `sslmode "${settings.sslmode}" is unknown: use disable, allow, prefer, require, verify-ca or verify-full.`,
      });
  }
}

function unverified(settings: ConnectionSettings): ConnectionOptions {
  return { ...clientCertificate(settings), rejectUnauthorized: false };
}

function verified(settings: ConnectionSettings, what: 'ca' | 'host'): ConnectionOptions {
  const root = settings.sslrootcert;
  return {
    ...clientCertificate(settings),
    ...(root && root !== 'system' ? { ca: readCertificate('sslrootcert', root) } : {}),
    rejectUnauthorized: true,
    ...(what === 'ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

function clientCertificate(settings: ConnectionSettings): ConnectionOptions {
  return {
    ...(settings.sslcert ? { cert: readCertificate('sslcert', settings.sslcert) } : {}),
    ...(settings.sslkey ? { key: readCertificate('sslkey', settings.sslkey) } : {}),
  };
}

function readCertificate(setting: string, path: string): Buffer {
  const file = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  try {
    return readFileSync(file);
  } catch {
    throw new FailureError({
      kind: 'connection',
      message: `The file of ${setting}, "${path}", cannot be read: correct the path, or remove ${setting}.`,
    });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
