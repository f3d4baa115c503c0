/** Waiting until a page is as it should be. The browser's own way evaluates text in the page, which the content policy forbids. */

import type { Page } from './browser.ts';

const PATIENCE = 10_000;
const PAUSE = 30;

/** `expression` is asked again and again; the last thing it failed with is what the test says. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  let error: unknown;
  while (Date.now() < end) {
    try {
      if (await page.evaluate<boolean>(`Boolean(${expression})`)) return;
      error = undefined;
    } catch (thrown) {
      // What it asks about may not be there yet.
      error = thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`It never came to this: ${expression}`, { cause: error });
}
