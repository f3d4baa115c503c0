/** The layers hold: reads every import of the code and fails on an arrow that the architecture does not have. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as rules from './rules.ts';
import type { SourceFile } from './source.ts';
import { readSources } from './source.ts';

const root = join(import.meta.dirname, '..', '..');

/** Files that may be longer than the others. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** Folders in which files may import each other in a circle. */
const RECURSIVE: Readonly<Record<string, string>> = {
  'server/src/jinja/compile':
    'an expression holds calls and a call holds expressions; a loop holds statements',
  'server/src/jinja/parse': 'an expression holds calls and subscripts, which hold expressions',
  'server/src/jinja/filters':
    'map, select and reject look up filters and tests by name, being filters themselves',
  'server/src/sql/plan': 'a query holds expressions and an expression holds queries',
  'server/src/ide/grain': 'what a model gives is proven from what the models that it reads give',
  'server/src/sql/grain': 'what holds of a plan is derived from what holds of the plans below it',
};

const sources = readSources(
  new Map([...readFolder('server/src'), ...(existsSync(join(root, 'client')) ? readFolder('client') : [])]),
);

describe('the code', () => {
  const holds = (sentence: string, breaches: readonly string[]): void => {
    test(sentence, () => {
      assert.deepEqual(breaches, []);
    });
  };

  holds('imports only along the layers', rules.wrongArrows(sources));
  holds('reaches the outside only from shells and adapters', rules.worldlyPureFiles(sources));
  holds('names a driver or a protocol library only at its home', rules.packagesFarFromHome(sources));
  holds(
    'imports only packages that an installed product has',
    rules.undeclaredPackages(sources, declaredPackages()),
  );
  holds('prints only in the command line', rules.printing(sources));
  holds('has no circle of imports', rules.cycles(sources, RECURSIVE));
  holds('keeps the client apart from the server', rules.wrongClientImports(sources));
  holds('has no file that is too long to read', rules.longFiles(sources, LONG_FILES));
  holds('names every file after what is inside', rules.vagueNames(sources));
  holds('says at the top of each file what it is for', rules.filesWithoutPurpose(sources));
});

