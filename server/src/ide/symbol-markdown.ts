/** What there is to say of a symbol, as Markdown. */

import { questionsOf } from '../checks/renderings.ts';
import { statementsIn } from '../project/answers.ts';
import { asList, isConfig } from '../project/config.ts';
import { columnsOf } from '../project/catalog.ts';
import { variablesFor } from '../project/context/world.ts';
import { memberOf } from '../project/manifest.ts';
import { configString, type GraphNode, type ManifestNode, type SourceNode } from '../project/nodes.ts';
import type { Macro } from '../project/macros.ts';
import type { Project } from '../project/project.ts';
import { configKey } from '../checks/config-meanings.ts';
import { keptRenderings } from './columns/kept-renderings.ts';
import { declaredGrain, grainSentence } from './grain.ts';
import { resourceGrain } from './grain/grain-markdown.ts';
import type { Named } from './mentions.ts';
import type { Snapshot } from './snapshot.ts';
import { macroPath } from './source-files.ts';
import type { Symbol } from './symbol.ts';

/** Undefined where there is nothing to say. `named` is how it is asked for, `owner` the package that asks. */
export function symbolMarkdown(
  snapshot: Snapshot,
  symbol: Symbol,
  named: Named,
  owner: string,
): string | undefined {
  const { project } = snapshot;
  switch (symbol.kind) {
    case 'node':
      return nodeMarkdown(snapshot, symbol.uniqueId);
    case 'table': {
      const table = project.manifest.sources.get(symbol.uniqueId);
      return table && tableMarkdown(snapshot, table);
    }
    case 'source':
      return sourceMarkdown(project, symbol.package, symbol.name);
    case 'column':
      return columnMarkdown(snapshot, symbol.uniqueId, symbol.name);
    case 'macro': {
      const macro = project.world.macros.byId.get(symbol.uniqueId);
      return macro && macroMarkdown(project, macro);
    }
    case 'doc': {
      const doc = project.manifest.docs.get(symbol.uniqueId);
      return doc && paragraphs(doc.block_contents, `docs · ${code(doc.original_file_path)}`);
    }
    case 'var':
      return variableMarkdown(project, symbol.name, owner, named);
    case 'env-var':
      return environmentMarkdown(symbol.name, named);
    case 'package': {
      const found = project.world.packages.get(symbol.name);
      return (
        found && paragraphs(`**${symbol.name}** ${found.version}`, `package · ${code(found.folder || '.')}`)
      );
    }
    case 'config':
      return configMarkdown(symbol.name);
  }
}

/** What is empty is left out. */
function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** As code, whatever is in it. */
function code(text: string): string {
  const ticks = text.includes('`') ? '``' : '`';
  const space = ticks === '``' ? ' ' : '';
  return `${ticks}${space}${text}${space}${ticks}`;
}

function nodeMarkdown(snapshot: Snapshot, id: string): string | undefined {
  const { project } = snapshot;
  const { manifest } = project;
  const enabled = memberOf(manifest, id);
  const node = enabled ?? manifest.disabled.get(id)?.[0];
  if (!node) return undefined;
  const v = 'version' in node ? (node.version ?? null) : null;
  const version = v === null ? '' : ` v${String(v)}`;
  const what = [node.resource_type.replace('_', ' '), ...(enabled ? [] : ['disabled']), ...builtAs(node)];
  const grain = declaredGrain(node);
  return paragraphs(
    `**${node.name}**${version} · ${what.join(' · ')}`,
    'description' in node && typeof node.description === 'string' ? node.description : '',
    grain && declared(grain),
    enabled && resourceGrain(snapshot, id),
    isManifestNode(node) ? columnList(snapshot, node) : undefined,
    isManifestNode(node) ? askedSentence(snapshot, node) : undefined,
    `${placeOf(project, node)}${enabled ? `  \n${neighbours(project, id)}` : ''}`,
  );
}

function declared(grain: readonly string[]): string {
  return `${grainSentence(grain)}, as declared`;
}

