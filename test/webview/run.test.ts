/** The run page in a real browser: what a person sees of a run that goes on, and does about it. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunNode, RunNews, RunView } from '../../server/src/lsp/protocol.ts';
import { findBrowser, type Browser } from './browser.ts';
import { buildPages } from './built-pages.ts';
import { failedRun, FOLDER, largeRun, pastRuns, runningRun } from './run-samples.ts';
import { until } from './until.ts';
import { showPage, type ShownPage } from './shown-page.ts';

const found = findBrowser();
const skip = found ? false : 'no browser is installed: sh test/editor/install.sh .cache/editor';

describe('the run page', { skip }, () => {
  let browser: Browser;
  let pages: ReturnType<typeof buildPages>;
  const asked: { readonly method: string; readonly params: unknown }[] = [];

  before(async () => {
    pages = buildPages();
    browser = await (found as NonNullable<typeof found>).launch();
  });

  after(async () => {
    await browser.close();
    pages.remove();
  });

  async function open(runs: readonly RunView[], runId?: string): Promise<ShownPage> {
    asked.length = 0;
    const below = ['int_payments_by_order', 'fct_payments'].map((name) => ({
      uniqueId: `model.shop.${name}`,
    }));
    const shown = await showPage(browser, {
      name: 'run',
      argument: { folder: FOLDER, ...(runId === undefined ? {} : { runId }) },
      dist: pages.dist,
      answer: async (method, params) => {
        asked.push({ method, params });
        if (method === 'grainline/runs') return runs;
        if (method === 'grainline/lineage') return { nodes: below };
        if (method === 'grainline/projects')
          return [{ folder: FOLDER, name: 'shop', warehouse: { address: 'analyst@localhost/warehouse' } }];
        return null;
      },
    });
    await shown.page.waitForSelector('.overview, .empty');
    return shown;
  }

  async function checked(shown: ShownPage, check: (page: ShownPage['page']) => Promise<void>): Promise<void> {
    try {
      await check(shown.page);
      assert.deepEqual(shown.complaints, []);
    } finally {
      await shown.close();
    }
  }

  /** What the page says comes a moment after what was done to it. */
  const settled = ({ page }: ShownPage): Promise<void> =>
    page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)))');
  const text = (page: ShownPage['page'], selector: string): Promise<string> =>
    page.evaluate(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.replace(/\\s+/g, ' ').trim() ?? ''`,
    );
  const count = (page: ShownPage['page'], selector: string): Promise<number> =>
    page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
  const news = (params: Omit<RunNews, 'folder'>) =>
    ({ kind: 'notification', method: 'grainline/run', params: { folder: FOLDER, ...params } }) as const;

  test('one sees how far the run is, of what, with how many threads', async () => {
    const shown = await open([runningRun(Date.now())]);
    await checked(shown, async (page) => {
      assert.equal(await text(page, '.far'), '17 of 23');
      assert.match(await text(page, '.figures'), /^4 threads · .+ elapsed · about .+ left$/u);
      assert.match(
        await text(page, '.legend'),
        /11 passed.*1 warned.*3 failed.*2 skipped.*3 running.*3 queued/u,
      );
      assert.equal(await text(page, '.command'), 'grainline build --select fct_orders+');
    });
  });

  test('the first failure is open: message first, place, SQL, rows, and what was skipped because of it', async () => {
    const shown = await open([runningRun(Date.now())]);
    await checked(shown, async (page) => {
      await until(page, `document.querySelector('.detail')?.textContent.includes('downstream')`);
      const detail = await text(page, '.detail');
      assert.ok(detail.startsWith('Got 3 results, configured to fail if != 0'));
      for (const part of ['models/staging/_stripe.yml:31:15', 'Compiled SQL', 'Show the 3 rows'])
        assert.ok(detail.includes(part), `${part} is missing in: ${detail}`);
      assert.match(detail, /2 models downstream were skipped/u);
      await page.evaluate(
        `[...document.querySelectorAll('.detail .link')].find((link) => link.textContent.includes('rows')).click()`,
      );
      await page.evaluate(
        `[...document.querySelectorAll('.detail .link')].find((link) => link.textContent.includes('SQL')).click()`,
      );
      await settled(shown);
      assert.deepEqual(
        shown.said.find(({ kind }) => kind === 'command'),
        {
          kind: 'command',
          command: 'grainline.showFailures',
          argument: { folder: FOLDER, uniqueId: 'test.shop.accepted_values_stg_payments_status' },
        },
      );
      assert.ok(shown.said.some((said) => said.kind === 'show-text' && said.language === 'sql'));
    });
  });

  test('F8 goes from failure to failure; a unit test shows its difference as a table', async () => {
    const shown = await open([runningRun(Date.now())]);
    await checked(shown, async (page) => {
      await page.keyboard.press('F8');
      await page.keyboard.press('F8');
      await page.waitForSelector('.difference');
      assert.equal(await count(page, '.difference tbody tr'), 3);
      assert.equal(await text(page, '.difference .null'), 'NULL');
      assert.match(
        (await page.getAttribute('.nodes', 'aria-activedescendant')) ?? '',
        /orders_are_priced_once$/u,
      );
    });
  });

  test('Enter opens the place of the error', async () => {
    const shown = await open([failedRun(Date.now())]);
    await checked(shown, async (page) => {
      for (let press = 0; press < 3; press += 1) await page.keyboard.press('F8');
      await until(
        page,
        `document.querySelector('.nodes').getAttribute('aria-activedescendant').endsWith('int_tax')`,
      );
      await page.keyboard.press('Enter');
      await settled(shown);
      const opened = shown.said.find(({ kind }) => kind === 'open');
      assert.ok(opened?.kind === 'open' && opened.location.range.start.line === 13);
    });
  });

  test('what comes is shown at once, and said aloud when something fails', async () => {
    const run = runningRun(Date.now());
    const shown = await open([run]);
    await checked(shown, async (page) => {
      const queued = run.nodes.find(({ name }) => name === 'fct_orders') as RunNode;
      const failed: RunNode = {
        ...queued,
        status: 'error',
        startedAt: 1,
        endedAt: 2,
        message: 'division by zero',
      };
      await shown.tell(
        news({
          runId: run.runId,
          nodes: [failed],
          log: [{ at: Date.now(), level: 'error', text: 'ERROR creating fct_orders' }],
        }),
      );
      await until(page, `document.querySelector('.far').textContent === '18 of 23'`);
      assert.equal(await text(page, '[role=status]'), 'fct_orders error');
      assert.match(await text(page, '.lines'), /ERROR creating fct_orders/u);
      await shown.tell(news({ runId: run.runId, state: 'failed', endedAt: Date.now() }));
      await until(page, `document.querySelector('.overview').textContent.includes('Rerun failed')`);
      assert.match(await text(page, '[role=status]'), /^Run failed: 4 failed/u);
    });
  });

  test('a run that begins is shown', async () => {
    const now = Date.now();
    const shown = await open(pastRuns(now));
    await checked(shown, async (page) => {
      const begun = { ...runningRun(now), runId: 'new', nodes: [] };
      await shown.tell(news({ runId: 'new', begun }));
      await until(page, `document.querySelector('.command').textContent.includes('fct_orders+')`);
      assert.equal(await text(page, '.history [aria-selected=true] .title'), 'build fct_orders+');
    });
  });

  test('Escape asks before it stops anything', async () => {
    const shown = await open([runningRun(Date.now())]);
    await checked(shown, async (page) => {
      await page.keyboard.press('Escape');
      await page.waitForSelector('[role=alertdialog]');
      await page.keyboard.press('Escape');
      await until(page, `document.querySelector('[role=alertdialog]') === null`);
      assert.ok(!asked.some(({ method }) => method === 'grainline/cancelRun'));
      await page.keyboard.press('Escape');
      await until(page, `document.activeElement?.id === 'really'`);
      await page.keyboard.press('Enter');
      await until(page, `document.querySelector('[role=alertdialog]') === null`);
      assert.deepEqual(
        asked.filter(({ method }) => method === 'grainline/cancelRun'),
        [{ method: 'grainline/cancelRun', params: { runId: 'running' } }],
      );
    });
  });

  test('Rerun starts the same again', async () => {
    const run = failedRun(Date.now());
    const shown = await open([run]);
    await checked(shown, async (page) => {
      await page.evaluate(
        `[...document.querySelectorAll('.overview button')].find((button) => button.textContent.trim() === 'Rerun').click()`,
      );
      await settled(shown);
      assert.deepEqual(asked.at(-1), { method: 'grainline/startRun', params: run.order });
    });
  });

  test('a task shows its log and nothing else', async () => {
    const shown = await open(pastRuns(Date.now()), 'task');
    await checked(shown, async (page) => {
      assert.equal(await count(page, '.nodes'), 0);
      assert.match(await text(page, '.lines'), /Ingested 1 batch in 2\.1 s/u);
    });
  });

  test('the log keeps to its end until somebody scrolls', async () => {
    const run = runningRun(Date.now());
    const shown = await open([run]);
    const line = (index: number) => ({
      at: Date.now(),
      level: 'info' as const,
      text: `line ${String(index)}`,
    });
    const atEnd = `(() => { const lines = document.querySelector('.lines'); return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 4; })()`;
    await checked(shown, async (page) => {
      await shown.tell(
        news({ runId: run.runId, log: Array.from({ length: 300 }, (_, index) => line(index)) }),
      );
      await until(page, `document.querySelector('.lines').textContent.includes('line 299') && ${atEnd}`);
      await page.evaluate(`document.querySelector('.lines').scrollTop = 40`);
      await page.waitForSelector('[aria-label="Jump to the end"]');
      await shown.tell(news({ runId: run.runId, log: [line(300)] }));
      await until(page, `document.querySelector('.lines').textContent.includes('line 300')`);
      assert.equal(await page.evaluate(atEnd), false);
      await page.click('[aria-label="Jump to the end"]');
      await until(page, atEnd);
    });
  });

  test('of five thousand nodes only those in view are drawn, and all are counted', async () => {
    const shown = await open([largeRun(Date.now(), 5000)]);
    await checked(shown, async (page) => {
      assert.equal(await page.getAttribute('.nodes', 'aria-rowcount'), '5000');
      assert.ok((await count(page, '.row')) < 80);
      await page.evaluate(`document.querySelector('.nodes').focus()`);
      await page.keyboard.press('End');
      await until(page, `document.querySelector('.row.active')?.textContent.includes('model_4999')`);
      assert.ok((await count(page, '.row')) < 80);
    });
  });

  test('before the first run one is told how to begin', async () => {
    const shown = await open([]);
    await checked(shown, async (page) => {
      assert.equal(await text(page, '.empty strong'), 'No runs in this workspace');
    });
  });
});
