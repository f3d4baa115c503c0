/** What the run page knows: the runs, which is shown, where the user is in it. */

import type { RunNews, RunNode, RunView } from '../../../server/src/lsp/protocol.ts';

export interface State {
  readonly folder: string;
  /** Such as `postgres@127.0.0.1:5432/warehouse`. */
  address: string | null;
  /** Newest first; undefined until they came. */
  runs: readonly RunView[] | undefined;
  problem: string | null;
  shown: string | null;
  /** The keyboard's place in the list of nodes. */
  active: string | null;
  /** Nodes whose details are open. */
  readonly open: Set<string>;
  /** How many models were skipped because of a node, by run and node; asked when it is opened. */
  readonly skippedBelow: Map<string, number>;
  /** Whether the user was asked if the run should really stop. */
  asking: boolean;
  log: { readonly follows: boolean; readonly wraps: boolean; readonly isOpen: boolean };
}

/** Pixels. */
const LOW = 360;

export function openingState(folder: string, runId: string | undefined): State {
  return {
    folder,
    address: null,
    runs: undefined,
    problem: null,
    shown: runId ?? null,
    active: null,
    open: new Set(),
    skippedBelow: new Map(),
    asking: false,
    // In a low panel the nodes have the room.
    log: { follows: true, wraps: false, isOpen: innerHeight > LOW },
  };
}

export function shownRun({ runs, shown }: State): RunView | undefined {
  return runs?.find(({ runId }) => runId === shown) ?? runs?.[0];
}

/** What was known, with what came. */
export function withNews(runs: readonly RunView[], news: RunNews): readonly RunView[] {
  const begun = news.begun;
  const known = begun ? [begun, ...runs.filter(({ runId }) => runId !== begun.runId)] : runs;
  return known.map((run) => (run.runId === news.runId ? changed(run, news) : run));
}

function changed(run: RunView, { state, endedAt, nodes, log }: RunNews): RunView {
  return {
    ...run,
    state: state ?? run.state,
    endedAt: endedAt ?? run.endedAt,
    nodes: nodes ? merged(run.nodes, nodes) : run.nodes,
    log: log ? [...run.log, ...log] : run.log,
  };
}

/** In the order in which they were planned; a node that was not is put behind. */
function merged(known: readonly RunNode[], came: readonly RunNode[]): readonly RunNode[] {
  const byId = new Map(came.map((node) => [node.uniqueId, node]));
  const kept = known.map((node) => {
    const newer = byId.get(node.uniqueId);
    byId.delete(node.uniqueId);
    return newer ?? node;
  });
  return [...kept, ...byId.values()];
}
