/** The extension's life: what VS Code calls when it starts and when it ends. */

import type { ExtensionContext } from 'vscode';

export function activate(_context: ExtensionContext): void {
  // The views and commands register here.
}
