/** A browser for the tests of pages, where one is installed: playwright-core and Chromium, as the editor tests install them. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What of playwright-core these tests use; it is no dependency of the repository. */
export interface Page {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  readonly mouse: {
    move(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
    click(x: number, y: number, options?: { button?: 'left' | 'right'; clickCount?: number }): Promise<void>;
    wheel(x: number, y: number): Promise<void>;
  };
  goto(url: string): Promise<unknown>;
  close(): Promise<void>;
  /** Runs an expression in the page. */
  evaluate<Result>(expression: string): Promise<Result>;
  waitForSelector(
    selector: string,
    options?: { state?: 'attached' | 'visible' | 'hidden' },
  ): Promise<unknown>;
  click(selector: string, options?: { button?: 'left' | 'right'; modifiers?: string[] }): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  getAttribute(selector: string, name: string): Promise<string | null>;
  addInitScript(script: string): Promise<void>;
  exposeFunction(name: string, call: (argument: unknown) => unknown): Promise<void>;
  emulateMedia(options: { reducedMotion?: 'reduce'; forcedColors?: 'active' }): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  on(event: 'console', listen: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listen: (error: Error) => void): void;
}

export interface Browser {
  newPage(options: {
    viewport: { width: number; height: number };
    deviceScaleFactor?: number;
  }): Promise<Page>;
  close(): Promise<void>;
}

export interface FoundBrowser {
  launch(): Promise<Browser>;
}

/** Undefined where none is installed; `sh test/editor/install.sh .cache/editor` installs one. */
export function findBrowser(): FoundBrowser | undefined {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const cache = process.env.GRAINLINE_EDITOR_CACHE ?? join(root, '.cache', 'editor');
  const manifest = join(cache, 'package.json');
  const executablePath = chromiumPath();
  if (!existsSync(join(cache, 'node_modules', 'playwright-core')) || executablePath === undefined)
    return undefined;
  return {
    async launch() {
      const { chromium } = createRequire(manifest)('playwright-core') as {
        chromium: { launch(options: { executablePath: string; args: string[] }): Promise<Browser> };
      };
      return chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      });
    },
  };
}

function chromiumPath(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch {
    // The shell found none.
    return undefined;
  }
}
