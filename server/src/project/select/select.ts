/** Evaluates a selection on a graph: criteria, their neighbours, the tests that come along, and set operations. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import { unreachable } from '../../base/unreachable.ts';
import type { Graph } from '../graph.ts';
import { ancestors, descendants, subgraph } from '../graph.ts';
import type { Manifest } from '../manifest.ts';
import { memberOf } from '../manifest.ts';
import type { GraphNode, ManifestNode, UnitTestNode } from '../nodes.ts';
import type { IndirectSelection } from '../settings.ts';
import type { PreviousState } from '../state/previous-state.ts';
import type { Combination, Criteria, Criterion, Method } from './criteria.ts';
import { SelectionError } from './criteria.ts';
import type { MethodContext, SelectionMethod } from './method.ts';
import * as names from './names.ts';
import type { Selection } from './parse.ts';
import type { ProjectPaths } from './paths.ts';
import { byFile, byPath, pathsOf } from './paths.ts';
import * as properties from './properties.ts';
import * as states from './states.ts';

export interface SelectOptions {
  readonly previous?: PreviousState | undefined;
  /** The root project's files and folders (see `projectPaths`); without them those that its resources are written in. */
  readonly paths?: ProjectPaths | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `ls` shows models without code; a run leaves them out. */
  readonly includeEmpty?: boolean | undefined;
  readonly compareMoreUnrenderedValues?: boolean | undefined;
}

export interface Selected {
  readonly selected: ReadonlySet<string>;
  /** Warnings, or one error with nothing selected. */
  readonly diagnostics: readonly Diagnostic[];
}

const SEARCH: Readonly<Record<Method, SelectionMethod>> = {
  fqn: names.byFqn,
  tag: properties.byTag,
  group: properties.byGroup,
  access: properties.byAccess,
  source: names.bySource,
  path: byPath,
  file: byFile,
  package: properties.byPackage,
  config: properties.byConfig,
  test_name: properties.byTestName,
  test_type: properties.byTestType,
  resource_type: properties.byResourceType,
  state: states.byState,
  exposure: names.byExposure,
  metric: names.byMetric,
  result: states.byResult,
  source_status: states.bySourceStatus,
  version: properties.byVersion,
  semantic_model: names.bySemanticModel,
  saved_query: names.bySavedQuery,
  unit_test: names.byUnitTest,
};

/** The members that a selection means on a graph of the same manifest. */
export function selectNodes(
  manifest: Manifest,
  graph: Graph,
  selection: Selection,
  options: SelectOptions,
): Selected {
  const diagnostics = new Map<string, Diagnostic>();
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.set(diagnostic.message, diagnostic);
  };
  const enabled = subgraph(graph, (id) => memberOf(manifest, id)?.config.enabled !== false);
  const evaluator: Evaluator = {
    manifest,
    graph: enabled,
    paths: options.paths ?? pathsOf(manifest),
    previous: options.previous,
    compare: { compareMoreUnrenderedValues: options.compareMoreUnrenderedValues ?? false },
    now: options.now,
    report,
  };
  try {
    const { direct } = evaluate(selection.criteria, evaluator);
    const selected = [...direct].filter((id) => {
      const node = memberOf(manifest, id);
      if (!node || !selection.resourceTypes.has(node.resource_type)) return false;
      return options.includeEmpty === true || !isEmpty(node);
    });
    return { selected: new Set(selected.sort()), diagnostics: [...diagnostics.values()] };
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    report({ code: 'invalid-selection', severity: 'error', message: error.message });
    return { selected: new Set(), diagnostics: [...diagnostics.values()] };
  }
}

interface Evaluator extends MethodContext {
  readonly graph: Graph;
}

interface Matches {
  readonly direct: ReadonlySet<string>;
  /** Tests that some but not all of whose parents are selected: another criterion may bring the others. */
  readonly indirect: ReadonlySet<string>;
}

function evaluate(criteria: Criteria, evaluator: Evaluator): Matches {
  return criteria.kind === 'criterion' ? search(criteria, evaluator) : combine(criteria, evaluator);
}

function search(criterion: Criterion, evaluator: Evaluator): Matches {
  const { graph, manifest } = evaluator;
  const matches = SEARCH[criterion.method](criterion, evaluator);
  const found = new Set<string>();
  for (const id of graph.ids) {
    const node = memberOf(manifest, id);
    if (node && matches(node)) found.add(id);
  }
  const selected = new Set(found);
  for (const id of neighbours(criterion, found, graph)) selected.add(id);
  return withTests(selected, criterion.indirectSelection, evaluator);
}

