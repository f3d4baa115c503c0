/** The extension in a real VS Code, as a user meets it: one editor for all checks, in the order in which a user would come to them. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from './browser.ts';
import type { Browser, Locator } from './browser.ts';
import { editorCache, startEditor } from './editor.ts';
import type { RunningEditor } from './editor.ts';
import { builtSample } from './sample.ts';
import type { Sample } from './sample.ts';
import { workbenchOf } from './workbench.ts';
import type { Workbench } from './workbench.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let cache: string;
let vsix: string;
let sample: Sample;
let editor: RunningEditor;
let browser: Browser;
let code: Workbench;

before(async () => {
  cache = editorCache();
  vsix = join(repository, '.cache/editor-test.vsix');
  execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], {
    cwd: repository,
    stdio: 'ignore',
  });
  sample = await builtSample();
  writeFileSync(
    join(sample.folder, 'test/data/no_order_is_paid.sql'),
    `select order_id, net_amount\nfrom {{ ref('fct_orders') }}\nwhere net_amount > 0\norder by order_id\nlimit 12\n`,
  );
  writeFileSync(join(sample.folder, 'scratch.sql'), 'select 1\n');
  writeFileSync(
    join(sample.folder, 'models/slow.sql'),
    `{{ config(materialized='table') }}\nselect pg_sleep(60)::text as a\n`,
  );
  writeFileSync(
    join(sample.folder, 'models/badly_laid_out.sql'),
    `SELECT order_id,net_amount FROM {{ ref('fct_orders') }} WHERE net_amount>0\n`,
  );
  writeFileSync(join(sample.folder, 'models/half_typed.sql'), `select (1 from {{ ref('fct_orders') }}\n`);
  editor = await startEditor({
    cache,
    vsix,
    folder: sample.folder,
    environment: sample.environment,
    // Compiled files have the names of their models; a user tells them apart by their folder.
    settings: { 'files.exclude': { target: true } },
  });
  browser = await startBrowser(cache);
  code = await openWindow(editor);
});

after(async () => {
  await browser.close();
  await editor.stop();
  await sample.remove();
});

async function openWindow({ url }: RunningEditor): Promise<Workbench> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(url);
  return workbenchOf(page);
}

const status = (): Locator => code.page.locator('[id="grainline.grainline.grainline.status"]').first();

async function statusSays(words: RegExp): Promise<string> {
  return code.until(`the status item says ${String(words)}`, async () => {
    const label = (await status().count()) > 0 ? await status().getAttribute('aria-label') : null;
    return label !== null && words.test(label) && label;
  });
}

/** A place of the active editor, by the text of its line and a word in it. */
const word = (line: string, text: string): Locator =>
  code.line(line).locator('span > span', { hasText: text }).first();

/** Results show up where they are: each step begins in the editor. */
const inEditor = async (name: string): Promise<void> => {
  await code.page.keyboard.press('Control+1');
  await code.openFile(name);
};

test('the status item names project, target and warehouse, and when the catalog was read', async () => {
  await code.openFile('weekly_sales.sql');
  const label = await statusSays(/, connected.*Catalog read/su);
  assert.match(label, /grainline_ticketing: \d+ models, \d+ sources, \d+ tests/u);
  assert.match(label, /Target: embedded/u);
  assert.match(label, /Catalog read just now/u);
  assert.doesNotMatch(label, /password/iu);
});

test('a model is Jinja SQL, other SQL stays what it is', async () => {
  const language = code.page.locator('.statusbar-item[id="status.editor.mode"]');
  await language.filter({ hasText: 'Jinja SQL' }).waitFor();
  await inEditor('no_order_is_paid.sql');
  await language.filter({ hasText: 'Jinja SQL' }).waitFor();
  await inEditor('scratch.sql');
  await language.filter({ hasText: /^(?!Jinja).*SQL$/u }).waitFor();
});

test('verbs stand over the model, and its grain beside it', async () => {
  await inEditor('weekly_sales.sql');
  const lenses = code.page.locator('.codelens-decoration').first();
  await lenses.waitFor();
  assert.match(await lenses.innerText(), /Build.*Test.*Preview.*Lineage/su);
  await code.line('one row per week_start').waitFor();
});

