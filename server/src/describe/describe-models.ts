/** What Postgres says of models, seeds, snapshots, singular tests and analyses as they are written now; nothing is executed. */

import { questionsOf, Renderings } from '../checks/renderings.ts';
import { statementsIn } from '../project/answers.ts';
import type { Catalog } from '../project/catalog.ts';
import type { ManifestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import type { Session } from '../warehouse/port.ts';
import { describeNode, type Outcome, type Said } from './describe-node.ts';
import { memoryOf } from './memory.ts';
import type { Fresh } from './parents.ts';

export type { Outcome } from './describe-node.ts';

export interface DescribedModel {
  readonly uniqueId: string;
  readonly outcome: Outcome;
  /** The statements by which its template asks the warehouse, whether they are answered or not. */
  readonly asks: readonly string[];
}

export interface DescribeOptions {
  readonly parser?: SqlParser;
  readonly renderings?: Renderings;
  /** Ends the pass after the resource that is being described. */
  readonly signal?: AbortSignal;
}

/**
 * Parents before children; of `ids`, what cannot be described (a generic test, Python) is left out. A session remembers what
 * it was told: a text that reads the same columns is not sent again. Throws a FailureError when the session is lost.
 */
export async function* describeModels(
  session: Session,
  project: Project,
  catalog: Catalog,
  ids: Iterable<string>,
  options: DescribeOptions = {},
): AsyncGenerator<DescribedModel, void> {
  const parser = options.parser ?? (await loadSqlParser());
  const renderings = options.renderings ?? new Renderings(project, catalog);
  const memory = memoryOf(session);
  const turn = turns();
  const started = new Map<string, Promise<Said>>();
  for (const node of inOrder(project, ids)) {
    const { unique_id: id } = node;
    // In a circle, one member does without its parent.
    const awaited = (project.graph.parents.get(id) ?? []).filter((parent) => started.has(parent));
    const said = (async (): Promise<Said> => {
      const fresh = new Map<string, Fresh>();
      for (const parent of awaited) {
        const parentSaid = await started.get(parent);
        if (parentSaid) fresh.set(parent, parentSaid.fresh);
      }
      await turn();
      options.signal?.throwIfAborted();
      return describeNode({ session, project, catalog, parser, renderings, memory, fresh }, node);
    })();
    // They are awaited below in turn; one that nobody comes to any more must not end the process.
    said.catch(() => undefined);
    started.set(id, said);
  }
  for (const [uniqueId, said] of started) {
    if (options.signal?.aborted) return;
    const { outcome } = await said;
    const node = project.manifest.nodes.get(uniqueId);
    const asks = statementsIn(node ? renderings.of(node).flatMap(questionsOf) : []);
    yield { uniqueId, outcome, asks };
  }
}

function inOrder({ manifest, graph }: Project, ids: Iterable<string>): ManifestNode[] {
  const wanted = new Set(ids);
  const seen = new Set<string>();
  const order: ManifestNode[] = [];
  const visit = (id: string): void => {
    if (!wanted.has(id) || seen.has(id)) return;
    seen.add(id);
    for (const parent of graph.parents.get(id) ?? []) visit(parent);
    const node = manifest.nodes.get(id);
    if (node && isDescribable(node)) order.push(node);
  };
  for (const id of wanted) visit(id);
  return order;
}

function isDescribable({ language, resource_type: type, test_metadata: generic }: ManifestNode): boolean {
  if (type === 'seed') return true;
  if (language !== 'sql') return false;
  return type === 'model' || type === 'snapshot' || type === 'analysis' || (type === 'test' && !generic);
}

/** Rendered and parsed in one go, a thousand models would keep an editor waiting: after a few, others come first. */
const IN_ONE_TURN = 5;

function turns(): () => Promise<void> {
  let count = 0;
  let open = Promise.resolve();
  return () => {
    if (++count % IN_ONE_TURN === 0) open = open.then(() => new Promise((resolve) => setImmediate(resolve)));
    return open;
  };
}
