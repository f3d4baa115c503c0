/** What may stand between the quotes of an argument: models of a ref, tables of a source, values of a configuration, … */

import { CONFIG_KEYS } from '../checks/config-keys.ts';
import { variablesFor } from '../project/context/world.ts';
import { lookupsOf } from '../project/compile.ts';
import { configString, type ManifestNode } from '../project/nodes.ts';
import type { Range } from '../base/text.ts';
import type { Project } from '../project/project.ts';
import type { Completion, CompletionKind } from './answers.ts';
import { configKey } from '../checks/config-meanings.ts';
import { mentionsIn } from './mentions.ts';
import { ownedFiles, type OwnedFile } from './source-files.ts';
import type { Call } from './typing-at.ts';

/** A name, before it is known how it is written. */
export type Candidate = Pick<Completion, 'label' | 'kind' | 'detail' | 'documentation' | 'rank'>;

/** The texts that an argument may be; undefined for one of which nothing is known. */
export function textCandidates(
  project: Project,
  owned: OwnedFile,
  call: Call,
  /** Where it is being typed: what stands there is no name yet. */
  typed: Range,
): readonly Candidate[] | undefined {
  const { callee, index, keyword, before } = call;
  switch (callee.replace(/^builtins\./, '')) {
    case 'ref':
      if (keyword === 'version' || keyword === 'v') return versions(project, owned, before);
      if (keyword !== null) return undefined;
      if (index === 0) return [...models(project, owned.owner, null), ...packages(project, 2)];
      return index === 1 ? models(project, owned.owner, before[0] ?? null) : undefined;
    case 'source':
      if (index === 0) return sources(project, owned.owner);
      return index === 1 ? tables(project, before[0] ?? null) : undefined;
    case 'var':
    case 'var.has_var':
      return index === 0 ? variables(project, owned, typed) : undefined;
    case 'env_var':
      return index === 0 ? environmentNames(project, owned, typed) : undefined;
    case 'doc':
      if (index === 0) return [...docs(project, null), ...packages(project, 2)];
      return index === 1 ? docs(project, before[0] ?? null) : undefined;
    case 'config':
      return keyword === null ? undefined : configValues(keyword);
    case 'config.get':
    case 'config.require':
      return index === 0 ? configKeys(project, owned) : undefined;
    case 'adapter.dispatch':
      if (keyword === 'macro_namespace' || index === 1) return packages(project, 0);
      return index === 0 ? dispatched(project, owned.owner) : undefined;
    default:
      return undefined;
  }
}

const REFERABLE: Readonly<Record<string, CompletionKind>> = {
  model: 'model',
  seed: 'seed',
  snapshot: 'snapshot',
};

/** The package's own first; a versioned model once. */
function models(project: Project, owner: string, packageName: string | null): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const node of project.manifest.nodes.values()) {
    const kind = REFERABLE[node.resource_type];
    if (!kind || (packageName !== null && node.package_name !== packageName)) continue;
    const rank = node.package_name === owner ? 0 : 1;
    const known = found.get(node.name);
    if (known && (known.rank ?? 0) <= rank) continue;
    found.set(node.name, {
      label: node.name,
      kind,
      rank,
      ...described(node.description),
      detail: detailOf(node, rank),
    });
  }
  return [...found.values()];
}

function detailOf(node: ManifestNode, rank: number): string {
  const materialized = node.resource_type === 'model' ? configString(node.config, 'materialized') : undefined;
  return [materialized ?? node.resource_type, ...(rank === 0 ? [] : [node.package_name])].join(' · ');
}

function described(description: string): Pick<Candidate, 'documentation'> {
  return description === '' ? {} : { documentation: description };
}

function packages({ world }: Project, rank: number): readonly Candidate[] {
  return [...world.packages.keys()].map((label) => ({ label, kind: 'value', detail: 'package', rank }));
}

function versions(
  project: Project,
  owned: OwnedFile,
  before: readonly (string | null)[],
): readonly Candidate[] {
  const name = before.at(-1);
  if (typeof name !== 'string') return [];
  const owner = (before.length > 1 ? before[0] : null) ?? owned.owner;
  return lookupsOf(project)
    .nodes.versionsOf(name, owner)
    .flatMap(({ version, latest_version: latest }) =>
      version === null || version === undefined
        ? []
        : [
            {
              label: String(version),
              kind: 'value' as const,
              ...(String(version) === String(latest) ? { detail: 'latest' } : {}),
            },
          ],
    );
}

