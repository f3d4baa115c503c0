/** The document of a page: one script, one style sheet, both from dist/webview, and a policy that allows nothing else. */

import { randomBytes } from 'node:crypto';
import { Uri } from 'vscode';
import type { Webview } from 'vscode';
import type { PageName } from '../../webview/messages.ts';

export function pageFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist', 'webview');
}

export function pageHtml(webview: Webview, extension: Uri, name: PageName): string {
  const nonce = randomBytes(18).toString('base64');
  const address = (file: string): string =>
    webview.asWebviewUri(Uri.joinPath(pageFolder(extension), file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Grainline</title>
<link rel="stylesheet" href="${address(`${name}.css`)}">
</head>
<body>
<main id="root"></main>
<script nonce="${nonce}" src="${address(`${name}.js`)}"></script>
</body>
</html>`;
}
