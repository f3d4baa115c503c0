/** The architecture's rules, as functions from a set of files to the sentences that say who breaks them. */

import { builtinModules } from 'node:module';
import type { SourceFile } from './source.ts';

/** Which layers a layer may import, besides itself. A shell may import everything. */
const LAYERS: Readonly<Record<string, readonly string[] | 'everything'>> = {
  base: [],
  jinja: ['base'],
  sql: ['base'],
  project: ['base', 'jinja', 'sql'],
  checks: ['base', 'jinja', 'sql', 'project'],
  ide: ['base', 'jinja', 'sql', 'project', 'checks'],
  warehouse: ['base'],
  'warehouse/postgres': ['base', 'warehouse'],
  'warehouse/embedded': ['base', 'warehouse', 'warehouse/postgres'],
  'warehouse/spark': ['base', 'warehouse'],
  'run/plan': ['base', 'jinja', 'sql', 'project', 'warehouse'],
  // Files into the raw layer: COPY, transactions, the ledger.
  load: ['base', 'warehouse'],
  run: ['base', 'jinja', 'sql', 'project', 'warehouse', 'run/plan'],
  // Asks a server what it holds and what unsaved SQL would give, without executing it.
  describe: ['base', 'jinja', 'sql', 'project', 'checks', 'warehouse'],
  // Whether a key is one and an aggregate counts right, with a server to try it on.
  prove: ['base', 'sql', 'project', 'describe', 'warehouse'],
  // Rows that were fetched: pages, sorting, filtering, export.
  preview: ['base', 'warehouse'],
  // Reads and watches a project's files for the shells.
  workspace: ['base', 'jinja', 'sql', 'project'],
  lsp: 'everything',
  cli: 'everything',
  pair: 'everything',
};

/** Layers that touch nothing outside: no files, no clock, no chance, no process. */
const PURE = new Set(['base', 'jinja', 'sql', 'project', 'checks', 'ide', 'run/plan']);

/** What a pure layer may not name. */
const WORLD = [
  ...['process', 'Buffer', '__dirname', '__filename', 'require', 'global', 'fetch', 'WebSocket', 'Worker'],
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'performance',
    'Date.now',
    'Date()',
    'Math.random',
    'crypto',
  ],
];

/** Packages with one home. */
const HOMES: readonly { readonly package: RegExp; readonly home: string }[] = [
  { package: /^pg(-.*)?$/u, home: 'warehouse/postgres' },
  { package: /^vscode-(languageserver|jsonrpc).*$/u, home: 'lsp' },
];