/** Of a template that asks the warehouse, what its SQL is made with; undefined for any other. */
function askedSentence(snapshot: Snapshot, node: ManifestNode): string | undefined {
  const renderings = keptRenderings(snapshot, node);
  const questions = renderings.flatMap(questionsOf);
  if (questions.length === 0) return undefined;
  const unknown = renderings.find((rendering) => rendering.kind === 'unknown');
  if (unknown) return `Its SQL is not known now: ${plain(unknown.reason)}.`;
  const count = statementsIn(questions).length;
  return count === 0
    ? undefined
    : `Its template asks the warehouse: rendered with ${counted(count, 'answer', 'answers')}.`;
}

/** What a server or a template said, in a line, and not as Markdown. */
function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\\`*_{}[\]<>()#+!|~-]/gu, (mark) => `\\${mark}`);
}

function isManifestNode(node: GraphNode): node is ManifestNode {
  return 'alias' in node;
}

function builtAs(node: GraphNode): readonly string[] {
  if (!isManifestNode(node) || !['model', 'seed', 'snapshot'].includes(node.resource_type)) return [];
  const materialized = configString(node.config, 'materialized');
  const isOwnKind = materialized === undefined || materialized === node.resource_type;
  return [
    ...(isOwnKind ? [] : [materialized]),
    ...(node.relation_name === null ? [] : [code(node.relation_name)]),
  ];
}

function placeOf({ world }: Project, node: GraphNode): string {
  const folder = world.packages.get(node.package_name)?.folder ?? '';
  return code(`${folder ? `${folder}/` : ''}${node.original_file_path}`);
}

function neighbours({ graph, manifest }: Project, id: string): string {
  const children = (graph.children.get(id) ?? []).map((child) => memberOf(manifest, child)?.resource_type);
  const tests = children.filter((type) => type === 'test' || type === 'unit_test').length;
  return [
    counted((graph.parents.get(id) ?? []).length, 'parent', 'parents'),
    counted(children.length - tests, 'child', 'children'),
    counted(tests, 'test', 'tests'),
  ].join(' · ');
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

const SHOWN_COLUMNS = 12;

/** The columns that the warehouse knows; else those that are documented. */
function columnList({ project, catalog }: Snapshot, node: ManifestNode | SourceNode): string | undefined {
  const known = columnsOf(project, catalog, node.unique_id)?.columns.map(({ name, type }) => ({
    name,
    type,
  }));
  const columns = known ?? Object.values(node.columns).map(({ name, data_type: type }) => ({ name, type }));
  if (columns.length === 0) return undefined;
  const written = new Map(Object.values(node.columns).map((column) => [column.name.toLowerCase(), column]));
  const lines = columns.slice(0, SHOWN_COLUMNS).map(({ name, type }) => {
    const description = written.get(name.toLowerCase())?.description.split('\n')[0] ?? '';
    return `- ${code(name)}${type === null ? '' : ` ${type}`}${description === '' ? '' : ` – ${description}`}`;
  });
  const more = columns.length - SHOWN_COLUMNS;
  return [...lines, ...(more > 0 ? [`- … ${String(more)} more`] : [])].join('\n');
}

function tableMarkdown(snapshot: Snapshot, node: SourceNode): string {
  const { project } = snapshot;
  const grain = declaredGrain(node);
  return paragraphs(
    `**${node.source_name}.${node.name}** · source · ${code(node.relation_name)}`,
    node.description,
    grain && declared(grain),
    resourceGrain(snapshot, node.unique_id),
    freshnessText(node),
    columnList(snapshot, node),
    `${placeOf(project, node)}  \n${neighbours(project, node.unique_id)}`,
  );
}

function freshnessText({ freshness, loaded_at_field: field }: SourceNode): string {
  const limits = (['warn_after', 'error_after'] as const).flatMap((key) => {
    const limit = freshness?.[key];
    if (!isConfig(limit) || typeof limit.count !== 'number' || typeof limit.period !== 'string') return [];
    return [
      `${key === 'warn_after' ? 'warns' : 'fails'} after ${counted(limit.count, limit.period, `${limit.period}s`)}`,
    ];
  });
  if (limits.length === 0) return '';
  return `freshness ${limits.join(', ')}${field === null ? '' : `, by ${code(field)}`}`;
}

function sourceMarkdown({ manifest }: Project, owner: string, name: string): string | undefined {
  const tables = [...manifest.sources.values()].filter(
    (node) => node.source_name === name && node.package_name === owner,
  );
  const [first] = tables;
  if (!first) return undefined;
  const names = tables.slice(0, SHOWN_COLUMNS).map((table) => `- ${code(table.name)}`);
  const more = tables.length - SHOWN_COLUMNS;
  return paragraphs(
    `**${name}** · source · ${counted(tables.length, 'table', 'tables')} in ${code(first.schema)}`,
    first.source_description,
    [...names, ...(more > 0 ? [`- … ${String(more)} more`] : [])].join('\n'),
  );
}

function columnMarkdown({ project, catalog }: Snapshot, id: string, name: string): string | undefined {
  const node = project.manifest.nodes.get(id) ?? project.manifest.sources.get(id);
  if (!node) return undefined;
  const written = node.columns[name];
  const known = columnsOf(project, catalog, id)?.columns.find(
    (column) => column.name.toLowerCase() === name.toLowerCase(),
  );
  const type = known?.type ?? written?.data_type ?? null;
  return paragraphs(
    `**${name}** · column of ${node.name}${type === null ? '' : ` · ${type}`}`,
    written?.description,
  );
}

function macroMarkdown(project: Project, { node, definition, file }: Macro): string {
  const documented = project.manifest.macros.get(node.unique_id);
  const text = definition.template.text;
  const parameters = definition.parameters.map(({ name, default: value }) =>
    value ? `${name.text}=${text.slice(value.start, value.end)}` : name.text,
  );
  const signature = `${definition.kind} ${definition.name.text}(${parameters.join(', ')})`;
  const args = (documented?.arguments ?? []).map((argument) => {
    const { name, type, description } = argument;
    const kind = typeof type === 'string' ? ` ${type}` : '';
    return `- ${code(String(name))}${kind}${typeof description === 'string' && description !== '' ? ` – ${description}` : ''}`;
  });
  return paragraphs(
    `\`\`\`jinja\n${signature}\n\`\`\``,
    documented?.description,
    args.join('\n'),
    `${node.package_name} · ${code(macroPath(node.package_name, file))}`,
  );
}

