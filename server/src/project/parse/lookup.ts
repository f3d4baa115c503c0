/** What a ref or source means: names to resources, by package and version, with the disabled ones apart. */

import type { GraphNode, ManifestNode, SourceNode } from '../nodes.ts';

export type Found<Node> =
  | { readonly kind: 'found'; readonly node: Node }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'missing' };

const REFERABLE = new Set(['model', 'seed', 'snapshot']);

export class NodeLookup {
  /** By name: unversioned, and the latest of a versioned model; `name.v2` for each version. */
  readonly #byName = new Map<string, ManifestNode[]>();
  readonly #versions = new Map<string, ManifestNode[]>();
  readonly #disabled = new Map<string, GraphNode[]>();

  constructor(nodes: Iterable<ManifestNode>, disabled: Iterable<GraphNode>) {
    for (const node of nodes) {
      if (!REFERABLE.has(node.resource_type)) continue;
      add(this.#versions, node.name, node);
      if (node.version === null || node.version === undefined) {
        add(this.#byName, node.name, node);
        continue;
      }
      add(this.#byName, `${node.name}.v${String(node.version)}`, node);
      if (String(node.version) === String(node.latest_version)) add(this.#byName, node.name, node);
    }
    for (const node of disabled) if (REFERABLE.has(node.resource_type)) add(this.#disabled, node.name, node);
  }

  names(): Iterable<string> {
    return this.#versions.keys();
  }

  /** The same with one resource replaced by another of its name. */
  with(before: ManifestNode, after: ManifestNode): NodeLookup {
    const next = new NodeLookup([], []);
    for (const [target, source] of [
      [next.#byName, this.#byName],
      [next.#versions, this.#versions],
    ] as const)
      for (const [name, nodes] of source)
        target.set(
          name,
          nodes.includes(before) ? nodes.map((node) => (node === before ? after : node)) : nodes,
        );
    for (const [name, nodes] of this.#disabled) next.#disabled.set(name, nodes);
    return next;
  }

  /** A disabled model of that name, where there is one. */
  disabledModel(name: string, packageName: string): ManifestNode | undefined {
    const found = this.#disabled
      .get(name)
      ?.find((node) => node.resource_type === 'model' && node.package_name === packageName);
    return found as ManifestNode | undefined;
  }

  /** All versions of a model, or the one resource of that name. `name.v2` and `name v2` pick one. */
  versionsOf(written: string, packageName: string): ManifestNode[] {
    const [name = '', version] = written.split(/\s+|\.v(?=\d)/);
    const all = (this.#versions.get(name) ?? []).filter((node) => node.package_name === packageName);
    return version === undefined
      ? all
      : all.filter((node) => String(node.version) === version.replace(/^v/, ''));
  }

  /**
   * dbt's order: the named package; else the resource's own, then the root project, then any.
   */
  find(
    name: string,
    packageName: string | null,
    version: string | number | null,
    rootPackage: string,
    ownPackage: string,
  ): Found<ManifestNode> {
    const key = version === null ? name : `${name}.v${String(version)}`;
    const nodes = this.#byName.get(key) ?? [];
    const order =
      packageName !== null
        ? [packageName]
        : rootPackage === ownPackage
          ? [rootPackage, null]
          : [ownPackage, rootPackage, null];
    for (const candidate of order) {
      const node = candidate === null ? nodes[0] : nodes.find((known) => known.package_name === candidate);
      if (node) return { kind: 'found', node };
    }
    return this.#disabled.has(name) ? { kind: 'disabled' } : { kind: 'missing' };
  }
}

export class SourceLookup {
  readonly #byName = new Map<string, SourceNode[]>();
  readonly #disabled = new Set<string>();

  constructor(
    sources: Iterable<SourceNode>,
    disabled: Iterable<{ readonly resource_type: string; readonly name: string }>,
  ) {
    for (const source of sources) add(this.#byName, sourceKey(source.source_name, source.name), source);
    for (const node of disabled) {
      if (node.resource_type === 'source')
        this.#disabled.add(sourceKey((node as SourceNode).source_name, node.name));
    }
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  find(sourceName: string, tableName: string, rootPackage: string, ownPackage: string): Found<SourceNode> {
    const key = sourceKey(sourceName, tableName);
    const sources = this.#byName.get(key) ?? [];
    const node =
      sources.find((known) => known.package_name === rootPackage) ??
      sources.find((known) => known.package_name === ownPackage) ??
      sources[0];
    if (node) return { kind: 'found', node };
    return this.#disabled.has(key) ? { kind: 'disabled' } : { kind: 'missing' };
  }
}

function sourceKey(sourceName: string, tableName: string): string {
  return `${sourceName}.${tableName}`;
}

function add<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}
