/** The extension in a real VS Code, as a user meets it: one editor for all checks, in the order in which a user would come to them. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from './browser.ts';
import type { Browser } from './browser.ts';
import { editorCache, startEditor } from './editor.ts';
import type { RunningEditor } from './editor.ts';
import { builtSample } from './sample.ts';
import type { Sample } from './sample.ts';
import { workbenchOf } from './workbench.ts';
import type { Workbench } from './workbench.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let sample: Sample;
let editor: RunningEditor;
let browser: Browser;
let code: Workbench;

before(async () => {
  const cache = editorCache();
  const vsix = join(repository, '.cache/editor-test.vsix');
  execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: repository });
  sample = await builtSample();
  editor = await startEditor({
    cache,
    vsix,
    folder: sample.folder,
    environment: sample.environment,
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  browser = await startBrowser(cache);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(editor.url);
  code = workbenchOf(page);
});

after(async () => {
  await browser.close();
  await editor.stop();
  await sample.remove();
});

const status = (): ReturnType<Workbench['line']> =>
  code.page.locator('[id="grainline.grainline.grainline.status"], .statusbar-item[id*="grainline"]').first();

test('the status item names the target and the warehouse', async () => {
  await code.openFile('weekly_sales.sql');
  await status().waitFor({ timeout: 30_000 });
  const text = await code.until('the warehouse is connected', async () => {
    const words = await status().getAttribute('aria-label');
    return words?.includes('connected') === true && words;
  });
  assert.match(text, /grainline_ticketing/u);
  await code.picture('status');
});

test('a model is coloured as Jinja SQL', async () => {
  await code.page.locator('.statusbar-item', { hasText: 'Jinja SQL' }).first().waitFor();
});
