/** Exposures, groups, metrics, semantic models and saved queries: named, configured, placed in the graph; nothing of them runs. */

import {
  asList,
  isConfig,
  resolveConfig,
  writtenConfig,
  type ConfiguredType,
  type ConfigLayers,
} from '../config.ts';
import { fqnOf, uniqueId } from '../naming.ts';
import type { Config, ExposureNode, GroupNode, RefArgs, SemanticNode } from '../nodes.ts';
import { placeIn } from '../problems.ts';
import type { Package } from '../project-file.ts';
import { entryConfig, type Describe } from './patches.ts';
import { entryRange, type SchemaEntry } from './schema-files.ts';
import { sectionsFor, type ParseSession } from './session.ts';
import { templateFacts, parseTemplate } from '../../jinja/index.ts';

/** `ref('a')` or `source('b', 'c')` written as text in YAML. */
export function readReference(text: string): { readonly refs: RefArgs[]; readonly sources: string[][] } {
  const facts = templateFacts(parseTemplate(`{{ ${text} }}`, '<reference>'));
  return {
    refs: facts.refs.flatMap((ref) =>
      ref.name
        ? [{ name: ref.name.value, package: ref.package?.value ?? null, version: ref.version?.value ?? null }]
        : [],
    ),
    sources: facts.sources.flatMap((source) =>
      source.source && source.table ? [[source.source.value, source.table.value]] : [],
    ),
  };
}

export function readExposure(session: ParseSession, entry: SchemaEntry, describe: Describe): ExposureNode {
  const { value, owner, name } = entry;
  const fqn = fqnOf(owner.name, entry.relativePath, name);
  const layers = layersOf(session, entry, 'exposure', 'exposures', fqn);
  const config = resolveConfig(layers);
  const references = asList(value.depends_on).map((item) => readReference(String(item)));
  asList(value.depends_on).forEach((item, index) => {
    const found = references[index];
    if ((found && found.refs.length + found.sources.length > 0) || /^\s*metric\s*\(/.test(String(item)))
      return;
    session.problems.error(
      'yaml-shape',
      `depends_on of the exposure '${name}' must hold ref(), source() or metric() calls; this is '${String(item)}'.`,
      placeIn(entry.yaml.file, entryRange(entry, 'depends_on', index)),
    );
  });
  return {
    name,
    resource_type: 'exposure',
    package_name: owner.name,
    path: entry.relativePath,
    original_file_path: entry.originalPath,
    unique_id: uniqueId('exposure', owner.name, name),
    fqn,
    type: typeof value.type === 'string' ? value.type : 'analysis',
    owner: isConfig(value.owner) ? value.owner : {},
    description: describe(typeof value.description === 'string' ? value.description : '', entry).text,
    label: typeof value.label === 'string' ? value.label : null,
    maturity: typeof value.maturity === 'string' ? value.maturity : null,
    meta: isConfig(config.meta) ? config.meta : {},
    tags: asList(config.tags).map(String),
    config,
    unrendered_config: writtenConfig(layers),
    url: typeof value.url === 'string' ? value.url : null,
    depends_on: { macros: [], nodes: [] },
    refs: references.flatMap((found) => found.refs),
    sources: references.flatMap((found) => found.sources),
    metrics: [],
    created_at: session.createdAt,
  };
}

export function readGroup(entry: SchemaEntry): GroupNode {
  const { value, owner, name } = entry;
  return {
    name,
    resource_type: 'group',
    package_name: owner.name,
    path: entry.relativePath,
    original_file_path: entry.originalPath,
    unique_id: uniqueId('group', owner.name, name),
    owner: isConfig(value.owner) ? value.owner : {},
    description: typeof value.description === 'string' ? value.description : null,
    config: { meta: isConfig(value.config) && isConfig(value.config.meta) ? value.config.meta : {} },
  };
}

const SEMANTIC = {
  metrics: ['metric', 'metrics'],
  semantic_models: ['semantic_model', 'semantic-models'],
  saved_queries: ['saved_query', 'saved-queries'],
} as const;

export function readSemantic(session: ParseSession, entry: SchemaEntry, describe: Describe): SemanticNode {
  const { value, owner, name } = entry;
  const [type, section] = SEMANTIC[entry.key as keyof typeof SEMANTIC];
  const fqn = fqnOf(owner.name, entry.relativePath, name);
  const layers = layersOf(session, entry, type, section, fqn);
  const config = resolveConfig(layers);
  const model = typeof value.model === 'string' ? readReference(value.model).refs : [];
  return {
    name,
    resource_type: type,
    package_name: owner.name,
    path: entry.relativePath,
    original_file_path: entry.originalPath,
    unique_id: uniqueId(type, owner.name, name),
    fqn,
    description: describe(typeof value.description === 'string' ? value.description : '', entry).text,
    label: typeof value.label === 'string' ? value.label : null,
    config,
    meta: isConfig(config.meta) ? config.meta : {},
    tags: asList(config.tags ?? value.tags).map(String),
    group: typeof config.group === 'string' ? config.group : null,
    depends_on: { macros: [], nodes: [] },
    refs: model,
    created_at: session.createdAt,
    unrendered_config: writtenConfig(layers),
    definition: value,
  };
}

/** Metrics hang on the semantic models that hold their measures, and on other metrics; saved queries on metrics. */
export function linkSemantic(nodes: readonly SemanticNode[]): void {
  const byName = new Map(nodes.map((node) => [`${node.resource_type}.${node.name}`, node]));
  const measures = new Map<string, SemanticNode>();
  for (const node of nodes) {
    for (const measure of asList(node.definition.measures)) {
      if (isConfig(measure) && typeof measure.name === 'string') measures.set(measure.name, node);
    }
  }
  const link = (node: SemanticNode, target: SemanticNode | undefined): void => {
    if (target && !node.depends_on.nodes.includes(target.unique_id))
      node.depends_on.nodes.push(target.unique_id);
  };
  for (const node of nodes) {
    if (node.resource_type === 'metric') {
      const parameters = isConfig(node.definition.type_params) ? node.definition.type_params : {};
      for (const key of [
        'measure',
        'numerator',
        'denominator',
        'metrics',
        'measures',
        'conversion_type_params',
      ] as const) {
        for (const name of namesIn(parameters[key]))
          link(node, measures.get(name) ?? byName.get(`metric.${name}`));
      }
    } else if (node.resource_type === 'saved_query') {
      const parameters = isConfig(node.definition.query_params) ? node.definition.query_params : {};
      for (const name of namesIn(parameters.metrics)) link(node, byName.get(`metric.${name}`));
    }
  }
}

function namesIn(value: unknown): string[] {
  return asList(value).flatMap((item): string[] => {
    if (typeof item === 'string') return [item];
    if (!isConfig(item)) return [];
    return typeof item.name === 'string' ? [item.name] : Object.values(item).flatMap(namesIn);
  });
}

function layersOf(
  session: ParseSession,
  entry: SchemaEntry,
  type: ConfiguredType,
  section: keyof Package['sections'],
  fqn: readonly string[],
): ConfigLayers {
  const patch: Config = entryConfig(entry.value);
  return { type, fqn, ...sectionsFor(session, entry.owner, section), patch };
}
