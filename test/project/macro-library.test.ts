/** The built-in macros: free of faults, and packed with what they call. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { templateFacts } from '../../server/src/jinja/index.ts';
import { fileSet, type SourceFile } from '../../server/src/project/files.ts';
import { parsedMacroFile } from '../../server/src/project/macros.ts';
import { loadProject } from '../../server/src/project/project.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Packed = Readonly<Record<string, Pick<SourceFile, 'text' | 'calls'>>>;

/** What the build packs. */
async function packedLibrary(): Promise<SourceFile[]> {
  // A script of plain JavaScript.
  const script = (await import(new URL('../../scripts/pack-macros.mjs', import.meta.url).href)) as {
    readonly packMacros: (root: string) => Promise<Packed>;
  };
  return Object.entries(await script.packMacros(root)).map(([path, file]) => ({ path, ...file }));
}

test('no built-in macro has a fault: commands do not look for any', () => {
  const faults = macroLibrary().flatMap((file) =>
    parsedMacroFile(file).diagnostics.map(({ message }) => `${file.path}: ${message}`),
  );
  assert.deepEqual(faults, []);
});

test('a packed library is the same library', async () => {
  const files = await packedLibrary();
  const byPath = (a: SourceFile, b: SourceFile): number => (a.path < b.path ? -1 : 1);
  assert.deepEqual(
    files.map(({ path, text }) => ({ path, text })).sort(byPath),
    macroLibrary()
      .map(({ path, text }) => ({ path, text }))
      .sort(byPath),
  );
  assert.deepEqual(manifestMacros(files), manifestMacros(macroLibrary()));
  for (const file of files) {
    for (const { fullName, template } of parsedMacroFile(file).definitions) {
      const names = templateFacts(template).macroCalls.map(({ name }) => name.text);
      const known = (file.calls?.[fullName] ?? []).map((call) => call.slice(call.lastIndexOf('.') + 1));
      assert.deepEqual(new Set(known), new Set(names), `${file.path}: ${fullName}`);
    }
  }
});

/** The project replaces one macro that many of ours call: what they depend on is not settled when they are packed. */
function manifestMacros(library: readonly SourceFile[]): unknown {
  const files = fileSet([
    ['dbt_project.yml', 'name: shop\nversion: "1.0"\nprofile: shop\n'],
    ['macros/own.sql', '{% macro default__make_temp_relation(a, b) %}{% endmacro %}'],
  ]);
  const { project, diagnostics } = loadProject({ files, library, settings: fixtureSettings() });
  assert.deepEqual(diagnostics, []);
  return [...(project?.manifest.macros.values() ?? [])]
    .map(({ unique_id, depends_on, macro_sql }) => ({ unique_id, depends_on, macro_sql }))
    .sort((a, b) => (a.unique_id < b.unique_id ? -1 : 1));
}
