/** The outline of a file: blocks, CTEs, and what a property file describes. */

import type { Range } from '../base/text.ts';
import { parsedMacroFile } from '../project/macros.ts';
import { relationsOf } from '../sql/relations.ts';
import { tokenAt } from '../sql/scan-sql.ts';
import type { YamlPath } from '../project/yaml.ts';
import type { DocumentSymbol, SymbolKind } from './answers.ts';
import { literalPlace, renderedSql, treeOf } from './columns/rendered.ts';
import { resourcesIn } from './file-resources.ts';
import { tolerantYaml } from './passages.ts';
import type { Snapshot } from './snapshot.ts';
import { ownedFile, type OwnedFile } from './source-files.ts';
import { yamlNames, type YamlName } from './yaml-names.ts';

export function documentSymbols(snapshot: Snapshot, path: string): readonly DocumentSymbol[] {
  const owned = ownedFile(snapshot.project, path);
  switch (owned?.role) {
    case 'template':
      return commonTableExpressions(snapshot, owned);
    case 'macros':
    case 'snapshots':
    case 'docs':
      return blocks(owned);
    case 'properties':
    case 'settings':
      return yamlOutline(owned);
    case 'other':
    case undefined:
      return [];
  }
}

/** Only those whose names stand in the file itself, not in a macro. None while the SQL is broken. */
function commonTableExpressions(snapshot: Snapshot, { path }: OwnedFile): readonly DocumentSymbol[] {
  const { project, parser } = snapshot;
  const found = new Map<number, DocumentSymbol>();
  for (const id of resourcesIn(project, path).code) {
    const node = project.manifest.nodes.get(id);
    for (const rendered of node ? renderedSql(snapshot, node) : []) {
      const tree = treeOf(parser, rendered);
      for (const { name, range } of tree ? relationsOf(tree).ctes : []) {
        const end = range.start + tokenAt(rendered.sql.text, range.start).length;
        const place = literalPlace(project, rendered, { start: range.start, end });
        if (place?.path !== path || found.has(place.range.start)) continue;
        found.set(place.range.start, {
          name,
          kind: 'cte',
          range: place.range,
          nameRange: place.range,
          children: [],
        });
      }
    }
  }
  return inOrder([...found.values()]);
}

const BLOCK_KINDS: Readonly<Record<string, SymbolKind>> = {
  macro: 'macro',
  test: 'test',
  materialization: 'macro',
  snapshot: 'snapshot',
  docs: 'key',
};

function blocks({ file }: OwnedFile): readonly DocumentSymbol[] {
  return parsedMacroFile(file)
    .definitions.filter(({ name }) => name.text !== '')
    .map(({ kind, name, start, end, adapter }) => ({
      name: name.text,
      kind: BLOCK_KINDS[kind] ?? 'macro',
      detail: adapter === undefined ? kind : `${kind} · ${adapter}`,
      range: { start, end },
      nameRange: { start: name.start, end: name.end },
      children: [],
    }));
}

interface Branch extends DocumentSymbol {
  readonly children: Branch[];
}

/** Names are given from the outside in, so that what a name stands in is there before it. */
function yamlOutline(owned: OwnedFile): readonly DocumentSymbol[] {
  const yaml = tolerantYaml(owned.file);
  const roots: Branch[] = [];
  const byPath = new Map<string, Branch>();
  for (const named of yamlNames(owned)) {
    const kind = kindOf(named);
    const nameRange = kind && named.locate();
    if (!nameRange) continue;
    const range = around(nameRange, trimmed(owned.file.text, yaml.rangeOf(named.path)));
    const branch: Branch = { name: labelOf(named), kind, range, nameRange, children: [] };
    (parentOf(byPath, named.path)?.children ?? roots).push(branch);
    byPath.set(JSON.stringify(named.path), branch);
  }
  sortBranches(roots);
  return roots;
}

function sortBranches(branches: Branch[]): void {
  branches.sort((a, b) => a.range.start - b.range.start);
  for (const { children } of branches) sortBranches(children);
}

const SECTIONS: Readonly<Record<string, SymbolKind>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'model',
  data_tests: 'test',
  exposures: 'exposure',
  unit_tests: 'test',
};

function kindOf({ is }: YamlName): SymbolKind | undefined {
  switch (is.kind) {
    case 'entry':
      return SECTIONS[is.section];
    case 'source':
    case 'table':
      return 'source';
    case 'column':
      return 'column';
    case 'macro':
      return 'macro';
    case 'test':
      return 'test';
    case 'variable':
      return 'key';
    case 'tested':
    case 'config':
      return undefined;
  }
}

function labelOf({ is, name }: YamlName): string {
  return is.kind === 'entry' && is.version ? `v${name}` : name;
}

function parentOf(byPath: ReadonlyMap<string, Branch>, path: YamlPath): Branch | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const parent = byPath.get(JSON.stringify(path.slice(0, length)));
    if (parent) return parent;
  }
  return undefined;
}

/** A block's range reaches over the blank lines behind it. */
function trimmed(text: string, { start, end }: Range): Range {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function around(inner: Range, outer: Range): Range {
  return { start: Math.min(inner.start, outer.start), end: Math.max(inner.end, outer.end) };
}

function inOrder(symbols: readonly DocumentSymbol[]): readonly DocumentSymbol[] {
  return symbols.toSorted((a, b) => a.range.start - b.range.start);
}