describe('the rules themselves fail on', () => {
  const fake = (files: Readonly<Record<string, string>>): readonly SourceFile[] =>
    readSources(new Map(Object.entries(files)));
  const catches = (sentence: string, breaches: readonly string[], expected: readonly RegExp[]): void => {
    test(sentence, () => {
      assert.equal(breaches.length, expected.length, breaches.join('\n'));
      expected.forEach((pattern, index) => {
        assert.match(breaches[index] ?? '', pattern);
      });
    });
  };

  catches(
    'arrows that point the wrong way',
    rules.wrongArrows(
      fake({
        'server/src/base/text.ts': `import { a } from '../jinja/parse.ts';`,
        'server/src/jinja/parse.ts': `export * from '../sql/parse.ts';`,
        'server/src/project/project.ts': `import type { A } from '../jinja/parse.ts'; import type { W } from '../warehouse/port.ts';`,
        'server/src/run/execute.ts': `import { W } from '../warehouse/port.ts'; import { P } from '../warehouse/postgres/session.ts';`,
        'server/src/sql/parse.ts': `const later = import('../cli/main.ts');`,
        'server/src/ide/hover.ts': `import { x } from '../../../test/support/x.ts';`,
        'server/src/magic/wand.ts': ``,
        'server/src/cli/main.ts': `import '../lsp/server.ts'; import '../base/text.ts';`,
      }),
    ),
    [
      /base.*jinja/u,
      /jinja.*sql/u,
      /project.*port/u,
      /execute.*postgres/u,
      /sql.*cli/u,
      /hover.*test/u,
      /in no layer/u,
    ],
  );
  catches(
    'the outside in a pure layer',
    rules.worldlyPureFiles(
      fake({
        'server/src/base/a.ts': `import fs from 'fs';`,
        'server/src/jinja/b.ts': `export const now = () => Date.now(); export const then = new Date(0);`,
        'server/src/project/c.ts': `export const home = process.env.HOME;`,
        'server/src/run/plan.ts': `import { join } from 'node:path';`,
        'server/src/run/plan/order.ts': `export const luck = Math.random();`,
        'server/src/sql/d.ts': `export function f(process: string) { return process.length + { Buffer: 1 }.Buffer; }`,
        'server/src/run/execute.ts': `import 'node:path';`,
        'server/src/ide/e.ts': `export const at = new Date();`,
      }),
    ),
    [
      /base.*"fs"/u,
      /jinja.*Date\.now/u,
      /project.*process/u,
      /plan\.ts.*node:path/u,
      /plan\/order.*Math/u,
      /ide.*Date\(\)/u,
    ],
  );
  catches(
    'packages far from home',
    rules.packagesFarFromHome(
      fake({
        'server/src/run/execute.ts': `import pg from 'pg';`,
        'server/src/warehouse/embedded/boot.ts': `import { from } from 'pg-copy-streams';`,
        'server/src/warehouse/postgres/session.ts': `import pg from 'pg';`,
        'server/src/ide/hover.ts': `import type { Hover } from 'vscode-languageserver-types';`,
      }),
    ),
    [/execute/u, /boot/u, /hover/u],
  );
  catches(
    'packages that a product lacks',
    rules.undeclaredPackages(
      fake({
        'server/src/cli/main.ts': `import 'typescript'; import 'yaml'; import '@noble/hashes/sha2.js'; import 'node:fs';`,
      }),
      ['yaml', '@noble/hashes'],
    ),
    [/typescript/u],
  );
  catches(
    'printing below the command line',
    rules.printing(
      fake({
        'server/src/run/execute.ts': `console.log('x');`,
        'server/src/warehouse/embedded/boot.ts': `process.stderr.write('x');`,
        'server/src/cli/main.ts': `console.log('x');`,
      }),
    ),
    [/execute/u, /boot/u],
  );
  catches(
    'circles of imports',
    rules.cycles(
      fake({
        'server/src/base/a.ts': `import './b.ts';`,
        'server/src/base/b.ts': `import './c.ts'; import type { D } from './d.ts';`,
        'server/src/base/c.ts': `export { a } from './a.ts';`,
        'server/src/base/d.ts': `import './b.ts';`,
        'server/src/sql/tree/a.ts': `import './b.ts';`,
        'server/src/sql/tree/b.ts': `import './a.ts';`,
      }),
      { 'server/src/sql/tree': 'holds itself' },
    ),
    [/a\.ts → server\/src\/base\/b\.ts → server\/src\/base\/c\.ts → server\/src\/base\/a\.ts/u],
  );
  catches(
    'a client that reaches into the server',
    rules.wrongClientImports(
      fake({
        'client/src/a.ts': `import { x } from '../../server/src/lsp/protocol.ts';`,
        'client/src/b.ts': `import type { x } from '../../server/src/base/text.ts';`,
        'client/src/c.ts': `import type { x } from '../../server/src/lsp/protocol.ts'; import './a.ts';`,
      }),
    ),
    [/a\.ts/u, /b\.ts/u],
  );
  catches(
    'files that are too long, and a list that is',
    rules.longFiles(
      fake({ 'server/src/base/a.ts': '\n'.repeat(501), 'server/src/base/b.ts': '\n'.repeat(500) }),
      {
        'server/src/base/b.ts': 'was long once',
      },
    ),
    [/a\.ts has 501/u, /b\.ts need not/u],
  );
  catches(
    'vague names',
    rules.vagueNames(
      fake({
        'server/src/base/utils.ts': '',
        'server/src/sql/string-helpers.ts': '',
        'client/src/common/a.ts': '',
        'server/src/base/commonwealth.ts': '',
      }),
    ),
    [/utils/u, /helpers/u, /common\/a/u],
  );
  catches(
    'files that do not say what they are for',
    rules.filesWithoutPurpose(
      fake({ 'server/src/base/a.ts': 'const a = 1;', 'server/src/base/b.ts': '/** Says. */' }),
    ),
    [/a\.ts/u],
  );
});

function readFolder(folder: string): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

function declaredPackages(): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.optionalDependencies ?? {})];
}
