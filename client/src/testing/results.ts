/** The tests of every project and their last results, as the server tells them. */

import { EventEmitter, Uri } from 'vscode';
import type { Event } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { TestEntry, TestFile } from '../../../server/src/lsp/protocol.ts';
import type { Projects } from '../projects.ts';
import type { Server } from '../server.ts';

export interface TestResults extends Disposable {
  readonly files: ReadonlyMap<string, readonly TestFile[]>;
  /** The tests written in one document. */
  in(uri: string): readonly { readonly folder: string; readonly test: TestEntry }[];
  /** With the folder whose tests were told anew. */
  readonly onChange: Event<string>;
}

export function testResults(server: Server, projects: Projects): TestResults {
  const changed = new EventEmitter<string>();
  const files = new Map<string, readonly TestFile[]>();
  const asked = new Map<string, number>();

  const ask = async (folder: string): Promise<void> => {
    const turn = (asked.get(folder) ?? 0) + 1;
    asked.set(folder, turn);
    const found = await server.request('grainline/tests', { folder }).catch(() => undefined);
    // Without an answer, the last one stands until there is news.
    if (!found || asked.get(folder) !== turn) return;
    files.set(folder, found);
    changed.fire(folder);
  };

  const subscriptions = [
    server.on('grainline/testsChanged', ({ folder }) => void ask(folder)),
    projects.onChange((project) => {
      if (project && project.phase !== 'loading' && !asked.has(project.folder)) void ask(project.folder);
    }),
    server.onReady(() => {
      asked.clear();
    }),
  ];

  return {
    files,
    in: (uri) =>
      [...files].flatMap(([folder, found]) =>
        found
          .filter((file) => Uri.parse(file.uri).toString() === uri)
          .flatMap((file) => file.tests.map((test) => ({ folder, test }))),
      ),
    onChange: changed.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}