/** The layer of a file below server/src: its folder, or the folder in it that has rules of its own. */
export function layerOf(path: string): string {
  const parts = path.replace(/^server\/src\//u, '').split('/');
  const pair = parts.slice(0, 2).join('/').replace(/\.ts$/u, '');
  return pair in LAYERS ? pair : (parts[0] ?? '');
}

export function wrongArrows(files: readonly SourceFile[]): string[] {
  return serverFiles(files).flatMap((file) => {
    const from = layerOf(file.path);
    const allowed = LAYERS[from];
    if (allowed === undefined)
      return [`${file.path} is in no layer: put it in one, or add "${from}" to the layers.`];
    if (allowed === 'everything') return [];
    return file.imports
      .filter((target) => target.relative)
      .map((target) => ({ target: target.target, layer: layerOf(target.target) }))
      .filter(
        ({ layer, target }) =>
          !target.startsWith('server/src/') || (layer !== from && !allowed.includes(layer)),
      )
      .map(
        ({ layer, target }) =>
          `${file.path} (${from}) imports ${target} (${layer}): that arrow points the wrong way.`,
      );
  });
}

export function worldlyPureFiles(files: readonly SourceFile[]): string[] {
  return serverFiles(files)
    .filter((file) => PURE.has(layerOf(file.path)))
    .flatMap((file) => [
      ...file.imports
        .filter((target) => isBuiltin(target.target))
        .map(
          (target) => `${file.path} imports "${target.target}": only shells and adapters reach the outside.`,
        ),
      ...WORLD.filter((name) => names(file.globals, name)).map(
        (name) => `${file.path} uses "${name}": only shells and adapters reach the outside.`,
      ),
    ]);
}

export function packagesFarFromHome(files: readonly SourceFile[]): string[] {
  return serverFiles(files).flatMap((file) =>
    file.imports.flatMap(({ target, relative }) => {
      const rule = relative
        ? undefined
        : HOMES.find((candidate) => candidate.package.test(packageOf(target)));
      if (!rule || layerOf(file.path) === rule.home) return [];
      return [`${file.path} imports "${target}": only server/src/${rule.home} may.`];
    }),
  );
}

/** `declared` are the names under dependencies and optionalDependencies: what an installed product has. */
export function undeclaredPackages(files: readonly SourceFile[], declared: readonly string[]): string[] {
  return serverFiles(files).flatMap((file) =>
    file.imports
      .filter(
        ({ target, relative }) => !relative && !isBuiltin(target) && !declared.includes(packageOf(target)),
      )
      .map(
        ({ target }) =>
          `${file.path} imports "${target}", which package.json does not list under dependencies.`,
      ),
  );
}

export function printing(files: readonly SourceFile[]): string[] {
  return serverFiles(files)
    .filter((file) => layerOf(file.path) !== 'cli')
    .filter(
      (file) =>
        names(file.globals, 'console') || prefixed(file.globals, ['process.stdout', 'process.stderr']),
    )
    .map((file) => `${file.path} prints: only server/src/cli does.`);
}

/**
 * Files that import each other in a circle at run time; types may. Inside a folder of `recursive`, each given with its reason, files may:
 * a grammar that contains itself is no clearer in one file.
 */
export function cycles(files: readonly SourceFile[], recursive: Readonly<Record<string, string>>): string[] {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const excused = (from: string, to: string): boolean =>
    folderOf(from) === folderOf(to) && folderOf(from) in recursive;
  const next = new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter(({ relative, typeOnly, target }) => relative && !typeOnly && !excused(file.path, target))
        .map(({ target }) => target),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push(`${[...trail.slice(trail.indexOf(path)), path].join(' → ')} is a circle of imports.`);
      return;
    }
    state.set(path, 'open');
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}

export function wrongClientImports(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith('client/'))
    .flatMap((file) =>
      file.imports
        .filter(({ target, relative }) => relative && !target.startsWith('client/'))
        .filter(({ target, typeOnly }) => !typeOnly || !/^server\/src\/lsp\/protocol(\/|\.ts$)/u.test(target))
        .map(
          ({ target }) =>
            `${file.path} imports ${target}: the client knows only the types of server/src/lsp/protocol.`,
        ),
    );
}

export const LONGEST_FILE = 500;

/** `long` are the files that may be longer, each with its reason. */
export function longFiles(files: readonly SourceFile[], long: Readonly<Record<string, string>>): string[] {
  const tooLong = serverFiles(files)
    .filter((file) => file.lines > LONGEST_FILE && !(file.path in long))
    .map(
      (file) =>
        `${file.path} has ${file.lines} lines, more than ${LONGEST_FILE}: split it by what it is about.`,
    );
  const needless = Object.keys(long)
    .filter((path) => (files.find((file) => file.path === path)?.lines ?? 0) <= LONGEST_FILE)
    .map((path) => `${path} need not be on the list of long files.`);
  return [...tooLong, ...needless];
}

/** Names under which everything ends up, and nothing is found. */
const VAGUE = /(^|[-/])(utils?|helpers?|common|misc|manager|service)(?=[-./]|$)/u;

export function vagueNames(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => VAGUE.test(file.path))
    .map((file) => `${file.path}: name the file after what is inside.`);
}

export function filesWithoutPurpose(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !file.opening.startsWith('/**'))
    .map((file) => `${file.path} must begin with a comment of one sentence that says what it is for.`);
}

function serverFiles(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter((file) => file.path.startsWith('server/src/'));
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether `name`, or a member of it, is among the globals. */
function names(globals: ReadonlySet<string>, name: string): boolean {
  return globals.has(name) || prefixed(globals, [`${name}.`]);
}

function prefixed(globals: ReadonlySet<string>, starts: readonly string[]): boolean {
  return [...globals].some((name) => starts.some((start) => name.startsWith(start)));
}
