/** What the manifest gives a user stands in docs/editor.md, and what docs/features.md and the guide point at is there. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { commands, keybindings, configuration } = (JSON.parse(read('package.json')) as Manifest).contributes;
const guide = 'docs/editor.md';

/** Cells of each row of the table below a heading, without the head of the table. */
function tableBelow(heading: string): string[][] {
  const section =
    read(guide)
      .split(/^## /mu)
      .find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the guide has a row for each command and its keys, and for no other', () => {
  const keyOf = (command: string): string => {
    const key = keybindings.find((binding) => binding.command === command)?.key ?? '';
    return key.replace(
      /^ctrl\+alt\+g (?<last>.+)$/u,
      (_, last: string) => `Ctrl+Alt+G ${last.toUpperCase()}`,
    );
  };
  assert.deepEqual(
    tableBelow('Commands').map(([title, keys]) => [title, keys]),
    commands.map(({ command, title }) => [title, keyOf(command)]),
  );
});

test('the guide has a row for each setting and its default, and for no other', () => {
  assert.deepEqual(
    tableBelow('Settings').map(([name, value]) => [name, value]),
    Object.entries(configuration.properties).map(([name, { default: value }]) => [
      `\`${name}\``,
      `\`${JSON.stringify(value)}\``,
    ]),
  );
});

test('every test file is of a feature, and every feature’s file is there', () => {
  const page = read('docs/features.md');
  const linked = [...page.matchAll(/\]\(\.\.\/(?<path>[^)#]+)/gu)].map(({ groups }) => groups?.path ?? '');
  assert.deepEqual(
    linked.filter((path) => !existsSync(join(root, path))),
    [],
    'links to nothing',
  );
  for (const [, name = '', path = ''] of page.matchAll(/\[`([^`]+)`\]\(\.\.\/([^)]+)\)/gu)) {
    assert.ok(path.includes(name), `“${name}” is called otherwise: ${path}`);
  }
  const rooms = ['client', 'describe', 'editor', 'ide', 'lsp', 'preview', 'webview'];
  const tests = rooms.flatMap((room) =>
    readdirSync(join(root, 'test', room), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => `test/${room}/${path.replaceAll('\\', '/')}`),
  );
  assert.ok(tests.length > rooms.length);
  assert.deepEqual(
    tests.filter((path) => !linked.includes(path)),
    [],
    'tests that docs/features.md does not name',
  );
});

test('what the guide points at is there', () => {
  const links = [...read(guide).matchAll(/\]\((?<target>[^)]+)\)/gu)].map(
    ({ groups }) => groups?.target ?? '',
  );
  assert.ok(links.length > 5);
  const headings = [...read(guide).matchAll(/^#+ (?<words>.+)$/gmu)].map(
    ({ groups }) => `#${(groups?.words ?? '').toLowerCase().replaceAll(' ', '-')}`,
  );
  assert.deepEqual(
    links.filter((link) =>
      link.startsWith('#') ? !headings.includes(link) : !existsSync(join(root, dirname(guide), link)),
    ),
    [],
  );
});
