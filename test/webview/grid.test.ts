/** The results grid in a browser, under the policy of a webview: what a user sees, does by mouse and keys, and what a screen reader is told. */

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PreviewOrder, PreviewState } from '../../server/src/lsp/protocol.ts';
import type { Browser } from './browser.ts';
import { findBrowser } from './browser.ts';
import { FOLDER, PreviewHost, madeOrders } from './preview-host.ts';
import type { ShowOptions, ShownPage } from './shown-page.ts';
import { showPage } from './shown-page.ts';

const found = findBrowser();
const order: PreviewOrder = {
  folder: FOLDER,
  of: 'resource',
  uniqueId: 'model.shop.fct_orders',
  limit: 1000,
};
const problem = {
  message: 'column "net_amout" does not exist\nPerhaps you meant to reference the column "o.net_amount".',
  location: {
    uri: `${FOLDER}/models/marts/fct_orders.sql`,
    range: { start: { line: 13, character: 6 }, end: { line: 13, character: 15 } },
  },
};

describe(
  'the results grid',
  { skip: found ? false : 'no browser is installed: sh test/editor/install.sh .cache/editor' },
  () => {
    const dist = mkdtempSync(join(tmpdir(), 'grainline-pages-'));
    const orders = madeOrders(2000, 12);
    let browser: Browser;
    let host: PreviewHost;
    let shown: ShownPage;

    before(async () => {
      const root = fileURLToPath(new URL('../../', import.meta.url));
      execFileSync(process.execPath, ['scripts/build.mjs', '--out', dist], { cwd: root, stdio: 'ignore' });
      browser = await (found as NonNullable<typeof found>).launch();
    });
    after(async () => {
      await browser.close();
      await rm(dist, { recursive: true, force: true });
    });

    const open = async (
      state: Partial<PreviewState> = {},
      options: Partial<ShowOptions> = {},
      made = orders,
    ): Promise<void> => {
      host = new PreviewHost();
      const preview = host.add('first', { ...made, state });
      shown = await showPage(browser, {
        name: 'grid',
        dist,
        argument: { folder: FOLDER, previewId: 'first', order },
        answer: host.answer,
        ...options,
      });
      await shown.page.waitForSelector('.toolbar');
      await tell(preview);
    };
    const tell = (state: PreviewState): Promise<void> =>
      shown.tell({ kind: 'notification', method: 'grainline/preview', params: state });
    // The policy forbids the page to evaluate text, and with it the browser's own way of waiting.
    const seen = async (expression: string): Promise<void> => {
      for (const end = Date.now() + 10_000; !(await shown.page.evaluate<boolean>(expression));) {
        if (Date.now() > end) throw new Error(`Never seen: ${expression}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const cell = (row: number, column: number): string => `[aria-rowindex="${row + 2}"] .c${column}`;
    const showsText = (selector: string, text: string): Promise<void> =>
      seen(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].some((e) => e.textContent.replace(/\\s+/g, ' ').includes(${JSON.stringify(text)}))`,
      );
    const copied = async (): Promise<string> => {
      const before = shown.said.length;
      await shown.page.keyboard.press('Control+c');
      for (;;) {
        const message = shown.said.slice(before).find(({ kind }) => kind === 'copy');
        if (message?.kind === 'copy') return message.text;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const grid = (sentence: string, run: () => Promise<void>): void => {
      test(sentence, { timeout: 60_000 }, async () => {
        try {
          await run();
          assert.deepEqual(shown.complaints, [], 'the browser complains of nothing');
        } finally {
          await shown.close();
        }
      });
    };

    grid(
      'shows rows, their number, types and keys, and tells a screen reader how many there are',
      async () => {
        await open();
        await showsText(cell(0, 0), '104200');
        await showsText('.meta', '2,000 rows · 12 columns · 1.24 s');
        await showsText('.heading.c3', 'numeric(12,2)');
        await showsText('.heading.c0', 'key order_id');
        const { page } = shown;
        assert.equal(await page.getAttribute('[role=grid]', 'aria-rowcount'), '2001');
        assert.equal(await page.getAttribute('[role=grid]', 'aria-colcount'), '13');
        assert.ok((await page.evaluate<number>(`document.querySelectorAll('.row').length`)) < 60);
      },
    );

    grid('keeps NULL, an empty text and the text NULL apart', async () => {
      await open(
        {},
        {},
        {
          title: 'three',
          columns: [{ name: 'value', type: 'text' }],
          rows: [[null], [''], ['NULL']],
        },
      );
      await showsText(cell(2, 0), 'NULL');
      const { page } = shown;
      assert.match((await page.getAttribute(cell(0, 0), 'class')) ?? '', /\bnull\b/u);
      assert.doesNotMatch((await page.getAttribute(cell(2, 0), 'class')) ?? '', /\bnull\b/u);
      assert.equal(await page.getAttribute(cell(1, 0), 'aria-label'), 'empty');
      assert.equal(await page.textContent(cell(1, 0)), '');
    });

    grid('sorts by a heading, by mouse and by keys, and says so', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      const { page } = shown;
      await page.click('.heading.c3');
      await seen(`document.querySelector('.heading.c3').getAttribute('aria-sort') === 'ascending'`);
      await page.click('.heading.c3');
      await showsText('.footer', 'sorted by net_amount ↓');
      await page.click(cell(0, 1));
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Shift+Enter');
      await showsText('.footer', 'sorted by net_amount ↓, customer_name ↑');
      await showsText('[role=status]', 'Sorted by net_amount descending, customer_name ascending');
    });

    grid('moves and extends the selection by keys as a spreadsheet does', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      const { page } = shown;
      const active = (): Promise<string> =>
        page.evaluate(
          `(() => { const e = document.getElementById('active-cell'); return e.closest('.row').getAttribute('aria-rowindex') + ' ' + e.getAttribute('aria-colindex'); })()`,
        );
      const at = (place: string): Promise<void> =>
        seen(
          `(() => { const e = document.getElementById('active-cell'); return e && e.closest('.row').getAttribute('aria-rowindex') + ' ' + e.getAttribute('aria-colindex') === '${place}'; })()`,
        );
      await page.click(cell(2, 3));
      await at('4 5');
      assert.equal(await page.getAttribute('[role=grid]', 'aria-activedescendant'), 'active-cell');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowRight');
      await showsText('.footer', '2 × 2 selected');
      await page.keyboard.press('Control+ArrowDown');
      await at('2001 6');
      await showsText('.footer', '1 × 1 selected');
      await page.keyboard.press('Control+Home');
      await at('2 2');
      await page.keyboard.press('End');
      await at('2 13');
      await page.keyboard.press('PageDown');
      assert.notEqual(await active(), '2 13');
      await page.keyboard.press('Control+a');
      await showsText('.footer', '2,000 × 12 selected');
      await page.keyboard.press('Escape');
      await showsText('.footer', '1 × 1 selected');
    });

    grid('sums what is dragged over, exactly, and copies it as it is', async () => {
      await open();
      await showsText(cell(3, 4), '.');
      const { page } = shown;
      const middle = (selector: string): Promise<{ x: number; y: number }> =>
        page.evaluate(
          `(() => { const r = document.querySelector('${selector}').getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()`,
        );
      const [from, to] = [await middle(cell(1, 3)), await middle(cell(3, 4))];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y);
      await page.mouse.up();
      await showsText('.footer', '3 × 2 selected');
      const numbers = orders.rows.slice(1, 4).flatMap((row) => [row[3], row[4]]);
      const cents = numbers.reduce((sum, text) => sum + Math.round(Number(text ?? 0) * 100), 0);
      await showsText('.footer', `sum ${(cents / 100).toLocaleString('en', { minimumFractionDigits: 2 })}`);
      assert.equal(
        await copied(),
        orders.rows
          .slice(1, 4)
          .map((row) => `${row[3] ?? ''}\t${row[4] ?? ''}`)
          .join('\n'),
      );
    });

    grid('filters through a form, shows the filter as SQL, and takes it away again', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      const { page } = shown;
      await page.click(cell(0, 3));
      await page.keyboard.press('f');
      await page.waitForSelector('.filter-form');
      await page.keyboard.type('many');
      await page.keyboard.press('Enter');
      await showsText('.filter-form .problem', 'net_amount is a number');
      await page.fill('.filter-form .value', '500');
      await page.keyboard.press('Enter');
      await showsText('.chip', 'net_amount >= 500');
      const matching = orders.rows.filter((row) => Number(row[3]) >= 500).length;
      await showsText('.matches', `${matching.toLocaleString('en')} of 2,000 rows match`);
      await page.click('.chip button[aria-label^="Remove"]');
      await seen(`document.querySelector('.chip') === null`);
      await seen(`document.querySelector('[role=grid]').getAttribute('aria-rowcount') === '2001'`);
    });

    grid('finds text in any column and says how many rows have it', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      await shown.page.keyboard.press('Control+f');
      await shown.page.keyboard.type('SOFIA BYRNE');
      const matching = orders.rows.filter((row) => row[1] === 'Sofia Byrne').length;
      await showsText('.meta', `${matching} of 2,000 rows match`);
      await shown.page.fill('.find input', 'no such thing');
      await showsText('.empty', 'No row matches');
      await shown.page.click('.empty button');
      await showsText(cell(0, 0), '104200');
    });

    grid('shows JSON laid out and long text whole in the viewer', async () => {
      await open();
      await showsText(cell(0, 9), 'cart');
      const { page } = shown;
      await page.click(cell(0, 9));
      await page.keyboard.press('Enter');
      await showsText('.viewer .line', '"campaign": "spring_0"');
      await showsText('.viewer h2', 'payload');
      await page.keyboard.press('Control+End');
      await page.keyboard.press('Control+Home');
      for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      await showsText('.viewer .plain', 'line two of 5, and on and on');
      assert.equal(await page.textContent('.viewer .plain'), orders.rows[5]?.[11]);
      await page.keyboard.press('Escape');
      await page.waitForSelector('.viewer', { state: 'hidden' });
    });

    grid('shows rows while they come, with a way to stop', async () => {
      await open({ phase: 'fetching', rows: 0, columns: [], elapsed: 300 });
      await showsText('.meta', 'Waiting for the first rows');
      await shown.page.waitForSelector('.progress.busy', { state: 'attached' });
      await tell(host.add('first', { ...orders, state: { phase: 'fetching', rows: 2000 } }));
      await showsText('.footer', '2,000 rows so far');
      await showsText(cell(0, 0), '104200');
      await shown.page.click('[aria-label="Stop fetching"]');
      await seen(`true`);
      assert.ok(host.asked.some(({ method }) => method === 'grainline/cancelPreview'));
    });

    grid('keeps the last good rows when the query fails, marked, with the place of the fault', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      host.reopened = () => ({
        ...host.add('second', { ...orders, rows: [] }),
        phase: 'failed',
        columns: [],
        rows: 0,
        problem,
      });
      await shown.page.click('[aria-label="Run again"]');
      await showsText('.failure strong', 'column "net_amout" does not exist');
      await showsText('.badge', 'stale');
      await showsText(cell(0, 0), '104200');
      assert.ok(host.isOpen('first'), 'the rows that are shown stay with the server');
      await shown.page.click('.failure .link');
      const opened = shown.said.find(({ kind }) => kind === 'open');
      assert.deepEqual(opened?.kind === 'open' && opened.location, problem.location);
      assert.equal(
        (await shown.page.textContent('.failure .link'))?.trim(),
        'models/marts/fct_orders.sql:14:7',
      );
      host.reopened = () => host.add('third', madeOrders(5, 12));
      await shown.page.click('[aria-label="Run again"]');
      await showsText('.meta', '5 rows · 12 columns');
      await seen(`document.querySelector('.failure') === null`);
      for (const id of ['first', 'second']) assert.ok(!host.isOpen(id), `${id} is closed`);
    });

    grid(
      'offers more rows where the query has more, and fetches them with the order it was given',
      async () => {
        await open({ hasMore: true });
        await showsText('.meta', 'first 2,000 rows');
        host.reopened = () => host.add('second', orders);
        await shown.page.click('.more .link');
        await showsText('.meta', '2,000 rows · 12');
        assert.deepEqual(host.asked.find(({ method }) => method === 'grainline/openPreview')?.params, {
          ...order,
          limit: 10_000,
        });
      },
    );

    grid('says what is missing when the server would not even begin', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      await shown.page.click('[aria-label="Run again"]');
      await showsText('.failure', 'The warehouse is away.');
      await showsText(cell(0, 0), '104200');
    });

    grid('says so when the server has forgotten the rows, asks once, and runs again on request', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      await host.answer('grainline/closePreview', { previewId: 'first' });
      const before = host.asked.length;
      await shown.page.click('.heading.c1');
      await showsText('.failure', 'These rows are closed.');
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.ok(host.asked.length - before <= 3, `asked ${host.asked.length - before} times`);
      host.reopened = () => host.add('second', orders);
      await shown.page.click('.failure .link:last-child');
      await showsText('.meta', '2,000 rows');
      await seen(`document.querySelector('.failure') === null`);
    });

    grid('changes the width of a column by mouse and by keys, and remembers it', async () => {
      await open();
      await showsText(cell(0, 1), ' ');
      const { page } = shown;
      const width = (): Promise<number> =>
        page.evaluate(`document.querySelector('.heading.c1').getBoundingClientRect().width`);
      const before = await width();
      await page.click(cell(0, 1));
      await page.keyboard.press('Alt+ArrowRight');
      await seen(`document.querySelector('.heading.c1').getBoundingClientRect().width === ${before + 16}`);
      const kept = shown.said.filter(({ kind }) => kind === 'remember').at(-1);
      assert.deepEqual(kept?.kind === 'remember' && (kept.state as { widths: unknown }).widths, {
        customer_name: before + 16,
      });
    });

    grid('scrolls to the last of many rows and keeps the row number and first column in view', async () => {
      await open();
      await showsText(cell(0, 0), '104200');
      const { page } = shown;
      await page.click(cell(0, 0));
      await page.keyboard.press('Control+End');
      await showsText(cell(1999, 0), '106199');
      const left = await page.evaluate<number[]>(
        `['.number', '.c0'].map((name) => document.querySelector('[aria-rowindex="2001"] ' + name).getBoundingClientRect().left)`,
      );
      assert.deepEqual(
        left.map((x) => x < 80),
        [true, true],
      );
      assert.ok((left[1] ?? 0) > (left[0] ?? 0));
    });

    for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const)
      grid(`can be read in ${theme}: text has a contrast of 4.5 to 1`, async () => {
        await open({}, { theme, state: { viewer: 'open', filterRow: 'open' } });
        await showsText(cell(0, 0), '104200');
        const ratios = await shown.page.evaluate<Record<string, number>>(CONTRAST);
        for (const [selector, ratio] of Object.entries(ratios))
          assert.ok(ratio >= 4.5, `${selector} has ${ratio.toFixed(2)}`);
      });

    grid('holds at 200 % in a small window: nothing is pushed out of it', async () => {
      await open({}, { zoom: 2, width: 1280, height: 800 });
      await showsText(cell(0, 0), '104200');
      assert.equal(
        await shown.page.evaluate(
          `document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight`,
        ),
        true,
      );
      assert.ok(
        await shown.page.evaluate<boolean>(
          `document.querySelector('[aria-label="Run again"]').getBoundingClientRect().right <= innerWidth`,
        ),
      );
    });

    grid('moves nothing for those who asked for less motion', async () => {
      await open({ phase: 'fetching', rows: 0, columns: [] });
      await shown.page.emulateMedia({ reducedMotion: 'reduce' });
      await shown.page.waitForSelector('.progress.busy', { state: 'attached' });
      assert.equal(
        await shown.page.evaluate(
          `getComputedStyle(document.querySelector('.progress'), '::before').animationName`,
        ),
        'none',
      );
    });
  },
);

/** The contrast of some texts with what is painted behind them, by WCAG's formula. */
const CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = (colors) => { canvas.clearRect(0, 0, 1, 1); for (const c of colors) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); } return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => { const s = v / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (selector) => {
    const element = document.querySelector(selector);
    const behind = [];
    for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
    const a = light(paint(behind)), b = light(paint([...behind, getComputedStyle(element).color]));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return Object.fromEntries(['h1', '.meta', '.heading .name b', '.heading .type', '.cell.number', '.rows .c1', '.cell.null', '.footer', '.footer strong', '.viewer dt', '.pill'].map((s) => [s, ratio(s)]));
})()`;