function sources({ manifest }: Project, owner: string): readonly Candidate[] {
  const found = new Map<string, { readonly candidate: Candidate; tables: number }>();
  for (const node of manifest.sources.values()) {
    const known = found.get(node.source_name);
    if (known) known.tables++;
    else {
      const candidate: Candidate = {
        label: node.source_name,
        kind: 'source',
        rank: node.package_name === owner ? 0 : 1,
        ...described(node.source_description),
      };
      found.set(node.source_name, { candidate, tables: 1 });
    }
  }
  return [...found.values()].map(({ candidate, tables: count }) => ({
    ...candidate,
    detail: count === 1 ? '1 table' : `${String(count)} tables`,
  }));
}

function tables({ manifest }: Project, source: string | null): readonly Candidate[] {
  return [...manifest.sources.values()]
    .filter(({ source_name: name }) => source === null || name === source)
    .map((node) => ({
      label: node.name,
      kind: 'source',
      detail: `${node.schema}.${node.identifier}`,
      ...described(node.description),
    }));
}

/** What dbt_project.yml and the command line give, then what the project's files ask for besides. */
function variables(project: Project, owned: OwnedFile, typed: Range): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const values = variablesFor(project.world, owned.owner);
  for (const [label, value] of Object.entries(values)) {
    if (project.world.packages.has(label) && typeof value === 'object') continue;
    found.set(label, { label, kind: 'variable', detail: JSON.stringify(value), rank: 0 });
  }
  for (const label of named(project, 'var', owned, typed))
    if (!found.has(label)) found.set(label, { label, kind: 'variable', rank: 1 });
  return [...found.values()];
}

/** The names that the project asks for; of the environment itself nothing is shown. */
function environmentNames(project: Project, owned: OwnedFile, typed: Range): readonly Candidate[] {
  return [...named(project, 'env-var', owned, typed)].map((label) => ({ label, kind: 'variable' }));
}

function named(
  project: Project,
  kind: 'var' | 'env-var',
  { path }: OwnedFile,
  typed: Range,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const owned of ownedFiles(project)) {
    for (const { named: mentioned, locate } of mentionsIn(owned)) {
      if (mentioned.kind !== kind || names.has(mentioned.name)) continue;
      const isTyped = owned.path === path && locate()?.start === typed.start;
      if (!isTyped) names.add(mentioned.name);
    }
  }
  return names;
}

function docs({ manifest }: Project, packageName: string | null): readonly Candidate[] {
  return [...manifest.docs.values()]
    .filter((doc) => packageName === null || doc.package_name === packageName)
    .map((doc) => ({ label: doc.name, kind: 'doc', ...described(doc.block_contents) }));
}

function configValues(key: string): readonly Candidate[] | undefined {
  return configKey(key)?.values?.map((label) => ({ label, kind: 'value' }));
}

/** The keys of the kinds of resource that the file may hold. */
export function configKeys({ manifest, origins }: Project, { file, role }: OwnedFile): readonly Candidate[] {
  let type = role === 'snapshots' ? 'snapshot' : 'model';
  if (role === 'template') {
    for (const node of manifest.nodes.values()) {
      if (origins.get(node.unique_id)?.raw?.file === file) type = node.resource_type;
    }
  }
  return (CONFIG_KEYS[type] ?? []).map((label) => {
    const says = configKey(label)?.says;
    // Those that other warehouses read come last.
    return {
      label,
      kind: 'property',
      rank: says === undefined ? 1 : 0,
      ...(says === undefined ? {} : { documentation: says }),
    };
  });
}

function dispatched({ world }: Project, owner: string): readonly Candidate[] {
  const names = new Set<string>();
  for (const name of world.macros.packages.get(owner)?.keys() ?? []) {
    const dispatchedName = /^(?:default|postgres)__(.+)$/.exec(name)?.[1];
    if (dispatchedName !== undefined) names.add(dispatchedName);
  }
  return [...names].map((label) => ({ label, kind: 'macro' }));
}
