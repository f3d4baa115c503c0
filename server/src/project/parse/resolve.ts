/** Turns refs and sources into dependencies; says which have no target. */

import { closestName } from '../../base/closest-name.ts';
import type { Place } from '../../base/diagnostic.ts';
import { templateFacts, type Template } from '../../jinja/index.ts';
import type { DependsOn, ManifestNode, RefArgs, ResourceType } from '../nodes.ts';
import type { Problems } from '../problems.ts';
import type { NodeLookup, SourceLookup } from './lookup.ts';
import type { ParseSession } from './session.ts';

interface Referring {
  readonly unique_id: string;
  readonly name: string;
  readonly resource_type: ResourceType;
  readonly package_name: string;
  readonly original_file_path: string;
  readonly refs: readonly RefArgs[];
  readonly sources?: readonly string[][];
  readonly depends_on: DependsOn;
  readonly group?: string | null;
}

export interface Lookups {
  readonly nodes: NodeLookup;
  readonly sources: SourceLookup;
}

/** Where a reference of a resource stands, for its message. */
export type PlaceOf = (reference: string) => Place | undefined;

/** Fills depends_on.nodes; false when a target is missing. A test without its target is only warned about, and left out. */
export function resolveReferences(
  session: ParseSession,
  node: Referring,
  lookups: Lookups,
  placeOf: PlaceOf,
): boolean {
  const { world, problems } = session;
  let isComplete = true;
  for (const ref of node.refs) {
    const found = lookups.nodes.find(ref.name, ref.package, ref.version, world.root.name, node.package_name);
    if (found.kind === 'found') {
      checkAccess(session, node, found.node, () => placeOf(ref.name));
      depend(node, found.node.unique_id);
    } else {
      isComplete = false;
      report(
        problems,
        node,
        referenceName(ref),
        'node',
        found.kind,
        closestName(ref.name, lookups.nodes.names()),
        placeOf(ref.name),
      );
    }
  }
  for (const [sourceName = '', tableName = ''] of node.sources ?? []) {
    const found = lookups.sources.find(sourceName, tableName, world.root.name, node.package_name);
    const name = `${sourceName}.${tableName}`;
    if (found.kind === 'found') depend(node, found.node.unique_id);
    else {
      isComplete = false;
      report(
        problems,
        node,
        `'${name}'`,
        'source',
        found.kind,
        closestName(name, lookups.sources.names()),
        placeOf(tableName),
      );
    }
  }
  return isComplete;
}

function depend(node: Referring, target: string): void {
  if (!node.depends_on.nodes.includes(target)) node.depends_on.nodes.push(target);
}

function referenceName(ref: RefArgs): string {
  const version = ref.version === null ? '' : ` with version '${String(ref.version)}'`;
  return ref.package === null
    ? `'${ref.name}'${version}`
    : `'${ref.name}'${version} in package or project '${ref.package}'`;
}

function report(
  problems: Problems,
  node: Referring,
  name: string,
  kind: 'node' | 'source',
  state: 'disabled' | 'missing',
  close: string | undefined,
  place: Place | undefined,
): void {
  const capital = node.resource_type.charAt(0).toUpperCase() + node.resource_type.slice(1);
  const what = state === 'disabled' ? 'is disabled' : 'was not found';
  const hint = close && state === 'missing' ? ` Did you mean '${close}'?` : '';
  const message = `${capital} '${node.unique_id}' (${node.original_file_path}) depends on a ${kind} named ${name} which ${what}.${hint}`;
  if (node.resource_type === 'test')
    problems.warning(kind === 'node' ? 'unknown-ref' : 'unknown-source', message, place);
  else problems.error(kind === 'node' ? 'unknown-ref' : 'unknown-source', message, place);
}

/** Private models are for their group, protected ones for their package where that restricts access. */
function checkAccess(
  session: ParseSession,
  node: Referring,
  target: ManifestNode,
  placeOf: () => Place | undefined,
): void {
  // A query at the terminal belongs to no group and no package.
  if (target.resource_type !== 'model' || node.resource_type === 'sql_operation') return;
  const restricted = session.world.packages.get(target.package_name)?.restrictAccess === true;
  const isPrivate = target.access === 'private' && (node.package_name === target.package_name || restricted);
  if (isPrivate && node.group !== target.group) {
    session.problems.error(
      'access',
      `Node ${node.unique_id} attempted to reference node ${target.unique_id}, which is not allowed because the referenced node is private to the '${target.group ?? ''}' group.`,
      placeOf(),
    );
  }
  if (target.access === 'protected' && restricted && node.package_name !== target.package_name) {
    session.problems.error(
      'access',
      `Node ${node.unique_id} attempted to reference node ${target.unique_id}, which is not allowed because the referenced node is protected to the '${target.package_name}' package.`,
      placeOf(),
    );
  }
}

/** The places of refs and sources in a template, by the last name of the call. */
export function templatePlaces(template: Template | null): PlaceOf {
  if (!template) return () => undefined;
  return (reference) => {
    const facts = templateFacts(template);
    const name =
      facts.refs.find((ref) => ref.name?.value === reference)?.name ??
      facts.sources.find((source) => source.table?.value === reference)?.table;
    return {
      path: template.path,
      range: name ? { start: name.start, end: name.end } : { start: template.start, end: template.start },
    };
  };
}
