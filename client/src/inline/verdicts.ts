/** What the warehouse said of declared grains, until the data or the SQL changes. */

import { EventEmitter, workspace } from 'vscode';
import type { Event } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { GrainVerdict } from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';

export interface GrainVerdicts extends Disposable {
  readonly all: readonly GrainVerdict[];
  readonly onChange: Event<void>;
  take(folder: string, verdicts: readonly GrainVerdict[]): void;
}

export function grainVerdicts(server: Server): GrainVerdicts {
  const changed = new EventEmitter<void>();
  const known = new Map<string, { folder: string; verdict: GrainVerdict }>();
  const runs = new Map<string, 'run' | 'task'>();

  const forget = (isStale: (entry: { folder: string; verdict: GrainVerdict }) => boolean): void => {
    const before = known.size;
    for (const [key, entry] of known) if (isStale(entry)) known.delete(key);
    if (known.size !== before) changed.fire();
  };

  const subscriptions = [
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      const uri = document.uri.toString();
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      forget(({ verdict }) => verdict.location?.uri === uri || name === `${verdict.name}.sql`);
    }),
    server.on('grainline/run', ({ runId, folder, begun, nodes, state }) => {
      if (begun) runs.set(runId, begun.kind);
      for (const node of nodes ?? []) {
        if (node.type === 'model' && node.status !== 'queued' && node.status !== 'running') {
          forget(({ verdict }) => verdict.uniqueId === node.uniqueId);
        }
      }
      // A task loads, ingests or resets: any row may be another one.
      if (state === 'done' && runs.get(runId) === 'task') forget((entry) => entry.folder === folder);
    }),
  ];

  return {
    get all() {
      return [...known.values()].map(({ verdict }) => verdict);
    },
    onChange: changed.event,
    take(folder, verdicts) {
      for (const verdict of verdicts) known.set(`${folder} ${verdict.uniqueId}`, { folder, verdict });
      changed.fire();
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}
