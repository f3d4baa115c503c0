/** Everything of the project that has a name, found by letters of it in their order. */

import type { Project } from '../project/project.ts';
import type { SymbolKind, WorkspaceSymbol } from './answers.ts';
import { declarationsOf } from './declarations.ts';
import type { Snapshot } from './snapshot.ts';
import type { Symbol } from './symbol.ts';

const MOST = 200;

/** At most 200, the closest first. */
export function workspaceSymbols({ project }: Snapshot, query: string): readonly WorkspaceSymbol[] {
  const wanted = query.trim().toLowerCase();
  const found = [...namedThings(project)].flatMap((thing) => {
    const rank = distance(wanted, thing.name.toLowerCase());
    return rank === undefined ? [] : [{ thing, rank }];
  });
  found.sort((a, b) => a.rank - b.rank || (a.thing.name < b.thing.name ? -1 : 1));
  return found.slice(0, MOST).flatMap(({ thing: { symbol, name, kind, container } }) => {
    // Places are asked for last: a property file is only then read with them.
    const [declared] = declarationsOf(project, symbol);
    return declared
      ? [{ name, kind, container, place: { path: declared.place.path, range: declared.name } }]
      : [];
  });
}

interface NamedThing {
  readonly symbol: Symbol;
  readonly name: string;
  readonly kind: SymbolKind;
  readonly container: string;
}

const KINDS: Readonly<Record<string, SymbolKind>> = {
  model: 'model',
  seed: 'seed',
  snapshot: 'snapshot',
  analysis: 'model',
  test: 'test',
};

function* namedThings({ manifest, world, origins }: Project): IterableIterator<NamedThing> {
  for (const node of manifest.nodes.values()) {
    const kind = KINDS[node.resource_type];
    // Generic tests have names that nobody wrote.
    if (!kind || (kind === 'test' && !origins.get(node.unique_id)?.raw)) continue;
    const symbol = { kind: 'node', uniqueId: node.unique_id } as const;
    yield { symbol, name: node.name, kind, container: node.package_name };
  }
  for (const node of manifest.sources.values()) {
    const symbol = { kind: 'table', uniqueId: node.unique_id } as const;
    yield { symbol, name: node.name, kind: 'source', container: node.source_name };
  }
  for (const node of [...manifest.exposures.values(), ...manifest.unitTests.values()]) {
    const symbol = { kind: 'node', uniqueId: node.unique_id } as const;
    const kind = node.resource_type === 'exposure' ? 'exposure' : 'test';
    yield { symbol, name: node.name, kind, container: node.package_name };
  }
  for (const owner of world.packages.keys()) {
    for (const { node, definition } of world.macros.packages.get(owner)?.values() ?? []) {
      const symbol = { kind: 'macro', uniqueId: node.unique_id } as const;
      const kind = definition.kind === 'test' ? 'test' : 'macro';
      yield { symbol, name: definition.name.text, kind, container: owner };
    }
  }
}

/** How far apart the letters stand, those of a beginning nearest; undefined when they are not there in this order. */
function distance(wanted: string, name: string): number | undefined {
  if (wanted === '') return name.length;
  const whole = name.indexOf(wanted);
  if (whole >= 0) return whole === 0 ? name.length - wanted.length : 1000 + whole;
  let at = 0;
  let gaps = 0;
  for (const letter of wanted) {
    if (/\s/u.test(letter)) continue;
    const next = name.indexOf(letter, at);
    if (next < 0) return undefined;
    gaps += next - at;
    at = next + letter.length;
  }
  return 2000 + gaps;
}
