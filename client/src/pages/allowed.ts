/** What each page may ask the server, and which news it gets. A page shows text that came out of a database: it is given no more than it needs. */

import type { Notifications, Requests } from '../../../server/src/lsp/protocol.ts';
import type { PageName } from '../../webview/messages.ts';

const EVERY_PAGE: readonly (keyof Requests)[] = ['grainline/projects', 'grainline/resourceAt'];

const REQUESTS: Readonly<Record<PageName, readonly (keyof Requests)[]>> = {
  grid: [
    'grainline/openPreview',
    'grainline/previewPage',
    'grainline/previewSummary',
    'grainline/previewExport',
    'grainline/cancelPreview',
    'grainline/closePreview',
  ],
  lineage: ['grainline/lineage', 'grainline/columnLineage', 'grainline/tests'],
  run: [
    'grainline/runs',
    'grainline/startRun',
    'grainline/startTask',
    'grainline/cancelRun',
    'grainline/lineage',
  ],
};

const NEWS: Readonly<Record<PageName, readonly (keyof Notifications)[]>> = {
  grid: ['grainline/preview', 'grainline/project'],
  lineage: ['grainline/project', 'grainline/projectChanged', 'grainline/testsChanged', 'grainline/run'],
  run: ['grainline/project', 'grainline/run'],
};

export function mayAsk(page: PageName, method: string): method is keyof Requests {
  return [...EVERY_PAGE, ...REQUESTS[page]].some((allowed) => allowed === method);
}

export function newsFor(page: PageName): readonly (keyof Notifications)[] {
  return NEWS[page];
}
