/** Editors differ: what they cannot do is not asked of them, what they save and close is noticed, and what they ask in vain does not end the server. */

import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { withEditor } from '../../scripts/editor-client.ts';
import type { ProjectState, RunNews } from '../../server/src/lsp/protocol.ts';
import { parseFixture } from '../support/fixture.ts';

const SHOP = `
==> dbt_project.yml
name: shop
version: '1.0'
profile: shop
==> profiles.yml
shop:
  target: dev
  outputs:
    dev: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: s}
    other: {type: postgres, host: 127.0.0.1, port: 1, user: u, password: p, dbname: d, schema: other}
==> models/one.sql
select 1 as a
==> models/two.sql
select a from {{ ref('one') }}
==> README.md
A shop.
`;

const { files } = parseFixture(SHOP);

function loads(client: { notifications: readonly { method: string }[] }): number {
  return client.notifications.filter(({ method }) => method === 'grainline/projectChanged').length;
}

test('an editor that cannot be asked to ask again keeps its server', () =>
  withEditor({ files, root: 'uri', workspace: {} }, async (client) => {
    await client.openDocument('models/two.sql', "select a from {{ ref('one') }}\n");
    await client.until(() => client.state?.warehouse.kind === 'away');
    await client.changeOnDisk('models/three.sql', 'select 3 as c\n');
    await client.until(() => client.state?.counts.models === 3);
    assert.deepEqual(await client.diagnostics('models/two.sql'), []);
    assert.equal(client.isAlive, true);
    assert.deepEqual(
      client.askedOf.filter((method) => method.endsWith('refresh')),
      [],
    );
  }));

test('an editor is asked to ask again for lenses and hints when files changed outside', () =>
  withEditor({ files }, async (client) => {
    const before = client.askedOf.filter((method) => method === 'workspace/codeLens/refresh').length;
    await client.changeOnDisk('models/three.sql', "select a from {{ ref('two') }}\n");
    await client.until(
      () => client.askedOf.filter((method) => method === 'workspace/codeLens/refresh').length > before,
    );
    assert.ok(client.askedOf.includes('workspace/inlayHint/refresh'));
  }));

test('a document that is not formatted says why, without a question that an editor may not know', () =>
  withEditor({ files }, async (client) => {
    await client.openDocument('models/two.sql', 'select (\n');
    await client.ask('textDocument/formatting', {
      textDocument: { uri: client.uri('models/two.sql') },
      options: { tabSize: 4, insertSpaces: true },
    });
    await client.until(() => client.messages.length > 0);
    assert.match(client.messages[0] ?? '', /two\.sql is not formatted/u);
    assert.equal(client.isAlive, true);
  }));

test('a run that cannot start fails with its reason, and the next one may', () => {
  const broken = new Map(files).set('profiles.yml', 'shop: {target: gone, outputs: {}}\n');
  return withEditor({ files: broken }, async (client) => {
    for (const attempt of [1, 2]) {
      const { runId } = await client.request('grainline/startRun', {
        folder: client.folderUri,
        command: 'run',
        select: [],
      });
      const news = (): RunNews[] =>
        client.notifications
          .filter(({ method }) => method === 'grainline/run')
          .map(({ params }) => params as RunNews)
          .filter((each) => each.runId === runId);
      await client.until(() => news().some(({ state }) => state === 'failed'));
      assert.match(JSON.stringify(news()), /profile|target/u, `attempt ${String(attempt)}`);
    }
    await client.until(() => client.state?.running === null);
    assert.equal(client.isAlive, true);
  });
});

test('settings: an editor that says nothing changes nothing, one that can be asked is asked', async () => {
  await withEditor({ files, settings: { target: 'other' } }, async (client) => {
    await client.tell('workspace/didChangeConfiguration', { settings: null });
    await client.request('grainline/projects', null);
    assert.equal(client.state?.target, 'other');
  });
  await withEditor(
    {
      files,
      workspace: { workspaceFolders: true, configuration: true },
      configuration: () => ({ target: 'other' }),
    },
    async (client) => {
      assert.equal(client.state?.target, 'dev');
      await client.tell('workspace/didChangeConfiguration', { settings: null });
      await client.until(() => client.state?.target === 'other');
    },
  );
});