function* neighbours(
  criterion: Criterion,
  found: ReadonlySet<string>,
  graph: Graph,
): IterableIterator<string> {
  if (criterion.childrensParents) {
    const family = new Set([...found, ...descendants(graph, found)]);
    yield* family;
    yield* ancestors(graph, family);
  }
  if (criterion.parents !== undefined) yield* ancestors(graph, found, criterion.parents);
  if (criterion.children !== undefined) yield* descendants(graph, found, criterion.children);
}

/** Adds the tests on the selected members that the mode lets come along. */
function withTests(selected: ReadonlySet<string>, mode: IndirectSelection, evaluator: Evaluator): Matches {
  const indirect = new Set<string>();
  if (mode === 'empty') return { direct: selected, indirect };
  const direct = new Set(selected);
  const satisfied = parentsThatCount(selected, mode, evaluator);
  for (const id of selected) {
    for (const child of evaluator.graph.children.get(id) ?? []) {
      const test = testOf(child, evaluator.manifest);
      if (!test) continue;
      if (mode === 'eager' || test.depends_on.nodes.every((parent) => satisfied.has(parent)))
        direct.add(child);
      else indirect.add(child);
    }
  }
  return { direct, indirect };
}

/** What a test may depend on to be taken along: the selected, and when buildable also what they are built from. */
function parentsThatCount(
  selected: ReadonlySet<string>,
  mode: IndirectSelection,
  evaluator: Evaluator,
): ReadonlySet<string> {
  if (mode !== 'buildable') return selected;
  return new Set([
    ...selected,
    ...ancestors(evaluator.graph, selected),
    ...evaluator.manifest.sources.keys(),
  ]);
}

function testOf(id: string, manifest: Manifest): ManifestNode | UnitTestNode | undefined {
  const node = manifest.nodes.get(id);
  return node?.resource_type === 'test' ? node : manifest.unitTests.get(id);
}

function combine(combination: Combination, evaluator: Evaluator): Matches {
  const matches = combination.components.map((component) => evaluate(component, evaluator));
  const direct = operate(
    combination.kind,
    matches.map((match) => match.direct),
  );
  const indirect = operate(
    combination.kind,
    matches.map((match) => new Set([...match.direct, ...match.indirect])),
  );
  const completed = completeTests(direct, indirect, combination.indirectSelection, evaluator);
  if (completed.size === 0 && combination.warnsAs !== undefined) {
    evaluator.report({
      code: 'no-nodes-for-selection',
      severity: 'warning',
      message: `The selection criterion '${combination.warnsAs}' does not match any enabled nodes`,
    });
  }
  return { direct: completed, indirect };
}

function operate(kind: Combination['kind'], sets: readonly ReadonlySet<string>[]): Set<string> {
  const [first = new Set<string>(), ...others] = sets;
  switch (kind) {
    case 'union':
      return new Set([first, ...others].flatMap((set) => [...set]));
    case 'intersection':
      return new Set([...first].filter((id) => others.every((set) => set.has(id))));
    case 'difference':
      return new Set([...first].filter((id) => !others.some((set) => set.has(id))));
    default:
      return unreachable(kind);
  }
}

/** Takes along the tests whose last missing parents came with another criterion. */
function completeTests(
  direct: ReadonlySet<string>,
  indirect: ReadonlySet<string>,
  mode: IndirectSelection,
  evaluator: Evaluator,
): ReadonlySet<string> {
  if (mode !== 'cautious' && mode !== 'buildable') return direct;
  const satisfied =
    mode === 'cautious' ? direct : new Set([...direct, ...ancestors(evaluator.graph, direct)]);
  const completed = new Set(direct);
  for (const id of indirect) {
    const node = evaluator.manifest.nodes.get(id);
    if (node?.depends_on.nodes.every((parent) => satisfied.has(parent))) completed.add(id);
  }
  return completed;
}

function isEmpty(node: GraphNode): boolean {
  switch (node.resource_type) {
    case 'source':
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
    case 'unit_test':
    case 'seed':
      return false;
    default:
      return node.raw_code.trim() === '';
  }
}
