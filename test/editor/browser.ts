/** The part of playwright-core that the editor tests use, as types: the package itself is in a cache, and no dependency of this one. */

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Locator {
  first(): Locator;
  nth(index: number): Locator;
  locator(selector: string, options?: { hasText?: string | RegExp; hasNotText?: string | RegExp }): Locator;
  filter(options: { hasText?: string | RegExp; visible?: boolean }): Locator;
  waitFor(options?: {
    timeout?: number;
    state?: 'attached' | 'visible' | 'hidden' | 'detached';
  }): Promise<void>;
  click(options?: {
    button?: 'left' | 'right';
    modifiers?: string[];
    timeout?: number;
    force?: boolean;
  }): Promise<void>;
  dblclick(): Promise<void>;
  hover(options?: { timeout?: number; force?: boolean; position?: { x: number; y: number } }): Promise<void>;
  fill(text: string): Promise<void>;
  press(key: string): Promise<void>;
  count(): Promise<number>;
  innerText(): Promise<string>;
  textContent(): Promise<string | null>;
  allInnerTexts(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
  isVisible(): Promise<boolean>;
}

export interface Frame {
  locator(selector: string, options?: { hasText?: string | RegExp; hasNotText?: string | RegExp }): Locator;
}

export interface Page extends Frame {
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string, options?: { delay?: number }): Promise<void>;
    insertText(text: string): Promise<void>;
  };
  goto(url: string): Promise<unknown>;
  frames(): readonly Frame[];
  screenshot(options: { path: string }): Promise<unknown>;
  on(event: 'console', listen: (message: { type(): string; text(): string }) => void): void;
}

export interface Browser {
  newPage(options: { viewport: { width: number; height: number } }): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: { launch(options: { executablePath: string; args: string[] }): Promise<Browser> };
}

export async function startBrowser(cache: string): Promise<Browser> {
  const { chromium } = createRequire(join(cache, 'package.json'))('playwright-core') as Playwright;
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
