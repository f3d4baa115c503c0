/** Turns refs and sources into dependencies; says which have no target. */

import { closestName } from '../../base/closest-name.ts';
import type { Place, Suggestion } from '../../base/diagnostic.ts';
import { templateFacts, type Literal, type Template } from '../../jinja/index.ts';
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

/**
 * Where a reference of a resource stands, for its message: a ref by its name, a source by its table's name and its own, at the part that
 * is wrong.
 */
export type PlaceOf = (reference: string, source?: WrittenSource) => Place | undefined;

export interface WrittenSource {
  readonly name: string;
  readonly part: 'source' | 'table';
}

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
      // Nothing reads itself: that it is close to its own name says nothing.
      const others = [...lookups.nodes.names()].filter((name) => name !== node.name);
      const close = closestName(ref.name, others);
      const place = placeOf(ref.name);
      const fix = place && suggestionAt(place, ref.name, close);
      report(problems, node, referenceName(ref), 'node', found.kind, close, place, fix);
    }
  }
  for (const [sourceName = '', tableName = ''] of node.sources ?? []) {
    const found = lookups.sources.find(sourceName, tableName, world.root.name, node.package_name);
    const name = `${sourceName}.${tableName}`;
    if (found.kind === 'found') depend(node, found.node.unique_id);
    else {
      isComplete = false;
      const close = closestName(name, lookups.sources.names());
      // Of two wrong parts neither can be corrected alone.
      const isOtherTable = close?.startsWith(`${sourceName}.`) === true;
      const isOtherSource = !isOtherTable && close?.endsWith(`.${tableName}`) === true;
      const place = placeOf(tableName, { name: sourceName, part: isOtherSource ? 'source' : 'table' });
      const fix = !place
        ? undefined
        : isOtherTable
          ? suggestionAt(place, tableName, close.slice(sourceName.length + 1))
          : isOtherSource
            ? suggestionAt(place, sourceName, close.slice(0, -tableName.length - 1))
            : undefined;
      report(problems, node, `'${name}'`, 'source', found.kind, close, place, fix);
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
  suggestion: Suggestion | undefined,
): void {
  const capital = node.resource_type.charAt(0).toUpperCase() + node.resource_type.slice(1);
  const what = state === 'disabled' ? 'is disabled' : 'was not found';
  const hint = close && state === 'missing' ? ` Did you mean '${close}'?` : '';
  const message = `${capital} '${node.unique_id}' (${node.original_file_path}) depends on a ${kind} named ${name} which ${what}.${hint}`;
  const fix = state === 'missing' ? suggestion : undefined;
  if (node.resource_type === 'test')
    problems.warning(kind === 'node' ? 'unknown-ref' : 'unknown-source', message, place, fix);
  else problems.error(kind === 'node' ? 'unknown-ref' : 'unknown-source', message, place, undefined, fix);
}

/** The place of a name in quotes takes another name between them; any other place is left alone. */
function suggestionAt({ range }: Place, written: string, meant: string | undefined): Suggestion | undefined {
  const start = range.start + 1;
  const end = start + written.length;
  return meant !== undefined && end === range.end - 1 ? { range: { start, end }, text: meant } : undefined;
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

/** The places of refs and sources in a template; its start for those that it does not write itself. */
export function templatePlaces(template: Template | null): PlaceOf {
  if (!template) return () => undefined;
  return (reference, source) => {
    const literal = source ? sourceLiteral(template, reference, source) : refLiteral(template, reference);
    const { path, start } = template;
    if (!literal) return { path, range: { start, end: start } };
    return { path, range: { start: literal.start, end: literal.end } };
  };
}

function refLiteral(template: Template, reference: string): Literal<string> | null | undefined {
  const { refs, sources } = templateFacts(template);
  return (
    refs.find(({ name }) => name?.value === reference)?.name ??
    sources.find(({ table }) => table?.value === reference)?.table
  );
}

function sourceLiteral(
  template: Template,
  reference: string,
  written: WrittenSource,
): Literal<string> | null | undefined {
  const call = templateFacts(template).sources.find(
    ({ source, table }) => table?.value === reference && source?.value === written.name,
  );
  return call?.[written.part];
}
