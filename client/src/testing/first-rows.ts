/** The first rows that a failed test finds, for its message. */

import type { PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';

const ROWS = 5;
/** A warehouse that takes longer has other things to do: the message then goes without rows. */
const PATIENCE_MS = 10_000;

export interface FirstRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Rejects with a `Refusal` when the server does. */
export async function firstRows(
  server: Server,
  folder: string,
  uniqueId: string,
): Promise<FirstRows | undefined> {
  const states = new Map<string, PreviewState>();
  let wake: () => void = () => undefined;
  // Listening begins before the question, whose answer may be overtaken by the news of its end.
  const subscription = server.on('grainline/preview', (state) => {
    states.set(state.previewId, state);
    wake();
  });
  try {
    const opened = await server.request('grainline/openPreview', {
      folder,
      uniqueId,
      of: 'failures',
      limit: ROWS,
    });
    const { previewId } = opened;
    const now = (): PreviewState => states.get(previewId) ?? opened;
    const deadline = Date.now() + PATIENCE_MS;
    while (now().phase === 'fetching' && Date.now() < deadline) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, deadline - Date.now());
      });
    }
    const page = await server.request('grainline/previewPage', {
      previewId,
      offset: 0,
      count: ROWS,
      sort: [],
      filters: [],
      find: '',
    });
    await server.request('grainline/closePreview', { previewId });
    if (page.rows.length === 0) return undefined;
    return { columns: now().columns.map(({ name }) => name), rows: page.rows.map(({ cells }) => cells) };
  } finally {
    subscription.dispose();
  }
}
