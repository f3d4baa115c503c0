/** Every way not to get a session: one sentence that says what to do, never with the password. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { test } from 'node:test';

import { FailureError } from '../../server/src/base/failure.ts';
import type { ConnectionSettings } from '../../server/src/warehouse/port.ts';
import { postgresWarehouse } from '../../server/src/warehouse/postgres/warehouse.ts';
import { testWarehouse, withDatabase } from '../support/postgres.ts';

const PASSWORD = 'S3cret-pa55word';

test('nothing listens', async () => {
  const port = await withServer(
    () => undefined,
    (used) => Promise.resolve(used),
  );
  for (const host of ['127.0.0.1', 'localhost']) {
    const message = await refusal({ ...(await testWarehouse()), host, port });
    assert.match(
      message,
      new RegExp(`^No Postgres server answers at ${host}:${String(port)}: start the server`),
    );
  }
});

test('a host that does not exist', async () => {
  const message = await refusal({ ...(await testWarehouse()), host: 'no-such-host.invalid' });
  assert.match(message, /^The host "no-such-host.invalid" cannot be found: correct/);
});

test('a wrong password', async () => {
  const { failure } = await refused({ ...(await testWarehouse()), password: PASSWORD });
  assert.match(failure.message, /refused the password of user "postgres": correct/);
  assert.ok(failure.kind === 'connection' && failure.sqlstate === '28P01');
});

test('no password', async () => {
  const message = await refusal({ ...(await testWarehouse()), password: '' });
  assert.match(message, /asks for a password and none is given for user "postgres": set the password/);
});

test('a database that does not exist', async () => {
  const { failure } = await refused({ ...(await testWarehouse()), database: 'nope' });
  assert.match(failure.message, /^The database "nope" does not exist on 127.0.0.1:\d+: create it/);
  assert.ok(failure.kind === 'connection' && failure.sqlstate === '3D000');
});

test('a user who may not log in', () =>
  withDatabase(async ({ settings, warehouse }) => {
    const session = await warehouse.open();
    const user = `nobody_${settings.database}`;
    await session.query(`create role ${user} password '${PASSWORD}'`);
    const message = await refusal({ ...settings, user, password: PASSWORD });
    assert.match(message, /refused user "nobody_.*is not permitted to log in/);
    await session.query(`drop role ${user}`);
    await session.close();
  }));

test('a role that does not exist leaves no session behind', () =>
  withDatabase(async ({ settings, warehouse }) => {
    await refused({ ...settings, role: 'nope' });
    const session = await warehouse.open();
    const { rows } = await session.query(
      'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    assert.deepEqual(rows, [['0']]);
    await session.close();
  }));

test('a server that accepts and never answers', () =>
  withServer(
    () => undefined,
    async (port) => {
      const message = await refusal({ ...(await testWarehouse()), port, connectTimeout: 0.2 });
      assert.match(message, /did not answer within 0.2 s: see that the host/);
    },
  ));

test('a server that hangs up, and one that speaks another protocol', async () => {
  await withServer(
    (socket) => socket.destroy(),
    async (port) => {
      const message = await refusal({ ...(await testWarehouse()), port });
      assert.match(message, /closed the connection at once/);
    },
  );
  await withServer(
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    async (port) => {
      const message = await refusal({ ...(await testWarehouse()), port, connectTimeout: 1 });
      assert.match(message, /: see that |failed:/);
    },
  );
});

test('SSL where the server has none', async () => {
  const settings = await testWarehouse();
  assert.match(await refusal({ ...settings, sslmode: 'require' }), /does not offer SSL: set sslmode/);
  assert.match(
    await refusal({ ...settings, sslmode: 'sometimes' }),
    /sslmode "sometimes" is unknown: use disable/,
  );
  assert.match(
    await refusal({ ...settings, sslmode: 'verify-full', sslrootcert: '/no/such.crt' }),
    /file of sslrootcert, "\/no\/such.crt", cannot be read/,
  );
  for (const sslmode of ['prefer', 'allow', 'disable']) {
    const session = await postgresWarehouse({ ...settings, sslmode }).open();
    assert.deepEqual((await session.query('select 1')).rows, [['1']]);
    await session.close();
  }
});

async function refusal(settings: ConnectionSettings): Promise<string> {
  return (await refused(settings)).message;
}

async function refused(settings: ConnectionSettings): Promise<FailureError> {
  try {
    const session = await postgresWarehouse(settings).open();
    await session.close();
  } catch (error) {
    assert.ok(error instanceof FailureError);
    assert.ok(!error.message.includes(PASSWORD) && !JSON.stringify(error).includes(PASSWORD));
    return error;
  }
  assert.fail('the session was opened');
}

async function withServer<T>(
  onConnection: (socket: Socket) => void,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
