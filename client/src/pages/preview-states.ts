/** How far each preview is: its rows may all have come before the page that shows them has been drawn. */

import type { PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { Disposable } from '../disposal.ts';
import type { Server } from '../server.ts';

/** Of the previews told of last; a page that still shows an older one has been told long ago. */
const KEPT = 50;

export interface PreviewStates extends Disposable {
  /** What was last told of this preview, or else what is given. */
  newest(state: PreviewState): PreviewState;
}

export function previewStates(server: Server): PreviewStates {
  const states = new Map<string, PreviewState>();
  const subscription = server.on('grainline/preview', (state) => {
    states.delete(state.previewId);
    states.set(state.previewId, state);
    for (const previewId of [...states.keys()].slice(0, -KEPT)) states.delete(previewId);
  });
  return {
    newest: (state) => states.get(state.previewId) ?? state,
    dispose() {
      subscription.dispose();
    },
  };
}
