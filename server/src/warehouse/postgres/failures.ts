/** Driver and server errors as Failures: what happened and what to do, in one sentence, never with the password. */

import { FailureError } from '../../base/failure.ts';
import type { Failure } from '../../base/failure.ts';
import type { ConnectionSettings } from '../port.ts';
import type { ServerMessage } from './driver.ts';

/** Why a session could not be opened. */
export function connectFailure(error: unknown, settings: ConnectionSettings): FailureError {
  if (error instanceof FailureError) return error;
  const server = serverMessage(error);
  const message = server ? refusal(server, settings) : unreachableServer(error, settings);
  return new FailureError(
    server?.code === undefined
      ? { kind: 'connection', message }
      : { kind: 'connection', message, sqlstate: server.code },
  );
}

/** Why a statement failed; `text` is what was sent, for the error's place in it. */
export function statementFailure(
  error: unknown,
  text: string,
  settings: ConnectionSettings,
  cancelAsked: () => boolean,
): Failure {
  const server = serverMessage(error);
  if (!server?.code) return { kind: 'connection', message: lostConnection(error, settings) };
  const sqlstate = server.code;
  if (endsSession(sqlstate)) {
    const message = `The server at ${address(settings)} ended the session (${server.message}): run the command again.`;
    return { kind: 'connection', message, sqlstate };
  }
  if (sqlstate === '57014' && cancelAsked())
    return { kind: 'cancelled', message: 'The statement was cancelled.' };
  const hint = server.hint ?? adviceBySqlstate[sqlstate];
  const offset = server.position === undefined ? undefined : utf16Offset(text, Number(server.position) - 1);
  return {
    kind: 'query',
    message: server.message,
    sqlstate,
    ...(server.detail === undefined ? {} : { detail: server.detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
    ...(server.where === undefined ? {} : { context: server.where }),
  };
}

/** The sentence for a session whose socket is gone. */
export function lostConnection(error: unknown, settings: ConnectionSettings): string {
  const reason =
    error instanceof Error && !error.message.startsWith('Connection terminated') ? ` (${error.message})` : '';
  return `The connection to ${address(settings)} was lost${reason}: see that the server still runs, then run the command again.`;
}

/** UTF-16 offset of the code point with this zero-based index; the text's length when it is beyond the end. */
export function utf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** True for a refusal that another SSL choice may turn into a welcome. */
export function isEncryptionRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message === 'The server does not support SSL connections') return true;
  return serverMessage(error)?.code === '28000' && error.message.includes('no pg_hba.conf entry');
}

/** Where the server runs out of something, Postgres says what but not what to do. */
const adviceBySqlstate: Readonly<Record<string, string>> = {
  '53100': "Free space on the server's disk, then run the command again.",
  '53200': 'Give the server more memory, or lower work_mem and the number of threads.',
  '53400': 'Raise the server setting that the message names, such as temp_file_limit.',
  '57014': 'Raise statement_timeout, or make the statement faster.',
  '55P03': 'Another session holds the lock: wait for it to end, then run the command again.',
  '40P01': 'Two sessions waited for each other: run the command again.',
  '25006': 'This session or server is read-only: connect to the primary server.',
  '42501': 'Grant the privilege to this user, or connect as another one.',
};

/** Shutdown, crash of another backend, idle timeouts: the server closes the connection after these. 08P01 is a statement whose parameters are missing. */
function endsSession(sqlstate: string): boolean {
  return /^(08(?!P01)...|57P0[1-5]|25P03)$/.test(sqlstate);
}

function refusal(server: ServerMessage, settings: ConnectionSettings): string {
  const where = address(settings);
  switch (server.code) {
    case '28P01':
      return `Postgres at ${where} refused the password of user "${settings.user}": correct the user or the password.`;
    case '28000':
      if (server.message.includes('no encryption')) {
        return `Postgres at ${where} accepts encrypted connections only: set sslmode to "require".`;
      }
      return `Postgres at ${where} refused user "${settings.user}" (${server.message}): correct the user, or allow it on the server.`;
    case '3D000':
      return `The database "${settings.database}" does not exist on ${where}: create it, or correct the database's name.`;
    case '53300':
      return `Postgres at ${where} has no connection left: close other clients, lower the threads, or raise max_connections.`;
    case '57P03':
      return `Postgres at ${where} is not ready (${server.message}): try again in a moment.`;
    default:
      return `Postgres at ${where} refused the session: ${server.message}.`;
  }
}

function unreachableServer(error: unknown, settings: ConnectionSettings): string {
  const where = address(settings);
  const code = errorCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `The host "${settings.host}" cannot be found: correct the host's name, or see that the network is up.`;
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return `No Postgres server answers at ${where}: start the server, or correct the host and the port.`;
  }
  if (code === 'EACCES')
    return `The socket at ${where} may not be opened by this user: correct the host, or the folder's permissions.`;
  if (code === 'ETIMEDOUT' || reason === 'timeout expired') {
    const waited = settings.connectTimeout ? ` within ${String(settings.connectTimeout)} s` : '';
    return `The server at ${where} did not answer${waited}: see that the host, the port and the firewall are right, or raise connect_timeout.`;
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return `The host "${settings.host}" cannot be reached: see that the network is up.`;
  }
  if (reason === 'The server does not support SSL connections') {
    return `The server at ${where} does not offer SSL: set sslmode to "disable" or "prefer".`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${where} is made out for another host (${reason}): correct the host, or set sslmode to "verify-ca".`;
  }
  if (isCertificateCode(code)) {
    return `The certificate of ${where} is not trusted (${reason}): correct sslrootcert, or set sslmode to "require".`;
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || /SSL|TLS/.test(reason)) {
    return `No encrypted connection to ${where} could be made (${reason}): correct sslmode, sslcert and sslkey.`;
  }
  if (reason.includes('client password must be')) {
    return `Postgres at ${where} asks for a password and none is given for user "${settings.user}": set the password.`;
  }
  if (reason.startsWith('Connection terminated') || code === 'ECONNRESET') {
    return `What listens at ${where} closed the connection at once: see that it is a Postgres server and not starting or stopping.`;
  }
  return `The connection to ${where} failed: ${reason}.`;
}

function isCertificateCode(code: string): boolean {
  return /CERT|UNABLE_TO_|HOSTNAME_MISMATCH/.test(code);
}

function address(settings: ConnectionSettings): string {
  if (settings.host.startsWith('/')) return `${settings.host}/.s.PGSQL.${String(settings.port)}`;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `${host}:${String(settings.port)}`;
}

/** The error as the server sent it; undefined when the server did not speak. */
function serverMessage(error: unknown): ServerMessage | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return error as ServerMessage;
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}
