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
  const scheduled = schedule(graph, selected);
  const steps = command === 'build' ? withUnitTestsFirst(project, scheduled) : scheduled;
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

/**
 * In a build a model waits for its unit tests, and they for what the model waits for: a model that is wrong is not built.
 * They run one after the other, so that the first that fails leaves the others out.
 */
function withUnitTestsFirst(project: Project, steps: readonly Scheduled[]): readonly Scheduled[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const testsOf = new Map<string, string[]>();
  for (const { id } of steps) {
    const [model] = project.manifest.unitTests.get(id)?.depends_on.nodes ?? [];
    if (model === undefined || !byId.has(model)) continue;
    testsOf.set(model, [...(testsOf.get(model) ?? []), id]);
  }
  return steps.flatMap((step): Scheduled[] => {
    const tests = testsOf.get(step.id);
    if (tests) {
      const first = tests.map((id, index) => ({
        id,
        level: step.level,
        waitsFor: [...step.waitsFor, ...tests.slice(0, index).slice(-1)],
      }));
      return [...first, { ...step, waitsFor: [...step.waitsFor, ...tests] }];
    }
    const [model] = project.manifest.unitTests.get(step.id)?.depends_on.nodes ?? [];
    return model !== undefined && byId.has(model) ? [] : [step];
  });
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