test('an editor that watches no files: what was saved stands when the document is closed', () =>
  withEditor({ files }, async (client) => {
    const saved = "select a, 2 as b from {{ ref('one') }}\n";
    await client.openDocument('models/two.sql', files.get('models/two.sql') ?? '');
    await client.replace('models/two.sql', saved);
    client.writeOnDisk('models/two.sql', saved);
    await client.tell('textDocument/didSave', { textDocument: { uri: client.uri('models/two.sql') } });
    await client.close('models/two.sql');
    const compiled = await client.request('grainline/compiled', { uri: client.uri('models/two.sql') });
    assert.match(compiled?.sql ?? '', /2 as b/u);
    // The project's own file is read anew, too.
    const renamed = (files.get('dbt_project.yml') ?? '').replace('name: shop', 'name: store');
    await client.openDocument('dbt_project.yml', files.get('dbt_project.yml') ?? '');
    client.writeOnDisk('dbt_project.yml', renamed);
    await client.replace('dbt_project.yml', renamed.replace('store', 'stores'));
    client.writeOnDisk('profiles.yml', (files.get('profiles.yml') ?? '').replaceAll('other:', 'third:'));
    await client.tell('textDocument/didSave', { textDocument: { uri: client.uri('dbt_project.yml') } });
    await client.until(() => client.state?.targets.includes('third') === true);
    await client.close('dbt_project.yml');
    await client.until(() => client.state?.name === 'store');
  }));

test('a model that is not saved yet is part of the project, and gone with its document', () =>
  withEditor({ files }, async (client) => {
    await client.openDocument('models/three.sql', "select a from {{ ref('two') }}\n");
    await client.until(() => client.state?.counts.models === 3);
    await client.changeOnDisk('models/four.sql', 'select 4 as d\n');
    await client.until(() => client.state?.counts.models === 4);
    await client.close('models/three.sql');
    await client.until(() => client.state?.counts.models === 3);
  }));

test('what is no file of the project makes no other project: notes, packages of npm, files that are ignored', () => {
  const more = new Map(files)
    .set('.dbtignore', 'models/old/\n')
    .set('models/old/one.sql', 'select 0 as ignored\n')
    .set('target/compiled/shop/models/one.sql', 'select 1 as a\n');
  return withEditor({ files: more }, async (client) => {
    const before = loads(client);
    await client.openDocument('README.md', 'A shop.\n');
    await client.edit('README.md', 0, 1, 'The');
    await client.openDocument('models/old/one.sql', 'select 0 as ignored\n');
    await client.edit('models/old/one.sql', 0, 0, '-- old\n');
    await client.openDocument('target/compiled/shop/models/one.sql', 'select 1 as a\n');
    await client.changeOnDisk('node_modules/some/readme.md', 'x\n');
    await client.changeOnDisk('scripts/load.sql', 'select 1\n');
    await client.openDocument('models/two.sql', "select a from {{ ref('one') }}\n");
    await client.edit('models/two.sql', 7, 8, 'a as b');
    assert.deepEqual(await client.diagnostics('models/two.sql'), []);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(loads(client) - before <= 2, `${String(loads(client) - before)} projects of two edits`);
    assert.equal(client.state?.counts.models, 2);
  });
});

test('a branch is checked out: hundreds of files in as many messages are one reading', () =>
  withEditor({ files }, async (client) => {
    const before = loads(client);
    const told: Promise<void>[] = [];
    for (let index = 0; index < 200; index++)
      told.push(client.changeOnDisk(`models/more/m${String(index)}.sql`, 'select 1 as a\n'));
    await Promise.all(told);
    await client.until(() => client.state?.counts.models === 202);
    assert.ok(loads(client) - before <= 5, `${String(loads(client) - before)} readings`);
    // An editor tells of a folder that was removed, and of none of its files.
    await client.changeOnDisk('models/more', undefined);
    await client.until(() => client.state?.counts.models === 2);
  }));

