/** What a command will do: which nodes, in which order; a pure value that `--dry-run` prints. */

import { schedule, withTestEdges, type Scheduled } from '../project/graph.ts';
import { isEphemeral, type ManifestNode, type UnitTestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';

export type RunCommand =
  'run' | 'test' | 'seed' | 'snapshot' | 'build' | 'compile' | 'show' | 'clone' | 'generate';

export interface Plan {
  readonly command: RunCommand;
  /** In the order in which one thread would take them. */
  readonly nodes: readonly string[];
  /** What each waits for, through what is not selected too; a build waits for the tests of its parents. */
  readonly steps: readonly Scheduled[];
  /** How many of them are shown with a number: ephemeral models are compiled where they are read. */
  readonly shownCount: number;
  readonly needsSchemas: boolean;
  readonly runsHooks: boolean;
}

export function plan(project: Project, command: RunCommand, selected: ReadonlySet<string>): Plan {
  const graph = command === 'build' ? withTestEdges(project.graph, project.manifest) : project.graph;
  const steps = schedule(graph, selected);
  const order = steps.map((step) => step.id);
  const isShown = (id: string): boolean => {
    const node = project.manifest.nodes.get(id);
    return !(node && isEphemeral(node));
  };
  return {
    command,
    nodes: order,
    steps,
    shownCount: order.filter(isShown).length,
    needsSchemas: command !== 'compile' && command !== 'show',
    runsHooks: ['run', 'test', 'seed', 'snapshot', 'build'].includes(command),
  };
}

/** As dbt's log lines name a node. */
export function describeNode(node: ManifestNode | UnitTestNode): string {
  switch (node.resource_type) {
    case 'model':
      return `sql ${String(node.config.materialized)} model ${representation(node)}`;
    case 'seed':
      return `seed file ${representation(node)}`;
    case 'snapshot':
      return `snapshot ${representation(node)}`;
    case 'unit_test':
      return `unit_test ${node.model}::${node.name}`;
    case 'test':
      return `test ${node.name}`;
    default:
      return `${node.resource_type} ${node.name}`;
  }
}

function representation(node: ManifestNode): string {
  return `${node.schema}.${node.alias}`;
}
