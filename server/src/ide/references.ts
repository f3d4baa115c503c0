/** All places that name what is under the cursor, in SQL, YAML and Markdown of the project and its packages. */

import type { Place } from '../base/diagnostic.ts';
import type { Project } from '../project/project.ts';
import { mentionsIn, type Named } from './mentions.ts';
import type { Cursor, Snapshot } from './snapshot.ts';
import { ownedFiles } from './source-files.ts';
import { symbolKey, symbolsOf, type Symbol } from './symbol.ts';
import { isDeclaration, symbolAt } from './symbol-at.ts';

export interface ReferenceOptions {
  readonly includeDeclaration: boolean;
}

/** In the order of the files. */
export function references(
  { project }: Snapshot,
  cursor: Cursor,
  { includeDeclaration }: ReferenceOptions,
): readonly Place[] {
  const at = symbolAt(project, cursor);
  if (!at || at.symbols.length === 0) return [];
  return mentionsOf(project, at.symbols)
    .filter(({ named }) => includeDeclaration || !isDeclaration(named))
    .map(({ place }) => place);
}

export interface PlacedMention {
  readonly named: Named;
  readonly place: Place;
}

/** Names are compared first: only those that are equal are asked for their meaning and their place. */
export function mentionsOf(project: Project, symbols: readonly Symbol[]): readonly PlacedMention[] {
  const keys = new Set(symbols.map(symbolKey));
  const isNamed = nameFilter(project, symbols);
  const found: PlacedMention[] = [];
  for (const owned of ownedFiles(project)) {
    for (const { named, locate } of mentionsIn(owned)) {
      // A call is one place: its version says which, and is not named again.
      if (!isNamed(named) || (named.kind === 'ref' && named.part === 'version')) continue;
      if (!symbolsOf(project, owned.owner, named).some((symbol) => keys.has(symbolKey(symbol)))) continue;
      const range = locate();
      if (range) found.push({ named, place: { path: owned.path, range } });
    }
  }
  return found;
}

/** Whether a mention's words could mean one of the symbols. */
function nameFilter(project: Project, symbols: readonly Symbol[]): (named: Named) => boolean {
  const names = new Set(symbols.map((symbol) => nameOf(project, symbol)));
  return (named) => writtenNames(named).some((name) => names.has(name));
}

function nameOf({ manifest, world }: Project, symbol: Symbol): string {
  switch (symbol.kind) {
    case 'node': {
      const { nodes, exposures, unitTests, disabled } = manifest;
      const id = symbol.uniqueId;
      return (nodes.get(id) ?? exposures.get(id) ?? unitTests.get(id) ?? disabled.get(id)?.[0])?.name ?? '';
    }
    case 'table':
      return manifest.sources.get(symbol.uniqueId)?.name ?? '';
    case 'macro':
      return plainMacroName(world.macros.byId.get(symbol.uniqueId)?.node.name ?? '');
    case 'doc':
      return manifest.docs.get(symbol.uniqueId)?.name ?? '';
    case 'source':
    case 'column':
    case 'var':
    case 'env-var':
    case 'package':
    case 'config':
      return symbol.name;
  }
}

/** Without what dispatch and generic tests put before a macro's name. */
function plainMacroName(name: string): string {
  return name.replace(/^(?:default|postgres)__/, '').replace(/^test_/, '');
}

function writtenNames(named: Named): readonly string[] {
  switch (named.kind) {
    case 'ref':
      return [named.part === 'package' ? (named.package ?? '') : named.name];
    case 'source-call':
      return [named.part === 'source' ? named.source : (named.table ?? '')];
    case 'macro-call':
      return [named.part === 'package' ? (named.package ?? '') : plainMacroName(named.name)];
    case 'yaml':
      return named.is.kind === 'entry'
        ? [named.is.version?.model ?? named.name]
        : [plainMacroName(named.name), named.name];
    case 'block':
      return [plainMacroName(named.name), named.name];
    case 'dispatch':
      return [plainMacroName(named.name)];
    case 'var':
    case 'env-var':
    case 'doc':
    case 'config-call':
      return [named.name];
  }
}
