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
  const complaints = type === 'metric' ? nameComplaints(name) : [];
  if (complaints.length > 0)
    session.problems.error(
      'yaml-shape',
      `The metric name '${name}' is invalid. It ${complaints.join(', ')}.`,
      placeIn(entry.yaml.file, entryRange(entry, 'name')),
    );
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

/** Names of metrics become names of columns. */
function nameComplaints(name: string): string[] {
  return [
    ...(name.includes(' ') ? ['cannot contain spaces'] : []),
    ...(name.length > 250 ? ['cannot contain more than 250 characters'] : []),
    ...(/^[A-Za-z]/.test(name) ? [] : ['must begin with a letter']),
    ...(/^\w+$/.test(name) ? [] : ['must contain only letters, numbers and underscores']),
  ];
}

/**
 * Metrics hang on the semantic models that hold their measures, and on other metrics; saved queries on metrics.
 * `report` hears of what is disabled and still used.
 */
export function linkSemantic(
  nodes: readonly SemanticNode[],
  disabled: readonly SemanticNode[],
  report: (node: SemanticNode, message: string) => void,
): void {
  const metrics = metricsByName(nodes);
  const measures = modelsByMeasure(nodes);
  const disabledMetrics = metricsByName(disabled);
  const disabledMeasures = modelsByMeasure(disabled);
  const link = (node: SemanticNode, target: SemanticNode | undefined): boolean => {
    if (target && !node.depends_on.nodes.includes(target.unique_id))
      node.depends_on.nodes.push(target.unique_id);
    return target !== undefined;
  };
  for (const node of nodes) {
    for (const name of measuresOf(node)) {
      if (link(node, measures.get(name))) continue;
      const model = disabledMeasures.get(name);
      if (model)
        report(node, `The measure \`${name}\` is referenced on disabled semantic model \`${model.name}\`.`);
    }
    for (const name of metricsOf(node)) {
      if (link(node, metrics.get(name))) continue;
      if (disabledMetrics.has(name))
        report(node, `The metric \`${name}\` is disabled and thus cannot be referenced.`);
    }
  }
}

function metricsByName(nodes: readonly SemanticNode[]): Map<string, SemanticNode> {
  return new Map(nodes.filter((node) => node.resource_type === 'metric').map((node) => [node.name, node]));
}

function modelsByMeasure(nodes: readonly SemanticNode[]): Map<string, SemanticNode> {
  const found = new Map<string, SemanticNode>();
  for (const node of nodes) {
    if (node.resource_type !== 'semantic_model') continue;
    for (const name of namesIn(node.definition.measures)) found.set(name, node);
  }
  return found;
}

function measuresOf(node: SemanticNode): string[] {
  if (node.resource_type !== 'metric') return [];
  const { measure, measures, conversion_type_params: conversion } = parametersOf(node, 'type_params');
  const both = isConfig(conversion) ? [conversion.base_measure, conversion.conversion_measure] : [];
  return [measure, ...asList(measures), ...both].flatMap(namesIn);
}

function metricsOf(node: SemanticNode): string[] {
  if (node.resource_type === 'saved_query') return namesIn(parametersOf(node, 'query_params').metrics);
  if (node.resource_type !== 'metric') return [];
  const { numerator, denominator, metrics } = parametersOf(node, 'type_params');
  return [numerator, denominator, ...asList(metrics)].flatMap(namesIn);
}

function parametersOf(node: SemanticNode, key: string): Config {
  const written = node.definition[key];
  return isConfig(written) ? written : {};
}

function namesIn(value: unknown): string[] {
  return asList(value).flatMap((item): string[] => {
    if (typeof item === 'string') return [item];
    return isConfig(item) && typeof item.name === 'string' ? [item.name] : [];
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