test('hovering a ref shows its columns and its grain', async () => {
  await code.until('a hover is there', async () => {
    await code.goTo(1, 1);
    await word("ref('fct_orders')", 'fct_orders').hover();
    const hover = code.page.locator('.monaco-hover', { hasText: 'order_id' }).first();
    return hover.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  const words = await code.page.locator('.monaco-hover', { hasText: 'order_id' }).first().innerText();
  assert.match(words, /one row per order_id/u);
  await code.picture('hover');
});

test('an unknown column is underlined while typing, and the quick fix mends it', async () => {
  await code.goTo(19, 10);
  await code.type('xx');
  const squiggle = code.page.locator('.editor-group-container.active .squiggly-error').first();
  await squiggle.waitFor({ timeout: 30_000, state: 'attached' });
  const menu = code.page.locator('.action-widget', { hasText: 'total_amount' }).first();
  await code.until('a fix is offered', async () => {
    await code.page.keyboard.press('Control+.');
    return menu.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  await code.picture('quick-fix');
  await code.page.keyboard.press('Enter');
  await code.line(/^\s+total_amount,/u).waitFor();
  await squiggle.waitFor({ state: 'detached', timeout: 30_000 });
  await code.until('the file is as it was', async () => {
    await code.undo();
    return !(await code.page.locator('.tab.active.dirty').isVisible());
  });
});

test('completion knows the columns of what a model reads', async () => {
  await code.goTo(19, 9);
  await code.page.keyboard.type('paid');
  await code.page.keyboard.press('Control+Space');
  await code.page.locator('.suggest-widget .monaco-list-row', { hasText: 'paid_amount' }).first().waitFor();
  await code.picture('completion');
  await code.page.keyboard.press('Escape');
  await code.until('the file is as it was', async () => {
    await code.undo();
    return !(await code.page.locator('.tab.active.dirty').isVisible());
  });
});

test('F12 on a ref opens the model', async () => {
  await code.goTo(3, 30);
  await code.page.keyboard.press('F12');
  await code.page.locator('.tab.active[data-resource-name="fct_orders.sql"]').waitFor();
});

test('compiled SQL stands beside the model and follows the cursor', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Show Compiled SQL Beside');
  const compiled = code.page.locator('.editor-group-container', { hasText: '(compiled)' });
  await compiled.locator('.view-line', { hasText: '"analytics"."fct_orders"' }).first().waitFor();
  await code.page.keyboard.press('Control+1');
  await code.goTo(17, 12);
  await compiled.locator('.view-overlays [class*="ced-"]').first().waitFor({
    state: 'attached',
  });
  await code.picture('compiled');
});

test('the cursor in the compiled SQL lights up what it came from', async () => {
  const mark = code.page
    .locator('.editor-group-container', { hasNotText: '(compiled)' })
    .locator('.view-overlays [class*="ced-"]')
    .first();
  await mark.waitFor({ state: 'detached' });
  await code.page.keyboard.press('Control+2');
  await code.goTo(9, 30);
  await mark.waitFor({ state: 'attached' });
  await code.picture('compiled-back');
  await code.page.keyboard.press('Control+F4');
});

test('a build shows each node, and its tests pass in the Testing view', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Build This Model');
  const run = await code.frameWith('text=/^(\\d+) of \\1$/');
  await run.locator('text=grainline build --select weekly_sales').first().waitFor();
  await code.picture('run');
});

test('preview fetches rows of the text in the editor', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Preview Rows');
  const grid = await code.frameWith('[role=columnheader]:has-text("iso_week")');
  await grid.locator('[role=gridcell]', { hasText: '2025-W' }).first().waitFor();
  await code.picture('grid');
});

test('the lineage shows the model between its parents and its exposure, and follows the editor', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Show Lineage');
  const lineage = await code.frameWith('text=weekly_sales_report');
  await lineage.locator('text=dim_events').first().waitFor({ state: 'attached' });
  await code.picture('lineage');
  await inEditor('stg_orders.sql');
  await lineage.locator('text=int_orders').first().waitFor({ state: 'attached' });
});

