/** What a name means: from a mention, and the package it stands in, to the things of the project. */

import { lookupsOf } from '../project/compile.ts';
import { dispatchCandidates, findMacro, findPackageMacro, type Macro } from '../project/macros.ts';
import { uniqueId } from '../project/naming.ts';
import { findDoc } from '../project/parse/docs.ts';
import type { Project } from '../project/project.ts';
import type { Named } from './mentions.ts';
import type { ColumnOwner, NodeSection, YamlNameKind } from './yaml-names.ts';

export type Symbol =
  /** A model, seed, snapshot, analysis, test, exposure or unit test. */
  | { readonly kind: 'node'; readonly uniqueId: string }
  | { readonly kind: 'table'; readonly uniqueId: string }
  | { readonly kind: 'source'; readonly package: string; readonly name: string }
  | { readonly kind: 'column'; readonly uniqueId: string; readonly name: string }
  | { readonly kind: 'macro'; readonly uniqueId: string }
  | { readonly kind: 'doc'; readonly uniqueId: string }
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'env-var'; readonly name: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'config'; readonly name: string };

/** Equal for equal symbols, and only for them. */
export function symbolKey(symbol: Symbol): string {
  return JSON.stringify(Object.entries(symbol));
}

/** Several where a name has several meanings: a versioned model's entry, a dispatch. Best first; none when it means nothing. */
export function symbolsOf(project: Project, owner: string, named: Named): readonly Symbol[] {
  const { world, manifest } = project;
  switch (named.kind) {
    case 'ref':
      return refSymbols(project, owner, named);
    case 'source-call':
      return sourceSymbols(
        project,
        owner,
        named.source,
        named.part === 'source' ? null : named.table,
        named.table,
      );
    case 'macro-call':
      if (named.part === 'package') return packageSymbols(project, named.package ?? '');
      return macroSymbols([
        named.package === null
          ? findMacro(world.macros, owner, named.name)
          : findPackageMacro(world.macros, named.package, named.name),
      ]);
    case 'dispatch':
      return macroSymbols(
        dispatchCandidates(world.macros, world.root.dispatch, named.name, named.package).map((candidate) =>
          candidate.packageName === null
            ? findMacro(world.macros, owner, candidate.name)
            : findPackageMacro(world.macros, candidate.packageName, candidate.name),
        ),
      );
    case 'var':
      return [{ kind: 'var', name: named.name }];
    case 'env-var':
      return [{ kind: 'env-var', name: named.name }];
    case 'doc': {
      const doc = findDoc(manifest.docs, world.root.name, owner, named.package, named.name);
      return doc ? [{ kind: 'doc', uniqueId: doc.unique_id }] : [];
    }
    case 'config-call':
      return [{ kind: 'config', name: named.name }];
    case 'block':
      return blockSymbols(project, owner, named.block, named.name);
    case 'yaml':
      return yamlSymbols(project, owner, named.is, named.name);
  }
}

function refSymbols(
  project: Project,
  owner: string,
  { name, package: written, version, part }: Extract<Named, { kind: 'ref' }>,
): readonly Symbol[] {
  if (part === 'package') return packageSymbols(project, written ?? '');
  if (version === undefined) return [];
  const { nodes } = lookupsOf(project);
  const found = nodes.find(name, written, version, project.world.root.name, owner);
  return found.kind === 'found' ? [{ kind: 'node', uniqueId: found.node.unique_id }] : [];
}

function sourceSymbols(
  project: Project,
  owner: string,
  source: string,
  /** Null for the source itself. */
  table: string | null,
  besideTable: string | null,
): readonly Symbol[] {
  const root = project.world.root.name;
  if (besideTable !== null) {
    const found = lookupsOf(project).sources.find(source, besideTable, root, owner);
    if (found.kind === 'found')
      return table === null
        ? [{ kind: 'source', package: found.node.package_name, name: source }]
        : [{ kind: 'table', uniqueId: found.node.unique_id }];
  }
  if (table !== null) return [];
  const packages = new Set<string>();
  for (const node of project.manifest.sources.values())
    if (node.source_name === source) packages.add(node.package_name);
  const meant = [root, owner, ...packages].find((name) => packages.has(name));
  return meant === undefined ? [] : [{ kind: 'source', package: meant, name: source }];
}

