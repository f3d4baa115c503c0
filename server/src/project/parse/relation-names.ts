/** Database, schema and alias of a resource, as the project's generate_*_name macros decide. */

import { plainText } from '../../base/plain-text.ts';
import { isPromise } from '../../base/maybe-promise.ts';
import { callValue, Dict, fromJs, str, TemplateError, type Value } from '../../jinja/index.ts';
import { RunningConfig } from '../context/config-value.ts';
import { manifestDict, nodeContext } from '../context/node-context.ts';
import { nodeRelation } from '../context/node-relation.ts';
import { StatementResults } from '../context/results.ts';
import { findMacro, findPackageMacro, isBuiltin, type Macro } from '../macros.ts';
import type { ManifestNode } from '../nodes.ts';
import { templatePlace } from './capture.ts';
import type { ParseSession } from './session.ts';

type Component = 'database' | 'schema' | 'alias';

/** Sets database, schema, alias and relation_name from the resolved config. */
export function nameRelation(session: ParseSession, node: ManifestNode, path: string): void {
  const { config } = node;
  node.database =
    generate(session, node, 'database', config.database, path) ?? session.world.settings.target.database;
  node.schema =
    generate(session, node, 'schema', config.schema, path) ?? session.world.settings.target.schema;
  node.alias = generate(session, node, 'alias', config.alias, path) ?? node.name;
  if (node.resource_type === 'snapshot') {
    if (typeof config.target_database === 'string' && config.target_database)
      node.database = config.target_database;
    if (typeof config.target_schema === 'string' && config.target_schema) node.schema = config.target_schema;
  }
  node.relation_name = hasRelation(session, node) ? nodeRelation(session.world, node).render() : null;
}

function hasRelation(session: ParseSession, node: ManifestNode): boolean {
  if (node.resource_type === 'model') return node.config.materialized !== 'ephemeral';
  if (node.resource_type === 'test') return storesFailures(session, node);
  return node.resource_type === 'seed' || node.resource_type === 'snapshot';
}

/** The test's own setting, else the command's. */
function storesFailures(session: ParseSession, node: ManifestNode): boolean {
  const { store_failures: own, store_failures_as: as } = node.config;
  if (typeof as === 'string') return as !== 'ephemeral';
  return typeof own === 'boolean' ? own : session.world.settings.flags.storeFailures;
}

function generate(
  session: ParseSession,
  node: ManifestNode,
  component: Component,
  custom: unknown,
  path: string,
): string | null {
  const macro = generator(session, node.package_name, component);
  if (!macro || isUntouched(session, macro, component)) return builtinName(session, node, component, custom);
  const value = callGenerator(session, node, macro, custom, path);
  return value === null ? null : str(value).trim();
}

/** The root project's macro wins over all; a package's own serves its resources; then ours. */
function generator(session: ParseSession, packageName: string, component: Component): Macro | undefined {
  const { macros, root } = session.world;
  const name = `generate_${component}_name`;
  return (
    (packageName === root.name ? undefined : findPackageMacro(macros, packageName, name)) ??
    findMacro(macros, root.name, name)
  );
}

/** Whether nobody overrides the built-in naming: then its result is known without rendering thousands of macros. */
function isUntouched(session: ParseSession, macro: Macro, component: Component): boolean {
  if (!isBuiltin(macro.node.package_name)) return false;
  const { macros, root } = session.world;
  const names = [`default__generate_${component}_name`, `postgres__generate_${component}_name`];
  const rules = root.dispatch.some((rule) => rule.namespace === 'dbt');
  return (
    !rules &&
    names.every((name) => {
      const found = findMacro(macros, root.name, name);
      return !found || isBuiltin(found.node.package_name);
    })
  );
}

function builtinName(
  session: ParseSession,
  node: ManifestNode,
  component: Component,
  custom: unknown,
): string | null {
  const { target } = session.world.settings;
  const written = custom === null || custom === undefined ? '' : plainText(custom).trim();
  switch (component) {
    case 'database':
      return written || target.database;
    case 'schema':
      return written ? `${target.schema}_${written}` : target.schema;
    case 'alias':
      if (written) return written;
      // As in the macro, version 0 is as good as none.
      return node.version ? `${node.name}_v${String(node.version).replaceAll('.', '_')}` : node.name;
  }
}

function callGenerator(
  session: ParseSession,
  node: ManifestNode,
  macro: Macro,
  custom: unknown,
  path: string,
): Value {
  const { world } = session;
  const { scope } = nodeContext({
    world,
    // Names are generated in the macro's own context, not the node's.
    resource: {
      unique_id: macro.node.unique_id,
      name: macro.node.name,
      package_name: macro.node.package_name,
    },
    model: () => manifestDict(node),
    graph: () => new Dict(),
    onMessage: () => undefined,
    phase: {
      kind: 'macro',
      execute: false,
      access: null,
      missingVariables: 'error',
      ref: () => nodeRelation(world, node),
      source: () => nodeRelation(world, node),
      config: () => new RunningConfig(node.config, node.unique_id),
      thisRelation: () => null,
      results: new StatementResults(),
    },
  });
  try {
    const value = callValue(scope.bind(macro), {
      positional: [fromJs(custom ?? null), manifestDict(node)],
      keyword: new Map(),
    });
    if (isPromise(value)) throw new Error('a name must not wait for the warehouse');
    return value;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    session.problems.error(
      'template',
      `${macro.node.name} failed for ${node.unique_id}: ${error.message}`,
      templatePlace(error, path),
    );
    return null;
  }
}
