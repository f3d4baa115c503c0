/** The files of the built-in macro library, which no folder has: F12 on a built-in macro opens one, read only. */

import { workspace } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { Server } from './server.ts';
import { Refusal } from './server.ts';

const SCHEME = 'grainline-library';

export function libraryTexts(server: Server): Disposable {
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      try {
        return await server.request('grainline/libraryText', { uri: uri.toString() });
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
    },
  });
}
