/** What may be written in a property file or dbt_project.yml: keys, the words that a value may be, tests, names that have no entry yet. */

import { CONFIG_KEYS } from '../../checks/config-keys.ts';
import { configKey } from '../../checks/config-meanings.ts';
import { yamlKey, yamlKeys, type YamlKey, type YamlKind } from '../../checks/yaml-keys.ts';
import { asList, isConfig } from '../../project/config.ts';
import type { NodeType } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import type { Completion } from '../answers.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { ownedFile } from '../source-files.ts';
import { genericTests, testMarkdown } from './generic-tests.ts';
import { contextAt, type YamlContext } from './yaml-context.ts';
import { yamlCursor, type YamlCursor } from './yaml-cursor.ts';

/** undefined where no key, test or known word can stand. */
export function completeYaml(
  { project }: Snapshot,
  { path, offset }: Cursor,
): readonly Completion[] | undefined {
  const owned = ownedFile(project, path);
  if (owned?.role !== 'properties' && owned?.role !== 'settings') return undefined;
  const cursor = yamlCursor(path, owned.file.text, offset);
  if (!cursor) return undefined;
  const items = offered(project, owned.role, cursor);
  return items.length === 0 ? undefined : items;
}

function offered(
  project: Project,
  role: 'properties' | 'settings',
  cursor: YamlCursor,
): readonly Completion[] {
  const { path, position } = cursor;
  switch (position) {
    case 'key':
      return keysIn(project, contextAt(role, path), cursor);
    case 'item':
      return itemsOf(project, contextAt(role, path), contextAt(role, path.slice(0, -1)), cursor);
    case 'value':
      return valuesOf(project, contextAt(role, path.slice(0, -1)), String(path.at(-1)), cursor);
  }
}

function keysIn(project: Project, context: YamlContext, cursor: YamlCursor): readonly Completion[] {
  switch (context.kind) {
    case 'keys':
      return yamlKeys(context.of).flatMap((key) => {
        const known = yamlKey(context.of, key);
        // Those that nothing is said of belong to few, or to the past.
        return known ? keyItem(key, known, cursor, rankOf(context.of, key)) : [];
      });
    case 'config': {
      const prefix = context.place === 'settings' ? '+' : '';
      return (CONFIG_KEYS[context.type] ?? []).flatMap((key) => {
        const known = configKey(key);
        if (!known) return [];
        const { says, isBoolean } = known;
        return keyItem(
          prefix + key,
          { says, shape: isBoolean ? 'boolean' : (known.shape ?? 'any') },
          cursor,
          1,
        );
      });
    }
    case 'test':
      return testItems(project, cursor);
    case 'test-arguments':
      return argumentItems(project, context, cursor);
    case 'list':
    case 'tests':
    case 'unknown':
      return [];
  }
}

function itemsOf(
  project: Project,
  context: YamlContext,
  parent: YamlContext,
  cursor: YamlCursor,
): readonly Completion[] {
  if (context.kind === 'tests') return testItems(project, cursor);
  if (context.kind === 'list') return keysIn(project, { kind: 'keys', of: context.of }, cursor);
  const key = String(cursor.path.at(-1));
  return valuesOf(project, parent, key, cursor);
}

/** The name comes first, what is old comes last. */
function rankOf(kind: YamlKind, key: string): number {
  if (key === 'name' || key === 'v' || key === 'model') return 0;
  return key === 'tests' || (kind !== 'file' && key === 'version') ? 3 : 1;
}

function keyItem(
  key: string,
  { says, shape }: YamlKey,
  cursor: YamlCursor,
  rank: number,
): readonly Completion[] {
  if (Object.hasOwn(cursor.beside, key)) return [];
  const insert = cursor.hasColon ? key : shape === 'list' || shape === 'mapping' ? `${key}:` : `${key}: `;
  const detail = shape === 'any' ? {} : { detail: shape === 'texts' ? 'text or list' : shape };
  return [
    {
      label: key,
      kind: 'property',
      replace: cursor.replace,
      insert,
      ...detail,
      ...(says && { documentation: says }),
      rank,
    },
  ];
}

function testItems(project: Project, cursor: YamlCursor): readonly Completion[] {
  return genericTests(project).map((test): Completion => {
    const needed = test.parameters.filter(({ isRequired }) => isRequired);
    const indent = ' '.repeat(cursor.column + 4);
    const hasBody = needed.length > 0 && !cursor.hasColon;
    const body = needed.map(({ name }, index) => `\n${indent}  ${name}: $${String(index + 1)}`).join('');
    return {
      label: test.name,
      kind: 'function',
      replace: cursor.replace,
      insert: hasBody ? `${test.name}:\n${indent}arguments:${body}` : test.name,
      ...(hasBody && { isSnippet: true }),
      detail: test.package,
      documentation: testMarkdown(test),
      rank: test.package === 'dbt' ? 0 : test.package === project.world.root.name ? 1 : 2,
    };
  });
}

