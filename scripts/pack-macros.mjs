/** The built-in macros as one value: each file's text and what its macros call, so that a command parses only the macros that it runs. */

import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** {path with '/': {text, calls: {macro: [call, …]}}} for every `.sql` of the folder, in a stable order. */
export async function packMacros(root, folder = join(root, 'server', 'macros')) {
  const macroCalls = await callReader(root);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const packed = {};
  for (const path of paths.sort()) {
    const file = { path: relative(folder, path).split(sep).join('/'), text: await readFile(path, 'utf8') };
    packed[file.path] = { text: file.text, calls: macroCalls(file) };
  }
  return packed;
}

/** The engine's own reading, bundled: this script runs in plain Node, the engine is TypeScript. */
async function callReader(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: "export { macroCalls } from './server/src/project/macros.ts';", resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { macroCalls } = await import(`data:text/javascript;base64,${code}`);
  return macroCalls;
}
