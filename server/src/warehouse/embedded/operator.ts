/** Whom the server runs as: Postgres refuses root, so root hands it to a user without privileges. */

import { spawnSync } from 'node:child_process';
import { chownSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { FailureError } from '../../base/failure.ts';

export interface Operator {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

const CANDIDATES = ['postgres', 'nobody'];

/** Undefined when the server may run as ourselves. Throws a FailureError when root finds nobody to hand it to. */
export function chooseOperator(): Operator | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = numberFrom('-u', name);
    const gid = numberFrom('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid, name };
  }
  throw new FailureError({
    kind: 'connection',
    message: `Postgres does not run as root and this machine has no user ${CANDIDATES.map((name) => `"${name}"`).join(' or ')}: create one, or run as another user.`,
  });
}

/** The owner of existing data: it stays theirs, whoever starts the server. Undefined when that is ourselves. */
export function ownerOf(folder: string): Operator | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid, name: String(uid) };
}

/** Whether the operator may pass through every folder down to this one. */
export function canReach(operator: Operator, folder: string): boolean {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const pass = uid === operator.uid ? 0o100 : gid === operator.gid ? 0o010 : 0o001;
    if ((mode & pass) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export function giveTo(operator: Operator | undefined, folder: string): void {
  if (operator) chownSync(folder, operator.uid, operator.gid);
}

function numberFrom(option: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
