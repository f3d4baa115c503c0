/** Finds the resources that are files: models, seeds, snapshots, analyses, singular tests; each with its raw code. */

import { sha256Hex } from '../../base/hash.ts';
import { parseTemplate, type Template } from '../../jinja/index.ts';
import { defaultConfig } from '../config.ts';
import { stem, strippedStart, strippedText, type SourceFile } from '../files.ts';
import { parsedMacroFile } from '../macros.ts';
import { fqnOf, uniqueId } from '../naming.ts';
import type { Checksum, ManifestNode, NodeType } from '../nodes.ts';
import type { Package } from '../project-file.ts';
import { placeIn } from '../problems.ts';
import { resourceFiles, type ResourceFile } from './schema-files.ts';
import type { ParseSession } from './session.ts';

/** A resource before its configuration is known. */
export interface RawNode {
  readonly node: ManifestNode;
  readonly owner: Package;
  readonly file: SourceFile;
  /** Offsets are those of the file; null for seeds and Python. */
  readonly template: Template | null;
}

export function readNodes(session: ParseSession, owner: Package): RawNode[] {
  const { files } = session;
  const of = (paths: readonly string[], extensions: readonly string[]): ResourceFile[] =>
    resourceFiles(files, owner, paths, extensions);
  const reserved = owner.testPaths.flatMap((path) => [`${path}/generic/`, `${path}/fixtures/`]);
  return [
    ...of(owner.modelPaths, ['.sql', '.py']).map((found) => fileNode(session, owner, found, 'model')),
    ...of(owner.snapshotPaths, ['.sql']).flatMap((found) => snapshotNodes(session, owner, found)),
    ...of(owner.analysisPaths, ['.sql']).map((found) => fileNode(session, owner, found, 'analysis')),
    ...of(owner.testPaths, ['.sql'])
      .filter((found) => !reserved.some((folder) => found.originalPath.startsWith(folder)))
      .map((found) => fileNode(session, owner, found, 'test')),
    ...of(owner.seedPaths, ['.csv']).map((found) => seedNode(session, owner, found)),
  ];
}

const templates = new WeakMap<SourceFile, Template>();

/** The template of a file, parsed once: without the white space around it, as dbt reads files. */
export function fileTemplate(file: SourceFile): Template {
  let template = templates.get(file);
  if (!template) {
    const start = strippedStart(file);
    template = parseTemplate(file.text, file.path, {
      range: { start, end: start + strippedText(file).length },
    });
    templates.set(file, template);
  }
  return template;
}

const checksums = new WeakMap<SourceFile, Checksum>();

function checksumOf(file: SourceFile): Checksum {
  let checksum = checksums.get(file);
  if (!checksum) {
    checksum = { name: 'sha256', checksum: sha256Hex(strippedText(file)) };
    checksums.set(file, checksum);
  }
  return checksum;
}

function fileNode(
  session: ParseSession,
  owner: Package,
  found: ResourceFile,
  type: 'model' | 'analysis' | 'test',
): RawNode {
  const { file } = found;
  const name = stem(file.path);
  const isPython = file.path.endsWith('.py');
  const path = type === 'analysis' ? `analysis/${found.relativePath}` : found.relativePath;
  const node = blankNode(session, owner, type, name, path, found.originalPath);
  if (name.includes(' ')) {
    session.problems.warning(
      'resource-name',
      `the name '${name}' has a space in it; rename the file.`,
      placeIn(file),
    );
  }
  node.fqn = fqnOf(owner.name, path, name);
  node.raw_code = strippedText(file);
  node.checksum = checksumOf(file);
  node.language = isPython ? 'python' : 'sql';
  return { node, owner, file, template: isPython ? null : fileTemplate(file) };
}

/** The same resource with another text in its file; of those that are a file each. */
export function rereadNode(
  session: ParseSession,
  { node: before, owner }: RawNode,
  file: SourceFile,
): RawNode {
  const { resource_type: type, name, path, original_file_path: originalPath } = before;
  const node = blankNode(session, owner, type, name, path, originalPath);
  node.fqn = fqnOf(owner.name, path, name);
  node.raw_code = strippedText(file);
  node.checksum = checksumOf(file);
  return { node, owner, file, template: fileTemplate(file) };
}

function snapshotNodes(session: ParseSession, owner: Package, found: ResourceFile): RawNode[] {
  const { file } = found;
  const parsed = parsedMacroFile(file);
  for (const fault of parsed.diagnostics)
    session.problems.error(
      'template-syntax',
      fault.message,
      placeIn(file, { start: fault.start, end: fault.end }),
    );
  return parsed.definitions
    .filter((definition) => definition.kind === 'snapshot')
    .map((definition) => {
      const name = definition.name.text;
      const node = blankNode(session, owner, 'snapshot', name, found.relativePath, found.originalPath);
      node.fqn = [...fqnOf(owner.name, found.relativePath, stem(file.path)), name];
      node.raw_code = file.text.slice(definition.body.start, definition.body.end);
      node.checksum = checksumOf(file);
      return { node, owner, file, template: definition.template };
    });
}

function seedNode(session: ParseSession, owner: Package, found: ResourceFile): RawNode {
  const { file } = found;
  const name = stem(file.path);
  const node = blankNode(session, owner, 'seed', name, found.relativePath, found.originalPath);
  node.fqn = fqnOf(owner.name, found.relativePath, name);
  node.checksum = file.isLarge ? { name: 'path', checksum: found.originalPath } : checksumOf(file);
  node.root_path = null;
  return { node, owner, file, template: null };
}

export function blankNode(
  session: ParseSession,
  owner: Package,
  type: NodeType,
  name: string,
  path: string,
  originalPath: string,
): ManifestNode {
  const { target } = session.world.settings;
  return {
    database: target.database,
    schema: target.schema,
    name,
    resource_type: type,
    package_name: owner.name,
    path,
    original_file_path: originalPath,
    unique_id: uniqueId(type, owner.name, name),
    fqn: [owner.name, name],
    alias: name,
    checksum: { name: 'none', checksum: '' },
    config: defaultConfig(type === 'sql_operation' ? 'operation' : type),
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    unrendered_config: {},
    created_at: session.createdAt,
    relation_name: null,
    raw_code: '',
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    depends_on: { macros: [], nodes: [] },
    contract: { enforced: false, alias_types: true, checksum: null },
    ...(type === 'model'
      ? {
          access: 'protected',
          constraints: [],
          version: null,
          latest_version: null,
          deprecation_date: null,
          time_spine: null,
          primary_key: [],
        }
      : {}),
  };
}
