/** The verdicts over a resource's rows: one line each, and who asks for them. */

import type { Diagnostic, Severity } from '../../base/diagnostic.ts';
import { isOwn } from '../../checks/check.ts';
import { memberOf } from '../../project/manifest.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import { resourcesIn } from '../file-resources.ts';
import type { Snapshot } from '../snapshot.ts';
import { findDoubleCounting } from './double-counting.ts';
import { findGrainNotUnique } from './grain-not-unique.ts';
import { ignoredIn, isIgnoredAt, unknownIgnores } from './ignores.ts';
import { findJoinTypes } from './join-types.ts';
import { modelAnalysis, type ModelAnalysis } from './model-analysis.ts';
import { findNullableJoin } from './nullable-join.ts';
import { findOuterJoinUndone } from './outer-join-undone.ts';
import type { FindVerdicts } from './subject.ts';
import { findUnionGrain } from './union-grain.ts';
import { findUniqueKey } from './unique-key.ts';

export interface VerdictEntry {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly find: FindVerdicts;
}

// prettier-ignore
export const VERDICTS: readonly VerdictEntry[] = [
  { code: 'double-counting', severity: 'warning', title: 'An aggregate that counts rows twice', find: findDoubleCounting },
  { code: 'grain-not-unique', severity: 'warning', title: 'A declared grain that the SQL does not keep', find: findGrainNotUnique },
  { code: 'unique-key', severity: 'warning', title: 'A unique_key that is no key', find: findUniqueKey },
  { code: 'outer-join-undone', severity: 'warning', title: 'An outer join that a condition makes inner', find: findOuterJoinUndone },
  { code: 'union-grain', severity: 'information', title: 'A union of different grains', find: findUnionGrain },
  { code: 'join-types', severity: 'information', title: 'A join of types that do not fit', find: findJoinTypes },
  { code: 'nullable-join', severity: 'information', title: 'A join of groups that may be NULL', find: findNullableJoin },
];

const CODES: ReadonlySet<string> = new Set(VERDICTS.map(({ code }) => code));

interface Kept {
  readonly model: ModelAnalysis;
  readonly entry: unknown;
  readonly found: readonly Diagnostic[];
}

/** What was found holds as long as the SQL, what it reads and the resource's entry in a property file are the same. */
const kept = new WeakMap<ManifestNode, Kept>();

/** Those of one resource, wherever they are placed; without what somebody does not want to hear. */
export function resourceVerdicts(snapshot: Snapshot, uniqueId: string): readonly Diagnostic[] {
  const { project } = snapshot;
  const node = project.manifest.nodes.get(uniqueId);
  if (!node || !isOwn(project, node) || !hasRows(node)) return [];
  const model = modelAnalysis(snapshot, uniqueId);
  if (model.kind === 'unknown') return [];
  const entry = project.origins.get(uniqueId)?.entry;
  const before = kept.get(node);
  const isSame = before?.model === model && before.entry === entry;
  const found = isSame ? before.found : verdictsOf(snapshot, node, model);
  if (!isSame) kept.set(node, { model, entry, found });
  const ignored = ignoredIn(node);
  return found.filter(
    ({ code, place }) => !ignored.has(code) && !(place && isIgnoredAt(project, code, place)),
  );
}

function hasRows({ resource_type: type, language }: ManifestNode): boolean {
  return language === 'sql' && (type === 'model' || type === 'snapshot' || type === 'analysis');
}

function verdictsOf(
  snapshot: Snapshot,
  node: ManifestNode,
  model: Extract<ModelAnalysis, { kind: 'analyzed' }>,
): readonly Diagnostic[] {
  return VERDICTS.flatMap(({ code, severity, find }) =>
    find({ snapshot, node, model }).map((finding): Diagnostic => ({ severity, ...finding, code })),
  );
}

/** Those in one file: of the resources whose code it holds, and of those that have their settings there. */
export function fileVerdicts(snapshot: Snapshot, path: string): readonly Diagnostic[] {
  const { project } = snapshot;
  const { code, entries } = resourcesIn(project, path);
  const ids = [...new Set([...code, ...entries])];
  const nodes = ids.flatMap((id) => memberOf(project.manifest, id) ?? []);
  return [
    ...ids.flatMap((id) => resourceVerdicts(snapshot, id)).filter(({ place }) => place?.path === path),
    ...unknownIgnores(project, path, nodes, CODES),
  ];
}

/** Those of a whole project, or of some of its resources. */
export function projectVerdicts(snapshot: Snapshot, selected?: ReadonlySet<string>): readonly Diagnostic[] {
  const { manifest, origins } = snapshot.project;
  const nodes = [...manifest.nodes.values()].filter(
    (node) => (!selected || selected.has(node.unique_id)) && isOwn(snapshot.project, node) && hasRows(node),
  );
  const paths = new Set(
    nodes.flatMap(({ unique_id: id }) => {
      const { raw, entry } = origins.get(id) ?? {};
      return [raw?.file.path, entry?.yaml.file.path].flatMap((path) => path ?? []);
    }),
  );
  return [
    ...nodes.flatMap(({ unique_id: id }) => resourceVerdicts(snapshot, id)),
    ...[...paths].flatMap((path) => unknownIgnores(snapshot.project, path, nodes, CODES)),
  ];
}