/** Beside a test's arguments stands what every test may say. */
const OF_EVERY_TEST: Readonly<Record<string, YamlKey>> = {
  arguments: { says: 'What the test is called with.', shape: 'mapping' },
  config: { says: 'Severity, limits, and which rows it looks at.', shape: 'mapping' },
  name: { says: 'What the test is called, where its own name is too long.', shape: 'text' },
  description: { says: 'Why it must hold.', shape: 'text' },
};

function argumentItems(
  project: Project,
  context: Extract<YamlContext, { readonly kind: 'test-arguments' }>,
  cursor: YamlCursor,
): readonly Completion[] {
  const test = genericTests(project).find(({ name }) => name === context.name);
  const parameters = test?.parameters ?? [];
  const own = parameters.flatMap(({ name, isRequired }) =>
    keyItem(name, { says: isRequired ? '' : 'Optional.', shape: 'any' }, cursor, isRequired ? 0 : 1),
  );
  if (context.place === 'below') return own;
  const general = Object.entries(OF_EVERY_TEST).flatMap(([key, known]) => keyItem(key, known, cursor, 2));
  return [...own, ...general];
}

function valuesOf(
  project: Project,
  context: YamlContext,
  key: string,
  cursor: YamlCursor,
): readonly Completion[] {
  const item = (label: string, rank = 0): Completion => {
    return { label, kind: 'value', replace: cursor.replace, insert: label, rank };
  };
  if (key === 'group' && (context.kind === 'keys' || context.kind === 'config'))
    return [...project.manifest.groups.values()].map(({ name }) => item(name));
  switch (context.kind) {
    case 'keys': {
      if (key === 'name' && cursor.position === 'value') return nameItems(project, context.of, cursor);
      if (key === 'model' && context.of === 'unit_tests')
        return namesOf(project, 'model').map((name) => ({ ...item(name), kind: 'model' }));
      const known = yamlKey(context.of, key);
      if (known?.shape === 'boolean') return [item('true'), item('false')];
      return known?.values?.map((value) => item(value)) ?? [];
    }
    case 'config': {
      const known = configKey(key.replace(/^\+/u, ''));
      if (known?.isBoolean) return [item('true'), item('false')];
      const more = key.endsWith('materialized') ? materializations(project, known?.values ?? []) : [];
      return [...(known?.values ?? []), ...more].map((value) => item(value));
    }
    case 'list':
    case 'tests':
    case 'test':
    case 'test-arguments':
    case 'unknown':
      return [];
  }
}

const ENTRIES: Readonly<Partial<Record<YamlKind, NodeType>>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
};

/** Of the project's resources, those that no property file speaks of. */
function nameItems(project: Project, kind: YamlKind, cursor: YamlCursor): readonly Completion[] {
  const type = ENTRIES[kind];
  if (type === undefined) return [];
  const here = isConfig(cursor.root) ? asList(cursor.root[kind]) : [];
  const listed = new Set(here.flatMap((entry) => (isConfig(entry) ? [String(entry.name)] : [])));
  const missing = [...project.manifest.nodes.values()].filter(
    (node) =>
      node.resource_type === type &&
      node.package_name === project.world.root.name &&
      !listed.has(node.name) &&
      !project.origins.get(node.unique_id)?.entry,
  );
  return [...new Set(missing.map(({ name }) => name))].map((name): Completion => {
    const word = type === 'analysis' ? 'model' : type === 'seed' || type === 'snapshot' ? type : 'model';
    return { label: name, kind: word, replace: cursor.replace, insert: name, rank: 0 };
  });
}

function namesOf(project: Project, type: NodeType): string[] {
  const nodes = [...project.manifest.nodes.values()].filter((node) => node.resource_type === type);
  return [...new Set(nodes.map(({ name }) => name))];
}

/** Those that the project and its packages define. */
function materializations({ world }: Project, known: readonly string[]): string[] {
  const names = [...world.macros.byId.values()].flatMap(({ definition, node }) =>
    definition.kind === 'materialization' &&
    node.package_name !== 'dbt' &&
    node.package_name !== 'dbt_postgres'
      ? [definition.name.text]
      : [],
  );
  return [...new Set(names)].filter((name) => !known.includes(name));
}
