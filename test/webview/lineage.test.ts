/** The lineage page in a real browser: what a person sees of it, and does with it, by mouse and by keyboard. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LineageQuery } from '../../server/src/lsp/protocol.ts';
import { findBrowser, type Browser } from './browser.ts';
import { buildPages } from './built-pages.ts';
import {
  FOLDER,
  lineageServer,
  madeProject,
  sampleProject,
  someResults,
  type LineageServer,
} from './lineage-projects.ts';
import { until } from './until.ts';
import { showPage, type ShowOptions, type ShownPage } from './shown-page.ts';

const found = findBrowser();
const skip = found ? false : 'no browser is installed: sh test/editor/install.sh .cache/editor';

describe('the lineage page', { skip }, () => {
  let browser: Browser;
  let pages: ReturnType<typeof buildPages>;
  let sample: LineageServer;
  let large: LineageServer;
  const asked: LineageQuery[] = [];

  before(async () => {
    pages = buildPages();
    browser = await (found as NonNullable<typeof found>).launch();
    const [project, made] = [sampleProject(), madeProject(2000)];
    sample = await lineageServer(project, someResults(project));
    large = await lineageServer(made, someResults(made));
  });

  after(async () => {
    await browser.close();
    pages.remove();
  });

  const ORDERS = 'model.grainline_ticketing.fct_orders';

  async function open(server: LineageServer, options: Partial<ShowOptions> = {}): Promise<ShownPage> {
    asked.length = 0;
    const shown = await showPage(browser, {
      name: 'lineage',
      argument: { folder: FOLDER, uniqueId: ORDERS },
      dist: pages.dist,
      answer: async (method, params) => {
        if (method !== 'grainline/lineage') return [{ folder: FOLDER, name: 'shop', warehouse: {} }];
        asked.push(params as LineageQuery);
        return server.answer(params as LineageQuery);
      },
      ...options,
    });
    await shown.page.waitForSelector('.card, .empty');
    return shown;
  }

  /** Runs the check and closes the page; a breach of the content policy fails it too. */
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
    page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent.trim() ?? ''`);
  const count = (page: ShownPage['page'], selector: string): Promise<number> =>
    page.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`);
  const whereIs = (page: ShownPage['page'], name: string): Promise<{ x: number; y: number }> =>
    page.evaluate(
      `(() => { const { x, y } = document.querySelector('[data-id$="${name}"] .card-body').getBoundingClientRect(); return { x: Math.round(x), y: Math.round(y) }; })()`,
    );

  test('one sees the model with one hop each way, and how many nodes there are', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      assert.equal(await text(page, '.title'), 'fct_orders');
      assert.match(await text(page, '.count'), /^\d+ of 32 nodes$/u);
      assert.deepEqual([asked[0]?.up, asked[0]?.down], [1, 1]);
      assert.equal(await count(page, '.middle'), 1);
    });
  });

  test('every card says aloud what it is, its layer, its tests and its last run', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const label = await page.getAttribute('.middle', 'aria-label');
      assert.match(label ?? '', /^fct_orders, incremental · \d+ \w+, layer mart, \d+ tests.*, last run /u);
    });
  });

  test('the arrow keys follow the lines, Space opens columns, Enter opens the file', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      await page.keyboard.press('ArrowLeft');
      await until(page, `document.querySelector('.card.active:not(.middle)') !== null`);
      const active = (await page.getAttribute('.stage', 'aria-activedescendant')) ?? '';
      assert.match(active, /^card-model\.grainline_ticketing\.(int|stg)_/u);
      await page.keyboard.press('Space');
      await until(page, `document.querySelector('.card.active .column') !== null`);
      await page.keyboard.press('Enter');
      await settled(shown);
      const opened = shown.said.find(({ kind }) => kind === 'open');
      assert.ok(opened?.kind === 'open' && opened.location.uri.endsWith('.sql'));
    });
  });

  test('a click on a column lights its way, by kind, and says what is written at each step; Escape lets it go', async () => {
    const column = { uniqueId: ORDERS, name: 'fct_orders', column: 'net_amount' };
    const shown = await open(sample, {
      answer: async (method, params) => {
        if (method === 'grainline/lineage') return sample.answer(params as LineageQuery);
        if (method !== 'grainline/columnLineage') return [{ folder: FOLDER, name: 'shop', warehouse: {} }];
        const from = { ...column, uniqueId: 'model.grainline_ticketing.int_orders', name: 'int_orders' };
        const edge = {
          from,
          to: column,
          how: 'aggregated',
          gives: 'value',
          expressions: ['sum(net_amount)'],
        };
        return { edges: [edge], unknown: [] };
      },
    });
    await checked(shown, async (page) => {
      await page.click(`[id="card-${ORDERS}"] [data-part="columns"]`);
      await page.waitForSelector('[data-part="column:net_amount"]');
      await page.click(`[id="card-${ORDERS}"] [data-part="column:net_amount"]`);
      await page.waitForSelector('.edges.hot .aggregates', { state: 'attached' });
      const words = String(await page.evaluate(`document.querySelector('.column-path')?.textContent ?? ''`));
      assert.match(
        words,
        /int_orders\.net_amount → fct_orders\.net_amount\s+aggregated\s+sum\(net_amount\)/u,
      );
      await page.keyboard.press('Escape');
      await page.waitForSelector('.column-path', { state: 'hidden' });
    });
  });

  test('opening columns moves no card from under the eye', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const before = await whereIs(page, 'fct_orders');
      await page.click('.middle .chevron');
      await until(page, `document.querySelector('.middle .column') !== null`);
      assert.deepEqual(await whereIs(page, 'fct_orders'), before);
    });
  });

  test('it follows the editor, until it is pinned', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const focus = {
        kind: 'focus',
        folder: FOLDER,
        uniqueId: 'model.grainline_ticketing.stg_orders',
      } as const;
      await page.keyboard.press('p');
      await page.waitForSelector('[aria-pressed="true"]');
      await shown.tell(focus);
      await page.keyboard.press('p');
      await until(page, `document.querySelector('[aria-pressed="true"]') === null`);
      assert.equal(asked.at(-1)?.uniqueId, ORDERS);
      await shown.tell(focus);
      await until(page, `document.querySelector('.title').textContent === 'stg_orders'`);
    });
  });

  test('a run colours the cards while it goes, and moves none of them', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const before = await whereIs(page, 'fct_orders');
      await shown.tell({
        kind: 'notification',
        method: 'grainline/run',
        params: {
          runId: 'r',
          folder: FOLDER,
          nodes: [{ uniqueId: ORDERS, status: 'running' } as never],
        },
      });
      await page.waitForSelector('.middle .status.run');
      assert.deepEqual(await whereIs(page, 'fct_orders'), before);
      const queries = asked.length;
      await shown.tell({
        kind: 'notification',
        method: 'grainline/run',
        params: { runId: 'r', folder: FOLDER, state: 'done' },
      });
      await until(page, `document.querySelector('.middle .status.run') === null`);
      await until(page, `!document.querySelector('.progress.busy')`);
      assert.deepEqual(await whereIs(page, 'fct_orders'), before);
      assert.ok(asked.length >= queries);
    });
  });

  test('a search leads to a model that is not shown', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('identity');
      await page.waitForSelector('.found [role=option]');
      await page.keyboard.press('Enter');
      await until(page, `document.querySelector('.title').textContent.includes('identity')`);
    });
  });

  test('a pill shows the neighbours that one card hides', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const before = await count(page, '.card');
      await page.click('.pill:not(.aside) text');
      await until(page, `document.querySelectorAll('.card').length > ${before}`);
      assert.equal(asked.at(-1)?.expanded?.length, 1);
    });
  });

  test('Build, Test and Preview of a card are commands with its id', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      await page.click('.middle .card-body', { button: 'right' });
      await page.waitForSelector('[role=menu]');
      await page.evaluate(
        `[...document.querySelectorAll('[role=menuitem]')].find((item) => item.textContent.includes('Build')).click()`,
      );
      await until(page, `document.querySelector('[role=menu]') === null`);
      const command = shown.said.find(({ kind }) => kind === 'command');
      assert.deepEqual(command, {
        kind: 'command',
        command: 'grainline.build',
        argument: { folder: FOLDER, uniqueId: ORDERS },
      });
    });
  });

  test('the list has every card of the drawing', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      const cards = await count(page, '.card');
      await page.keyboard.press('l');
      await page.waitForSelector('.list');
      assert.equal(await count(page, '.list tbody tr:not(.lane-row)'), cards);
    });
  });

  test('an exported drawing needs no theme: every colour stands in it, and nothing is referred to', async () => {
    const shown = await open(sample);
    await checked(shown, async (page) => {
      await page.click('[aria-label="Save as SVG"]');
      await until(page, `document.querySelector('.export') === null`);
      const saved = shown.said.find(({ kind }) => kind === 'save');
      assert.ok(saved?.kind === 'save');
      assert.equal(saved.name, 'fct_orders lineage.svg');
      assert.match(saved.text, /^<svg [^>]*viewBox="0 0 \d+ \d+"/u);
      assert.match(saved.text, />fct_orders</u);
      // A curve without a fill of its own would be filled with black.
      assert.doesNotMatch(saved.text, /<(?:path|rect|circle|text)(?![^>]*fill=)/u);
      assert.match(saved.text, /<path d="M[\d. ]+C[^>]*fill="none"/u);
      assert.doesNotMatch(saved.text, /var\(|class=|style=|href|color-mix|<!--/u);
    });
  });

  test('two thousand models are folders with tiles; one goes into a folder and out again', async () => {
    const shown = await open(large, { argument: { folder: FOLDER }, state: { uniqueId: null } });
    await checked(shown, async (page) => {
      assert.equal(await text(page, '.count'), '2,000 nodes');
      const groups = await count(page, '.group');
      assert.ok(groups > 3 && groups < 40, `${String(groups)} groups`);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.waitForSelector('nav.trail');
      assert.ok((await count(page, '.card:not(.group)')) > 0);
      await page.keyboard.press('Escape');
      await until(page, `document.querySelector('nav.trail') === null`);
    });
  });

  test('only what is in view is drawn', async () => {
    const shown = await open(large, { argument: { folder: FOLDER }, state: { uniqueId: null } });
    await checked(shown, async (page) => {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.waitForSelector('nav.trail');
      const all = large.answer(asked.at(-1) as LineageQuery).nodes.length;
      for (let press = 0; press < 8; press += 1) await page.keyboard.press('+');
      await until(page, `document.querySelectorAll('.card:not(.group)').length < ${all}`);
    });
  });

  test('with no model there is a way to one; a refusal is said in the server’s words, with a way to try again', async () => {
    const empty = await open(sample, { argument: { folder: FOLDER } });
    await checked(empty, async (page) => {
      assert.equal(await text(page, '.empty strong'), 'Open a model to see its lineage');
    });
    let refuses = true;
    const refused = await showPage(browser, {
      name: 'lineage',
      argument: { folder: FOLDER, uniqueId: ORDERS },
      dist: pages.dist,
      answer: async (method, params) => {
        if (method !== 'grainline/lineage') return [];
        if (refuses) throw new Error('The project is still being read: try again in a moment.');
        return sample.answer(params as LineageQuery);
      },
    });
    await checked(refused, async (page) => {
      await page.waitForSelector('.failure');
      assert.match(await text(page, '.failure strong'), /still being read/u);
      refuses = false;
      await page.click('.failure button');
      await page.waitForSelector('.card');
    });
  });
});
