/** The methods that go by what an earlier run left: state, result, source_status. */

import type { Manifest } from '../manifest.ts';
import { memberOf } from '../manifest.ts';
import type { GraphNode, ManifestNode } from '../nodes.ts';
import type { ContractComparison } from '../state/contract.ts';
import { compareContracts, compareRemovedContract } from '../state/contract.ts';
import { changedMacros, usesMacros } from '../state/macro-changes.ts';
import type { PreviousFreshness } from '../state/previous-state.ts';
import {
  isParsed,
  sameBody,
  sameConfig,
  sameContents,
  samePersistedDescription,
  sameRelation,
} from '../state/same.ts';
import { SelectionError } from './criteria.ts';
import type { MethodContext, SelectionMethod } from './method.ts';
import { textValue } from './method.ts';

const STATES = [
  'new',
  'old',
  'modified',
  'unmodified',
  'modified.body',
  'modified.configs',
  'modified.persisted_descriptions',
  'modified.relation',
  'modified.macros',
  'modified.contract',
] as const;

export const byState: SelectionMethod = (criterion, context) => {
  const selector = textValue(criterion);
  const previous = context.previous?.manifest;
  if (!previous) {
    throw new SelectionError(
      'Got a state selector method, but no comparison manifest: pass --state with the folder of an earlier manifest.json',
    );
  }
  const state = STATES.find((known) => known === selector);
  if (!state) {
    throw new SelectionError(
      `Got an invalid selector "${selector}", expected one of "[${STATES.map((known) => `'${known}'`).join(', ')}]"`,
    );
  }
  if (state === 'modified' || state === 'unmodified' || state === 'modified.contract') {
    reportRemovedContracts(previous, context);
  }
  const changes = changedMacros(previous, context.manifest);
  const changed = (node: GraphNode, old: GraphNode | undefined): boolean =>
    !sameContents(old, node, context.compare) ||
    usesMacros(node, changes, context.manifest) ||
    (old !== undefined && isModel(old) && isModel(node) && !contractIsSame(old, node, context));
  return (node) => {
    const old = memberOf(previous, node.unique_id);
    switch (state) {
      case 'new':
        return old === undefined;
      case 'old':
        return old !== undefined;
      case 'modified':
        return changed(node, old);
      case 'unmodified':
        return !changed(node, old);
      case 'modified.body':
        return differs(old, node, sameBody);
      case 'modified.configs':
        return differs(old, node, sameConfig);
      case 'modified.persisted_descriptions':
        return differs(old, node, samePersistedDescription);
      case 'modified.relation':
        return differs(old, node, (before, now) => sameRelation(before, now, context.compare));
      case 'modified.macros':
        return usesMacros(node, changes, context.manifest);
      case 'modified.contract':
        if (old === undefined) return isParsed(node);
        return isModel(old) && isModel(node) && !contractIsSame(old, node, context);
    }
  };
};

/** What is new differs in each part that resources of its type have. */
function differs(
  old: GraphNode | undefined,
  node: GraphNode,
  same: (old: GraphNode, current: GraphNode) => boolean | undefined,
): boolean {
  return same(old ?? node, node) !== undefined && (old === undefined || same(old, node) === false);
}

function isModel(node: GraphNode): node is ManifestNode {
  return node.resource_type === 'model';
}

function contractIsSame(old: ManifestNode, node: ManifestNode, context: MethodContext): boolean {
  const comparison = compareContracts(old, node);
  reportBreaking(comparison, node, context);
  return comparison.same;
}

/** Models that are gone cannot be selected, but whoever relied on their contract should hear of it. */
function reportRemovedContracts(previous: Manifest, context: MethodContext): void {
  for (const [id, old] of previous.nodes) {
    const disabled = context.manifest.disabled.get(id)?.[0];
    if (!disabled && context.manifest.nodes.has(id)) continue;
    const removed = disabled ?? old;
    if (isModel(removed)) reportBreaking(compareRemovedContract(removed, context.now), removed, context);
  }
}

/** A warning for a model without versions; with versions there was another way, so it is an error. */
function reportBreaking(comparison: ContractComparison, node: ManifestNode, context: MethodContext): void {
  if (comparison.breakingChanges.length === 0) return;
  const reasons = comparison.breakingChanges.join('\n  - ');
  if (node.version !== undefined && node.version !== null) {
    throw new SelectionError(
      'While comparing to previous project state, a breaking change to an enforced contract was detected.' +
        `\n  - ${reasons}\nConsider making an additive (non-breaking) change instead, if possible.\n` +
        'Otherwise, create a new model version: https://docs.getdbt.com/docs/collaborate/govern/model-versions',
    );
  }
  context.report({
    code: 'breaking-contract-change',
    severity: 'warning',
    message:
      `Breaking change to contracted, unversioned model ${node.name} (${node.original_file_path})` +
      '\nWhile comparing to previous project state, a breaking change to an unversioned model was detected.' +
      `\n  - ${reasons}\n`,
  });
}

/** By a status of run_results.json, such as `result:error`. */
export const byResult: SelectionMethod = (criterion, context) => {
  const status = textValue(criterion);
  const results = context.previous?.results;
  if (!results) {
    throw new SelectionError(
      'No comparison run_results: pass --state with the folder of an earlier run_results.json to select by result',
    );
  }
  const matches = new Set(
    results.filter((result) => result.status === status).map((result) => result.uniqueId),
  );
  return (node) => matches.has(node.unique_id);
};

/** `source_status:fresher`: sources with rows newer than when the earlier state was taken. */
export const bySourceStatus: SelectionMethod = (criterion, context) => {
  const status = textValue(criterion);
  const { sources: before, currentSources: now } = context.previous ?? {};
  if (!before) throw new SelectionError('No previous state comparison freshness results in sources.json');
  if (!now) throw new SelectionError('No current state comparison freshness results in sources.json');
  const matches = new Set(status === 'fresher' ? fresher(before, now) : []);
  return (node) => matches.has(node.unique_id);
};

function* fresher(
  before: readonly PreviousFreshness[],
  now: readonly PreviousFreshness[],
): IterableIterator<string> {
  const earlier = new Map(before.map((source) => [source.uniqueId, source.maxLoadedAt]));
  for (const { uniqueId, maxLoadedAt } of now) {
    if (maxLoadedAt === undefined) continue;
    const last = earlier.get(uniqueId);
    if (last === undefined || maxLoadedAt > last) yield uniqueId;
  }
}