test('the verdict of a grain stands at its declaration until the file is edited', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Validate Grain');
  await inEditor('_marts.yml');
  const line = readFileSync(join(sample.folder, 'models/marts/_marts.yml'), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('grain: [week_start, is_total, event_id]'));
  await code.goTo(line + 1, 1);
  const notes = code.page
    .locator('.view-line', { hasText: 'grain:' })
    .locator('[class*="TextEditorDecorationType"]');
  await notes.first().waitFor({ state: 'attached' });
  await code.picture('grain');
  await code.goTo(line + 1, 9);
  await code.type(' ');
  await notes.first().waitFor({ state: 'detached' });
  await code.undo();
});

test('a failing test shows its first rows, and a click shows all of them', async () => {
  await inEditor('no_order_is_paid.sql');
  await code.command('Test This Model');
  await code.frameWith('text=/Got 12 results/');
  await code.page.keyboard.press('Control+1');
  const peek = code.page.locator('.test-output-peek', { hasText: 'Show all 12 rows' }).first();
  await code.until('the message is there', async () => {
    await code.editorCommand('Test: Peek Output');
    return peek.waitFor({ timeout: 4000 }).then(
      () => true,
      () => false,
    );
  });
  await peek.locator('td', { hasText: 'ord_1' }).first().waitFor();
  await code.picture('test-failure');
  await peek.locator('a', { hasText: 'Show all 12 rows' }).click();
  const grid = await code.frameWith('text=/12 rows · 2 columns/');
  await grid.locator('[role=gridcell]').first().waitFor();
});

test('tests run from the Testing view', async () => {
  await code.page.locator('.activitybar a[aria-label^="Testing"]').first().click();
  const row = code.page
    .locator('.test-explorer .monaco-list-row', { hasText: 'weekly_totals_add_up' })
    .first();
  await row.click();
  await row.hover();
  await row.locator('.codicon-testing-run-icon').first().click();
  await row.locator('.codicon-testing-passed-icon').first().waitFor({ timeout: 30_000 });
  await code.picture('testing');
  await code.page.keyboard.press('Control+Shift+E');
});

test('a command that cannot run says why', async () => {
  await inEditor('scratch.sql');
  await code.command('Build This Model');
  await code.page.locator('.notification-toast', { hasText: 'is no model, seed or test' }).first().waitFor();
  await code.editorCommand('Notifications: Clear All Notifications');
});

test('a run that is stopped from the palette ends as cancelled within seconds', async () => {
  await inEditor('slow.sql');
  await code.command('Run This Model');
  const run = await code.frameWith('button:has-text("Cancel run")');
  await run.locator('[role=listbox] li', { hasText: 'running' }).first().waitFor();
  await statusSays(/run --select slow/u);
  await code.command('Stop What Runs');
  // Left alone, the query would take longer than this waits.
  await run.locator('[role=listbox] li', { hasText: 'cancelled after' }).first().waitFor({ timeout: 10_000 });
  await code.picture('run-cancelled');
  await code.until('nothing runs', async () => {
    const label = await statusSays(/, connected/u);
    return !label.includes('run --select slow');
  });
});

test('a batch is picked from a list, and the log says that it was ingested', async () => {
  await inEditor('weekly_sales.sql');
  await code.command('Ingest a Batch…');
  const rows = code.quickInput().locator('.monaco-list-row');
  await rows.filter({ hasText: 'orders/batch_001' }).first().waitFor();
  await code.picture('batches');
  await code.pick('orders/batch_001');
  const run = await code.frameWith('.log-line:has-text("orders/batch_001")');
  assert.match(await run.locator('[role=log]').innerText(), /Ingested 1 of 1 batches, \d+ rows/u);
  await code.picture('ingested');
});

test('Format Document lays a model out, and undo brings back how it was', async () => {
  await inEditor('badly_laid_out.sql');
  const typed = code.line('SELECT order_id,net_amount FROM');
  await typed.waitFor();
  await code.editorCommand('Format Document');
  await code.line('net_amount > 0').waitFor();
  await typed.waitFor({ state: 'detached' });
  await code.picture('formatted');
  await code.undo();
  await typed.waitFor();
});