test('profiles.yml stands in the home folder, comes into being and changes', () => {
  const homeless = new Map(files);
  homeless.delete('profiles.yml');
  return withEditor({ files: homeless }, async (client) => {
    assert.match(client.state?.problem?.message ?? '', /profiles\.yml/u);
    client.writeOnDisk('.dbt/profiles.yml', files.get('profiles.yml') ?? '');
    await client.until(() => client.state?.target === 'dev' && client.state.problem === null);
    client.writeOnDisk(
      '.dbt/profiles.yml',
      (files.get('profiles.yml') ?? '').replace('target: dev', 'target: other'),
    );
    await client.until(() => client.state?.target === 'other');
  });
});

test('a folder that is reached by a link: its documents are known by either name', () =>
  withEditor({ files }, async (client) => {
    const link = `${client.folder}-link`;
    symlinkSync(client.folder, link);
    try {
      const folder = pathToFileURL(link).href;
      await client.tell('workspace/didChangeWorkspaceFolders', {
        event: { added: [{ uri: folder, name: 'link' }], removed: [{ uri: client.folderUri, name: 'test' }] },
      });
      const projects = (): Promise<readonly ProjectState[]> => client.request('grainline/projects', null);
      await client.until(async () => (await projects())[0]?.phase === 'ready');
      assert.equal((await projects())[0]?.folder, folder);
      await client.openDocument('models/two.sql', "select a from {{ ref('onne') }}\n");
      assert.equal((await client.diagnostics('models/two.sql')).length, 1);
    } finally {
      rmSync(link);
    }
  }));

test('names with spaces, umlauts and number signs are names', () => {
  const odd = 'models/Über uns/a #1 100%.sql';
  return withEditor({ files: new Map(files).set(odd, 'select 1 as a\n') }, async (client) => {
    await client.openDocument(odd, "select a from {{ ref('one') }} join {{ ref('onne') }} using (a)\n");
    const found = (await client.diagnostics(odd)).filter(({ code }) => code === 'unknown-ref');
    assert.deepEqual(
      found.map(({ range }) => client.slice(odd, range)),
      ["'onne'"],
    );
    const at = await client.request('grainline/resourceAt', { uri: client.uri(odd) });
    assert.equal(at?.location?.uri, client.uri(odd));
  });
});

test('a project in an installed package or below a folder of environments is none of the window', () => {
  const inner = new Map(files)
    .set('dbt_packages/utils/dbt_project.yml', 'name: utils\n')
    .set('dbt_packages/utils/integration_tests/dbt_project.yml', 'name: utils_tests\n');
  return withEditor({ files: inner }, async (client) => {
    await client.changeOnDisk('env/lib/dbt_project.yml', 'name: env\n');
    await client.changeOnDisk('dbt_packages/more/dbt_project.yml', 'name: more\n');
    await client.changeOnDisk('shops/second/dbt_project.yml', 'name: second\nprofile: shop\n');
    const names = async (): Promise<readonly string[]> =>
      (await client.request('grainline/projects', null)).map(({ name }) => name).sort();
    await client.until(async () => (await names()).length === 2);
    assert.deepEqual(await names(), ['second', 'shop']);
  });
});

test('a folder that is closed and opened again, with and without its slash', () =>
  withEditor({ files }, async (client) => {
    const projects = (): Promise<readonly ProjectState[]> => client.request('grainline/projects', null);
    const change = (added: readonly string[], removed: readonly string[]): Promise<void> =>
      client.tell('workspace/didChangeWorkspaceFolders', {
        event: {
          added: added.map((uri) => ({ uri, name: 'test' })),
          removed: removed.map((uri) => ({ uri, name: 'test' })),
        },
      });
    await change([], [`${client.folderUri}/`]);
    assert.deepEqual(await projects(), []);
    // Opened and closed again before it was read.
    await change([client.folderUri], []);
    await change([], [client.folderUri]);
    assert.deepEqual(await projects(), []);
    const told = client.notifications.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(
      client.notifications.slice(told).filter(({ method }) => method === 'grainline/project'),
      [],
    );
    await change([client.folderUri], []);
    await client.until(async () => (await projects())[0]?.phase === 'ready');
  }));
