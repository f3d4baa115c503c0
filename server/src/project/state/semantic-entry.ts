/** Metrics, semantic models and saved queries as manifest.json has them: their definitions with every default written out. */

import type { Manifest } from '../manifest.ts';
import type { Config, SemanticNode } from '../nodes.ts';

export function metricEntry(node: SemanticNode, manifest: Manifest): Config {
  const { definition } = node;
  return {
    ...resource(node),
    description: node.description,
    label: node.label,
    type: definition.type ?? 'simple',
    type_params: typeParams(node, manifest),
    filter: filter(definition.filter),
    metadata: definition.metadata ?? null,
    time_granularity: definition.time_granularity ?? null,
    meta: node.meta,
    tags: node.tags,
    config: node.config,
    unrendered_config: node.unrendered_config,
    sources: [],
    depends_on: node.depends_on,
    refs: node.refs,
    metrics: [],
    created_at: node.created_at,
    group: node.group,
  };
}

export function semanticModelEntry(node: SemanticNode, manifest: Manifest): Config {
  const { definition } = node;
  return {
    ...resource(node),
    model: definition.model ?? null,
    node_relation: definition.node_relation ?? nodeRelation(node, manifest),
    description: isAbsent(definition.description) ? null : node.description,
    label: node.label,
    defaults: definition.defaults ?? null,
    ...semanticElements(definition),
    metadata: definition.metadata ?? null,
    depends_on: node.depends_on,
    refs: node.refs,
    created_at: node.created_at,
    config: node.config,
    unrendered_config: node.unrendered_config,
    primary_entity: definition.primary_entity ?? null,
    group: node.group,
  };
}

export function savedQueryEntry(node: SemanticNode, manifest: Manifest): Config {
  const { definition } = node;
  const database = databaseOf(node, manifest);
  return {
    ...resource(node),
    query_params: queryParams(definition),
    exports: mappings(definition.exports).map((item) => exported(item, node, database)),
    description: isAbsent(definition.description) ? null : node.description,
    label: node.label,
    metadata: definition.metadata ?? null,
    config: node.config,
    unrendered_config: node.unrendered_config,
    group: node.group,
    depends_on: node.depends_on,
    created_at: node.created_at,
    refs: node.refs,
    tags: node.tags,
  };
}

/** What a semantic model offers, defaults written out. */
export function semanticElements(definition: Config): {
  entities: Config[];
  measures: Config[];
  dimensions: Config[];
} {
  return {
    entities: mappings(definition.entities).map((entity) => ({
      ...withDefaults(entity, { description: null, label: null, role: null, expr: null }, ['name', 'type']),
      config: elementConfig(entity),
    })),
    measures: mappings(definition.measures).map((measure) => ({
      ...withDefaults(
        measure,
        {
          description: null,
          label: null,
          create_metric: false,
          expr: null,
          agg_params: null,
          non_additive_dimension: null,
          agg_time_dimension: null,
        },
        ['name', 'agg'],
      ),
      config: elementConfig(measure),
    })),
    dimensions: mappings(definition.dimensions).map((dimension) => ({
      ...withDefaults(
        dimension,
        {
          description: null,
          label: null,
          is_partition: false,
          type_params: null,
          expr: null,
          metadata: null,
        },
        ['name', 'type'],
      ),
      type_params: isMapping(dimension.type_params)
        ? withDefaults(dimension.type_params, { validity_params: null }, ['time_granularity'])
        : null,
      config: elementConfig(dimension),
    })),
  };
}

/** What a saved query asks for, defaults written out. */
export function queryParams(definition: Config): Config {
  const query = isMapping(definition.query_params) ? definition.query_params : {};
  return {
    metrics: list(query.metrics),
    group_by: list(query.group_by),
    where: filter(query.where),
    order_by: list(query.order_by),
    limit: query.limit ?? null,
  };
}

function resource(node: SemanticNode): Config {
  return {
    name: node.name,
    resource_type: node.resource_type,
    package_name: node.package_name,
    path: node.path,
    original_file_path: node.original_file_path,
    unique_id: node.unique_id,
    fqn: node.fqn,
  };
}

function typeParams(node: SemanticNode, manifest: Manifest): Config {
  const written = isMapping(node.definition.type_params) ? node.definition.type_params : {};
  return {
    measure: isAbsent(written.measure) ? null : measureInput(written.measure),
    input_measures: inputMeasures(node, manifest, new Set()),
    numerator: isAbsent(written.numerator) ? null : metricInput(written.numerator),
    denominator: isAbsent(written.denominator) ? null : metricInput(written.denominator),
    expr: written.expr ?? null,
    window: timeWindow(written.window),
    grain_to_date: written.grain_to_date ?? null,
    metrics: list(written.metrics).map(metricInput),
    conversion_type_params: conversionParams(written.conversion_type_params),
    cumulative_type_params: cumulativeParams(node, written.cumulative_type_params),
    metric_aggregation_params: written.metric_aggregation_params ?? null,
  };
}

