/** What a user does in the workbench: opens files, calls commands, reads views. Each step waits for what it needs to see. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Locator, Page } from './browser.ts';

/** Generous: a busy machine is slow, and a test that waits for what comes waits no longer than needed. */
const PATIENCE_MS = 30_000;

export interface Workbench {
  readonly page: Page;
  /** One of the extension's own commands. */
  command(title: string): Promise<void>;
  /** One of the editor's. */
  editorCommand(title: string): Promise<void>;
  openFile(name: string): Promise<void>;
  /** Puts the cursor there, one-based. */
  goTo(line: number, column: number): Promise<void>;
  type(text: string): Promise<void>;
  undo(): Promise<void>;
  /** The first line of the active editor that holds the text. */
  line(text: string | RegExp): Locator;
  quickInput(): Locator;
  pick(row: string | RegExp): Promise<void>;
  /** The frame of a page, told by something in it. */
  frameWith(selector: string): Promise<Frame>;
  picture(name: string): Promise<void>;
  /** Waits until it holds, and says what it last saw when it never does. */
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
}

export function workbenchOf(page: Page): Workbench {
  const box = page.locator('.quick-input-widget input').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');

  const until: Workbench['until'] = async (what, look) => {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await pause(100);
    }
    throw new Error(`Waited in vain until ${what}.`);
  };
  /** Keys that are pressed before the workbench listens are lost: pressed again until the box is there. */
  const quick = async (key: string, text: string, row: string | RegExp): Promise<void> => {
    if (await box.isVisible()) await page.keyboard.press('Escape');
    await until(`the box of ${key} opens`, async () => {
      await page.keyboard.press(key);
      return box.waitFor({ timeout: 1500 }).then(
        () => true,
        () => false,
      );
    });
    await box.fill(text);
    await pick(row);
  };
  const pick = async (row: string | RegExp): Promise<void> => {
    const wanted = rows.filter({ hasText: row }).first();
    await wanted.waitFor({ timeout: PATIENCE_MS });
    const chosen = page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: row });
    const isChosen = await chosen
      .first()
      .waitFor({ timeout: 1000 })
      .then(
        () => true,
        () => false,
      );
    if (isChosen) await page.keyboard.press('Enter');
    else await wanted.click();
    await box.waitFor({ state: 'hidden', timeout: 2000 }).catch(() => undefined); // The next question may be in it.
  };

  return {
    page,
    until,
    pick,
    command: (title) => quick('F1', `>Grainline: ${title}`, title),
    editorCommand: (title) => quick('F1', `>${title}`, title),
    async openFile(name) {
      const tab = page.locator(`.tab.active[data-resource-name="${name}"]`).first();
      // The list is sorted anew while it is searched, so that a row may slip away under the pointer.
      await until(`${name} is open`, async () => {
        await quick('Control+P', name, name);
        return tab.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      });
    },
    async goTo(line, column) {
      await quick('Control+G', `:${line}:${column}`, 'Go to line');
    },
    type: (text) => page.keyboard.insertText(text),
    undo: () => page.keyboard.press('Control+Z'),
    line: (text) =>
      page.locator('.editor-group-container.active .view-line').filter({ hasText: text }).first(),
    quickInput: () => page.locator('.quick-input-widget'),
    frameWith: (selector) =>
      until(`a page shows ${selector}`, async () => {
        // A page's own frame is nested in the editor's.
        for (const frame of page.frames()) {
          const found = await frame
            .locator(selector)
            .count()
            .catch(() => 0); // A frame that is just going away.
          if (found > 0) return frame;
        }
        return undefined;
      }),
    async picture(name) {
      const folder = process.env.GRAINLINE_SHOTS;
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `editor-${name}.png`) });
    },
  };
}
