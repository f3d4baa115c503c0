/** A page of the extension in a browser, as a webview shows it: VS Code's colours and default styles, the strict policy, and a host that the test plays. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromPage, PageArgument, PageName, ToPage } from '../../client/webview/messages.ts';
import type { Browser, Page } from './browser.ts';

export type Theme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

export interface ShownPage {
  readonly page: Page;
  /** What the page said, requests aside. */
  readonly said: Exclude<FromPage, { kind: 'request' }>[];
  /** What the browser complained of: a breach of the policy, an error nobody caught. */
  readonly complaints: string[];
  tell(message: ToPage): Promise<void>;
  close(): Promise<void>;
}

export interface ShowOptions {
  readonly name: PageName;
  readonly argument: PageArgument;
  readonly state?: unknown;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** 2 shows what a zoom of 200 % shows. */
  readonly zoom?: number;
  /** Where the bundles are. */
  readonly dist?: string;
  /** The server's answer; a rejection is its refusal. */
  answer(method: string, params: unknown): Promise<unknown>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NONCE = 'nonce-of-a-test';

export async function showPage(browser: Browser, options: ShowOptions): Promise<ShownPage> {
  const { zoom = 1, width = 1440, height = 860 } = options;
  const server = await serve(options);
  const page = await browser.newPage({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
  });
  const said: ShownPage['said'] = [];
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const tell = async (message: ToPage): Promise<void> => {
    await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
  };
  await page.exposeFunction('toHost', async (given) => {
    const message = given as FromPage;
    if (message.kind !== 'request') {
      said.push(message);
      if (message.kind === 'ready')
        await tell({
          kind: 'start',
          page: options.name,
          argument: options.argument,
          state: options.state ?? null,
        });
      return;
    }
    const { id } = message;
    await options.answer(message.method, message.params).then(
      (result) => tell({ kind: 'response', id, result }),
      (error: unknown) =>
        tell({ kind: 'refusal', id, message: error instanceof Error ? error.message : String(error) }),
    );
  });
  await page.addInitScript(
    'window.acquireVsCodeApi = () => ({ postMessage: (message) => void window.toHost(message) });',
  );
  await page.goto(server.url);
  return {
    page,
    said,
    complaints,
    tell,
    async close() {
      await page.close();
      server.close();
    },
  };
}

async function serve(options: ShowOptions): Promise<{ url: string; close(): void }> {
  const dist = options.dist ?? join(ROOT, 'dist');
  const server = createServer((request, response) => {
    const file = /^\/(\w+\.(?:js|css))$/u.exec(request.url ?? '')?.[1];
    if (file === undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(request.url === '/' ? documentOf(options) : '');
      return;
    }
    response.writeHead(200, {
      'content-type': file.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
    });
    response.end(
      file === 'editor.css'
        ? editorStyles(options.theme ?? 'dark')
        : readFileSync(join(dist, 'webview', file)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function documentOf({ name, theme = 'dark' }: ShowOptions): string {
  const classes = theme === 'high-contrast-light' ? 'high-contrast vscode-high-contrast-light' : theme;
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src 'self'; font-src 'self'; img-src 'self' data:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Grainline</title>
<link rel="stylesheet" href="/editor.css">
<link rel="stylesheet" href="/${name}.css">
</head>
<body class="vscode-${classes}">
<main id="root"></main>
<script nonce="${NONCE}" src="/${name}.js"></script>
</body>
</html>`;
}

/** A theme's variables as VS Code's workbench has them, and what it gives every webview. */
function editorStyles(theme: Theme): string {
  const themes = JSON.parse(readFileSync(new URL('themes.json', import.meta.url), 'utf8')) as Record<
    Theme,
    Record<string, string>
  >;
  const variables = {
    ...themes[theme],
    '--vscode-font-family': "'DejaVu Sans', sans-serif",
    '--vscode-font-size': '13px',
    '--vscode-editor-font-family': "'DejaVu Sans Mono', monospace",
    '--vscode-editor-font-size': '14px',
  };
  return `:root { ${Object.entries(variables)
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ')} }
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
  font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
a { color: var(--vscode-textLink-foreground); }`;
}
