/** Customer accounts, with emails as people and forms leave them. */

import { TableFiles } from './csv-file.ts';
import type { Cell } from './csv-file.ts';
import { day, firstMonday, isoWithoutZone, momentIn, second } from './clock.ts';
import { noValue, padded, shouted } from './mess.ts';
import { randomFor } from './random.ts';
import { arrivalOf, totalOf } from './size.ts';
import type { World } from './size.ts';

const givenNames = ['ada', 'josé', 'zoë', 'liam', 'mei', 'noor', 'otto', 'søren', 'kim', 'ruth'] as const;
const familyNames = ['brown', "o'neill", 'müller', 'silva', 'chen', 'novák', 'khan', 'de-vries'] as const;

export function accountId(row: number): string {
  return `acc_${row + 1}`;
}

export function writeAccounts(world: World, directory: string): TableFiles {
  const files = new TableFiles(directory, 'accounts', ['account_id', 'email', 'created_at']);
  for (let row = 0; row < totalOf(world.accounts); row++) {
    const random = randomFor(world.seed, 'accounts', row);
    const email = `${random.pick(givenNames)}.${random.pick(familyNames)}${row + 1}@example.com`;
    const arrival = arrivalOf(world.accounts, row);
    const created =
      arrival === 0
        ? firstMonday - random.below((200 * day) / second) * second
        : momentIn(random, arrival, row);
    files.write(arrival, [accountId(row), emailText(email, row), isoWithoutZone(created)]);
  }
  return files;
}

function emailText(email: string, row: number): Cell {
  if (row % 47 === 20) return noValue(row);
  if (row % 61 === 33) return `"Doe, Sam" <${email}>`;
  return padded(shouted(email, row), row);
}
