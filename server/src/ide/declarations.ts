/** Where a symbol is written, as a whole and its name. */

import type { Place } from '../base/diagnostic.ts';
import { plainText } from '../base/plain-text.ts';
import type { Range } from '../base/text.ts';
import { asList, isConfig } from '../project/config.ts';
import { joinPath, type SourceFile } from '../project/files.ts';
import { parsedMacroFile } from '../project/macros.ts';
import type { ExposureNode, UnitTestNode } from '../project/nodes.ts';
import { placeIn } from '../project/problems.ts';
import type { Project } from '../project/project.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../project/yaml.ts';
import { keyAt, scalarAt, tolerantYaml } from './passages.ts';
import { macroPath, ownedFile } from './source-files.ts';
import type { Symbol } from './symbol.ts';
import { yamlNames } from './yaml-names.ts';

export interface Declaration {
  /** The whole definition. */
  readonly place: Place;
  /** The name within it. */
  readonly name: Range;
}

export function declarationsOf(project: Project, symbol: Symbol): readonly Declaration[] {
  switch (symbol.kind) {
    case 'node':
      return nodeDeclarations(project, symbol.uniqueId);
    case 'table':
      return tableDeclarations(project, symbol.uniqueId);
    case 'source':
      return sourceDeclarations(project, symbol.package, symbol.name);
    case 'column':
      return columnDeclarations(project, symbol.uniqueId, symbol.name);
    case 'macro': {
      const macro = project.world.macros.byId.get(symbol.uniqueId);
      if (!macro) return [];
      const { start, end, name } = macro.definition;
      const path = macroPath(macro.node.package_name, macro.file);
      return [{ place: { path, range: { start, end } }, name: { start: name.start, end: name.end } }];
    }
    case 'doc':
      return docDeclarations(project, symbol.uniqueId);
    case 'var':
      return variableDeclarations(project, symbol.name);
    case 'package': {
      const file = project.world.packages.get(symbol.name)?.file;
      return file ? [inYaml(parseYaml(file), ['name'], ['name'], symbol.name)] : [];
    }
    case 'env-var':
    case 'config':
      return [];
  }
}

function nodeDeclarations(project: Project, id: string): readonly Declaration[] {
  const { origins, manifest } = project;
  const described = manifest.exposures.get(id) ?? manifest.unitTests.get(id);
  if (described) return entryDeclarations(project, described);
  const { raw, entry } = origins.get(id) ?? {};
  if (!raw) return entry ? [inYaml(entry.yaml, entry.path, [...entry.path, 'name'], entry.name)] : [];
  if (raw.file === entry?.yaml.file)
    return [inYaml(entry.yaml, entry.path, [...entry.path, 'name'], entry.name)];
  if (manifest.nodes.get(id)?.resource_type === 'snapshot') {
    const block = parsedMacroFile(raw.file).definitions.find(
      ({ kind, name }) => kind === 'snapshot' && name.text === raw.node.name,
    );
    if (block) return [blockDeclaration(raw.file, block)];
  }
  return [wholeFile(raw.file)];
}

/** Of what stands in a property file alone. */
function entryDeclarations(
  project: Project,
  {
    name,
    package_name: owner,
    original_file_path: original,
    resource_type: type,
  }: ExposureNode | UnitTestNode,
): readonly Declaration[] {
  const folder = project.world.packages.get(owner)?.folder ?? '';
  const owned = ownedFile(project, joinPath(...(folder ? [folder] : []), original));
  if (!owned) return [];
  const section = type === 'exposure' ? 'exposures' : 'unit_tests';
  const written = yamlNames(owned).find(
    ({ is, name: known }) => is.kind === 'entry' && is.section === section && known === name,
  );
  const yaml = tolerantYaml(owned.file);
  return written ? [inYaml(yaml, written.path, [...written.path, 'name'], name)] : [];
}

function wholeFile(file: SourceFile): Declaration {
  return { place: placeIn(file, { start: 0, end: file.text.length }), name: { start: 0, end: 0 } };
}

function blockDeclaration(
  file: SourceFile,
  { start, end, name }: { readonly start: number; readonly end: number; readonly name: Range },
): Declaration {
  return { place: placeIn(file, { start, end }), name: { start: name.start, end: name.end } };
}

function inYaml(yaml: YamlFile, path: YamlPath, namePath: YamlPath, name: string): Declaration {
  const range = yaml.rangeOf(path);
  const exact = scalarAt(yaml, namePath, name)({ start: 0, end: name.length });
  return { place: placeIn(yaml.file, range), name: exact ?? range };
}

function tableDeclarations({ origins }: Project, id: string): readonly Declaration[] {
  const { entry, path = [] } = origins.get(id) ?? {};
  if (!entry) return [];
  const [, index] = path;
  const table = asList(entry.value.tables)[Number(index)];
  const at = [...entry.path, ...path];
  return [inYaml(entry.yaml, at, [...at, 'name'], plainText(isConfig(table) ? table.name : ''))];
}

/** A source may be written in several files, with some of its tables each. */
function sourceDeclarations(
  { origins, manifest }: Project,
  owner: string,
  name: string,
): readonly Declaration[] {
  const found = new Map<string, Declaration>();
  for (const node of manifest.sources.values()) {
    if (node.source_name !== name || node.package_name !== owner) continue;
    const entry = origins.get(node.unique_id)?.entry;
    if (!entry) continue;
    const key = JSON.stringify([entry.yaml.file.path, entry.path]);
    if (!found.has(key)) found.set(key, inYaml(entry.yaml, entry.path, [...entry.path, 'name'], name));
  }
  return [...found.values()];
}

function columnDeclarations(project: Project, id: string, column: string): readonly Declaration[] {
  const { entry, path = [] } = project.origins.get(id) ?? {};
  const owned = entry && ownedFile(project, entry.yaml.file.path);
  if (!owned) return [];
  const start = [...entry.path, ...(entry.key === 'sources' ? path : []), 'columns'];
  const wanted = yamlNames(owned).find(
    ({ is, name, path: at }) =>
      is.kind === 'column' && name === column && start.every((step, i) => at[i] === step),
  );
  return wanted ? [inYaml(entry.yaml, wanted.path, [...wanted.path, 'name'], column)] : [];
}

function docDeclarations({ manifest, world, input }: Project, id: string): readonly Declaration[] {
  const doc = manifest.docs.get(id);
  if (!doc) return [];
  const folder = world.packages.get(doc.package_name)?.folder ?? '';
  const file = input.files.get(joinPath(...(folder ? [folder] : []), doc.original_file_path));
  if (!file) return [];
  const block = parsedMacroFile(file).definitions.find(
    ({ kind, name }) => kind === 'docs' && name.text === doc.name,
  );
  return block ? [blockDeclaration(file, block)] : [];
}

/** The root project's word is asked before a package's. */
function variableDeclarations({ world }: Project, name: string): readonly Declaration[] {
  const packages = [world.root, ...[...world.packages.values()].filter((owner) => owner !== world.root)];
  return packages.flatMap(({ file, vars }) => {
    const yaml = parseYaml(file);
    const scopes = [...world.packages.keys()].flatMap((scope) => {
      const inner = vars[scope];
      return typeof inner === 'object' && inner !== null && name in inner ? [['vars', scope, name]] : [];
    });
    const paths = [...(name in vars ? [['vars', name]] : []), ...scopes];
    return paths.flatMap((path) => {
      const key = keyAt(yaml, path);
      if (!key) return [];
      const value = yaml.rangeOf(path);
      return [{ place: placeIn(file, { start: key.start, end: Math.max(key.end, value.end) }), name: key }];
    });
  });
}