function variableMarkdown(project: Project, name: string, owner: string, named: Named): string {
  const { settings, root, packages } = project.world;
  const values = variablesFor(project.world, owner);
  const title = `**${name}** · variable`;
  if (!Object.hasOwn(values, name)) {
    const hasDefault = named.kind === 'var' && named.hasDefault;
    return paragraphs(
      title,
      hasDefault ? 'Not set: the default of the call holds.' : 'Not set, and the call has no default.',
    );
  }
  const from = Object.hasOwn(settings.vars, name)
    ? '`--vars`'
    : setIn(root.vars, owner, name) || owner === root.name
      ? '`dbt_project.yml`'
      : code(`${packages.get(owner)?.folder ?? ''}/dbt_project.yml`);
  return paragraphs(title, `\`\`\`json\n${JSON.stringify(values[name], null, 2)}\n\`\`\``, `set in ${from}`);
}

function setIn(vars: Readonly<Record<string, unknown>>, owner: string, name: string): boolean {
  const scoped = vars[owner];
  return Object.hasOwn(vars, name) || (isConfig(scoped) && Object.hasOwn(scoped, name));
}

/** Never its value: it may be a secret. */
function environmentMarkdown(name: string, named: Named): string {
  const hasDefault = named.kind === 'env-var' && named.hasDefault;
  return paragraphs(
    `**${name}** · environment variable`,
    hasDefault ? 'The call has a default.' : 'The call has no default: without the variable it fails.',
  );
}

function configMarkdown(name: string): string | undefined {
  const known = configKey(name);
  if (!known) return undefined;
  const values = asList(known.values).map((value) => code(String(value)));
  return paragraphs(`**${name}** · configuration`, known.says, values.length > 0 ? values.join(' · ') : '');
}
