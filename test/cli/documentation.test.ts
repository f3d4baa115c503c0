/** docs/cli.md names every command, option and variable of the tables, and none that does not exist. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GLOBAL_OPTIONS, OWN_OPTIONS, RUN_OPTIONS, SELECTION_OPTIONS } from '../../server/src/cli/options.ts';
import { COMMANDS } from '../../server/src/cli/usage.ts';
import { repository } from './program.ts';

const page = readFileSync(join(repository, 'docs/cli.md'), 'utf8');
const options = [
  ...GLOBAL_OPTIONS,
  ...SELECTION_OPTIONS,
  ...RUN_OPTIONS,
  ...Object.values(OWN_OPTIONS).flat(),
];
/** Of the program, in the order of the page. */
const words = [...page.matchAll(/--[a-z][a-z-]*/gu)].map(([word]) => word);

test('a heading for each command, with its arguments, and for no other', () => {
  const headings = [...page.matchAll(/^### (`.+)$/gmu)].flatMap(([, line = '']) =>
    [...line.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name),
  );
  const expected = COMMANDS.map(({ name, arguments: words }) =>
    words === undefined ? name : `${name} ${words}`,
  );
  assert.deepEqual(headings.filter((name) => name !== 'list').sort(), expected.sort());
});

test('every option, and every option exists', () => {
  const spelled = (name: string): string[] => [`--${name}`, `--no-${name}`];
  assert.deepEqual(
    options.filter(({ name }) => !spelled(name).some((word) => words.includes(word))).map(({ name }) => name),
    [],
  );
  const known = new Set(
    options.flatMap(({ name, kind }) => (kind === 'toggle' ? spelled(name) : [`--${name}`])),
  );
  assert.deepEqual(
    words.filter((word) => !known.has(word) && word !== '--name' && word !== '--x' && word !== '--no-x'),
    [],
  );
});

test('an option of one command stands in that command’s section, and belongs to a command', () => {
  const accepted = page.slice(page.indexOf('accepted and mean nothing here'));
  for (const [command, own] of Object.entries(OWN_OPTIONS)) {
    assert.ok(
      COMMANDS.some(({ name }) => name === command),
      `${command} is no command`,
    );
    const section = page.split(/^##+ /gmu).find((part) => part.startsWith(`\`${command}`)) ?? '';
    for (const { name, help } of own) {
      const place = help === 'accepted for compatibility' ? section + accepted : section;
      assert.ok(place.includes(`--${name}`) || place.includes(`--no-${name}`), `--${name} of ${command}`);
    }
  }
});

test('every short form and every variable', () => {
  for (const { name, short, variable } of options) {
    if (short !== undefined)
      assert.ok(page.includes(`\`-${short}\``) || name === 'output', `-${short} of --${name}`);
    if (variable !== undefined) assert.ok(page.includes(`\`${variable}\``), variable);
  }
  const written = [...page.matchAll(/`(DBT_\w+)`/gu)].map(([, name]) => name);
  assert.deepEqual(
    written.filter((name) => !options.some(({ variable }) => variable === name)),
    [],
  );
});