function packageSymbols({ world }: Project, name: string): readonly Symbol[] {
  return world.packages.has(name) ? [{ kind: 'package', name }] : [];
}

function macroSymbols(macros: readonly (Macro | undefined)[]): readonly Symbol[] {
  const ids = new Set(macros.flatMap((macro) => (macro ? [macro.node.unique_id] : [])));
  return [...ids].map((id) => ({ kind: 'macro', uniqueId: id }));
}

function blockSymbols(
  { world, manifest, origins }: Project,
  owner: string,
  block: 'macro' | 'snapshot' | 'docs',
  name: string,
): readonly Symbol[] {
  const id = uniqueId(block === 'docs' ? 'doc' : block, owner, name);
  switch (block) {
    case 'macro':
      return world.macros.byId.has(id) ? [{ kind: 'macro', uniqueId: id }] : [];
    case 'docs':
      return manifest.docs.has(id) ? [{ kind: 'doc', uniqueId: id }] : [];
    case 'snapshot':
      return origins.has(id) ? [{ kind: 'node', uniqueId: id }] : [];
  }
}

const TYPES: Readonly<Record<NodeSection, string>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  data_tests: 'test',
  exposures: 'exposure',
  unit_tests: 'unit_test',
};

function yamlSymbols(project: Project, owner: string, is: YamlNameKind, name: string): readonly Symbol[] {
  const { world } = project;
  switch (is.kind) {
    case 'entry':
      return entryIds(project, owner, is.section, is.version?.model ?? name, is.version?.v ?? null).map(
        (id) => ({
          kind: 'node',
          uniqueId: id,
        }),
      );
    case 'tested':
      return entryIds(project, owner, 'models', name, null).map((id) => ({ kind: 'node', uniqueId: id }));
    case 'source':
      return [{ kind: 'source', package: owner, name }];
    case 'table':
      return [{ kind: 'table', uniqueId: uniqueId('source', owner, is.source, name) }];
    case 'column':
      return columnOwners(project, owner, is.of).map((id) => ({ kind: 'column', uniqueId: id, name }));
    case 'macro': {
      const macros = world.macros.packages.get(owner);
      return macroSymbols([macros?.get(name) ?? macros?.get(`test_${name}`)]);
    }
    case 'test':
      return macroSymbols([
        is.package === null
          ? findMacro(world.macros, owner, `test_${name}`)
          : findPackageMacro(world.macros, is.package, `test_${name}`),
      ]);
    case 'variable':
      if (is.package === null)
        return world.packages.has(name) ? packageSymbols(project, name) : [{ kind: 'var', name }];
      return world.packages.has(is.package) ? [{ kind: 'var', name }] : [];
    case 'config':
      return [{ kind: 'config', name }];
  }
}

function columnOwners(project: Project, owner: string, of: ColumnOwner): readonly string[] {
  return of.kind === 'table'
    ? [uniqueId('source', owner, of.source, of.table)]
    : entryIds(project, owner, of.section, of.name, null);
}

/** The resources that an entry describes: every version of a versioned model, the disabled ones too. */
function entryIds(
  project: Project,
  owner: string,
  section: NodeSection,
  name: string,
  version: string | null,
): readonly string[] {
  if (section === 'unit_tests') {
    const tests = [...project.manifest.unitTests.values()];
    return tests
      .filter((test) => test.name === name && test.package_name === owner)
      .map((test) => test.unique_id);
  }
  const id = uniqueId(TYPES[section], owner, name);
  if (version !== null) return project.origins.has(`${id}.v${version}`) ? [`${id}.v${version}`] : [];
  if (project.origins.has(id) || project.manifest.exposures.has(id)) return [id];
  if (section !== 'models') return [];
  const versions = lookupsOf(project).nodes.versionsOf(name, owner);
  return versions.filter((node) => node.resource_type === 'model').map((node) => node.unique_id);
}