/** The measures a metric is computed from, its own and those of the metrics it is made of. */
function inputMeasures(node: SemanticNode, manifest: Manifest, seen: Set<string>): Config[] {
  if (seen.has(node.unique_id)) return [];
  seen.add(node.unique_id);
  const written = isMapping(node.definition.type_params) ? node.definition.type_params : {};
  const conversion = isMapping(written.conversion_type_params) ? written.conversion_type_params : {};
  const own = [written.measure, conversion.base_measure, conversion.conversion_measure]
    .filter((measure) => measure !== undefined && measure !== null)
    .map(measureInput);
  const inherited = node.depends_on.nodes.flatMap((id) => {
    const parent = manifest.metrics.get(id);
    return parent ? inputMeasures(parent, manifest, seen) : [];
  });
  return [...own, ...inherited];
}

function measureInput(written: unknown): Config {
  const measure = isMapping(written) ? written : { name: written };
  return {
    name: measure.name,
    filter: filter(measure.filter),
    alias: measure.alias ?? null,
    join_to_timespine: measure.join_to_timespine ?? false,
    fill_nulls_with: measure.fill_nulls_with ?? null,
  };
}

function metricInput(written: unknown): Config {
  const metric = isMapping(written) ? written : { name: written };
  return {
    name: metric.name,
    filter: filter(metric.filter),
    alias: metric.alias ?? null,
    offset_window: timeWindow(metric.offset_window),
    offset_to_grain: metric.offset_to_grain ?? null,
  };
}

function conversionParams(written: unknown): Config | null {
  if (!isMapping(written)) return null;
  return {
    base_measure: measureInput(written.base_measure),
    conversion_measure: measureInput(written.conversion_measure),
    entity: written.entity ?? null,
    calculation: written.calculation ?? 'conversion_rate',
    window: timeWindow(written.window),
    constant_properties: written.constant_properties ?? null,
  };
}

/** A cumulative metric has these even when its window stands at the older place beside them. */
function cumulativeParams(node: SemanticNode, written: unknown): Config | null {
  if (!isMapping(written) && node.definition.type !== 'cumulative') return null;
  const params = isMapping(written) ? written : {};
  return {
    window: timeWindow(params.window),
    grain_to_date: params.grain_to_date ?? null,
    period_agg: params.period_agg ?? 'first',
    metric: isAbsent(params.metric) ? null : metricInput(params.metric),
  };
}

/** `7 days` is a count and a granularity. */
function timeWindow(written: unknown): Config | null {
  if (isMapping(written)) return written;
  if (typeof written !== 'string') return null;
  const [count, granularity = ''] = written.trim().split(/\s+/);
  return { count: Number(count), granularity: granularity.replace(/s$/, '') };
}

function filter(written: unknown): Config | null {
  if (isMapping(written)) return written;
  const filters = list(written).filter((each) => typeof each === 'string');
  return filters.length === 0
    ? null
    : { where_filters: filters.map((each) => ({ where_sql_template: each })) };
}

function exported(item: Config, node: SemanticNode, database: string | null): Config {
  const config = isMapping(item.config) ? item.config : {};
  return {
    name: item.name,
    config: {
      export_as: config.export_as ?? node.config.export_as ?? null,
      schema_name: config.schema_name ?? config.schema ?? node.config.schema ?? null,
      alias: config.alias ?? item.name,
      database: config.database ?? database,
    },
    unrendered_config: item.unrendered_config ?? config,
  };
}

function nodeRelation(node: SemanticNode, manifest: Manifest): Config | null {
  const model = node.depends_on.nodes
    .map((id) => manifest.nodes.get(id))
    .find((found) => found !== undefined);
  if (!model) return null;
  return {
    alias: model.alias,
    schema_name: model.schema,
    database: model.database,
    relation_name: model.relation_name,
  };
}

/** The database of the first model below a query: exports go where its data is. */
function databaseOf(node: SemanticNode, manifest: Manifest): string | null {
  const pending = [...node.depends_on.nodes];
  const seen = new Set<string>();
  for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const model = manifest.nodes.get(id);
    if (model) return model.database;
    pending.push(...((manifest.metrics.get(id) ?? manifest.semanticModels.get(id))?.depends_on.nodes ?? []));
  }
  return null;
}

function elementConfig(element: Config): Config {
  const config = isMapping(element.config) ? element.config : {};
  return { ...config, meta: config.meta ?? {} };
}

function withDefaults(written: Config, defaults: Config, first: readonly string[]): Config {
  const result: Config = {};
  for (const key of first) result[key] = written[key] ?? null;
  for (const [key, value] of Object.entries(defaults)) result[key] = written[key] ?? value;
  return result;
}

function list(value: unknown): unknown[] {
  if (isAbsent(value)) return [];
  return Array.isArray(value) ? value : [value];
}

function mappings(value: unknown): Config[] {
  return list(value).filter(isMapping);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isMapping(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