test('a file that cannot be formatted says why', async () => {
  await inEditor('half_typed.sql');
  await code.editorCommand('Format Document');
  await code.page
    .locator('.notification-toast', { hasText: /half_typed\.sql is not formatted: \S+/u })
    .first()
    .waitFor();
  await code.picture('not-formatted');
  await code.editorCommand('Notifications: Clear All Notifications');
  await code.line('select (1 from').waitFor();
});

test('a target is chosen from those of profiles.yml, and the status item names it', async () => {
  await inEditor('weekly_sales.sql');
  const rows = code.quickInput().locator('.monaco-list-row');
  for (const [from, to] of [
    ['embedded', 'docker'],
    ['docker', 'embedded'],
  ] as const) {
    await code.command('Choose Target…');
    await rows
      .filter({ hasText: `${from}in use` })
      .first()
      .waitFor();
    assert.equal(await rows.count(), 2);
    await code.picture(`targets-${from}`);
    await code.pick(to);
    await statusSays(new RegExp(`Target: ${to}`, 'u'));
    await status().filter({ hasText: to }).waitFor();
  }
  await statusSays(/, connected/u);
});

test('one click on the status item leads to what can be done', async () => {
  await status().click();
  await code.quickInput().locator('.monaco-list-row', { hasText: 'Choose Target' }).first().waitFor();
  await code.picture('status-choices');
  await code.page.keyboard.press('Escape');
});

test('a language server that is killed comes back, says so once, and no text is lost', async () => {
  await inEditor('weekly_sales.sql');
  await code.goTo(1, 1);
  await code.type('-- not saved\n');
  const found = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(editor.home) && line.includes('dist/server.mjs'));
  assert.equal(found.length, 1, 'one server for the window');
  process.kill(Number((found[0] ?? '').trim().split(' ')[0]), 'SIGKILL');
  const said = code.page.locator('.notification-toast', {
    hasText: 'ended unexpectedly and was started again',
  });
  await said.first().waitFor();
  assert.equal(await said.count(), 1);
  await statusSays(/, connected/u);
  await code.line('-- not saved').waitFor();
  await code.page.locator('.codelens-decoration', { hasText: 'Preview' }).first().waitFor();
  await code.undo();
  await code.editorCommand('Notifications: Clear All Notifications');
});

for (const [theme, name] of [
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'high-contrast'],
] as const) {
  test(`the views are drawn in the theme ${theme}`, async () => {
    editor.setTheme(theme);
    await code.page.goto(editor.url);
    await statusSays(/, connected/u);
    await inEditor('weekly_sales.sql');
    await code.command('Show Lineage');
    const lineage = await code.frameWith('text=weekly_sales_report');
    const body = name === 'light' ? 'vscode-light' : 'vscode-high-contrast';
    await lineage.locator(`body.${body}`).waitFor({ state: 'attached' });
    await code.picture(`lineage-${name}`);
    await code.command('Show Runs');
    await code.frameWith('text=/^history$/i');
    await code.picture(`run-${name}`);
  });
}

test('in a folder that is not trusted there are colours, and nothing of the project runs', async () => {
  const distrusted = await startEditor({
    cache,
    vsix,
    folder: sample.folder,
    environment: sample.environment,
    settings: {
      'security.workspace.trust.startupPrompt': 'never',
      'files.associations': { '*.sql': 'jinja-sql' },
    },
    trust: 'asked',
  });
  try {
    const window = await openWindow(distrusted);
    await window.openFile('weekly_sales.sql');
    await window.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor();
    await window.page.locator('.statusbar-item', { hasText: 'Jinja SQL' }).first().waitFor();
    const processes = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
    assert.ok(
      !processes.split('\n').some((line) => line.includes(distrusted.home) && line.includes('server.mjs')),
    );
    assert.equal(await window.page.locator('[id="grainline.grainline.grainline.status"]').count(), 0);
  } finally {
    await distrusted.stop();
  }
});
