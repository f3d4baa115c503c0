/** Names for `columns:` in property files: those that the relation has and the list lacks. */

import type { Range } from '../../base/text.ts';
import { asList, isConfig } from '../../project/config.ts';
import type { Config, ManifestNode } from '../../project/nodes.ts';
import type { Project } from '../../project/project.ts';
import { readFully, type YamlPath } from '../../project/yaml.ts';
import type { Completion } from '../answers.ts';
import type { Cursor, Snapshot } from '../snapshot.ts';
import { ownedFile } from '../source-files.ts';
import { parentColumns } from './parent-columns.ts';

const PLACEHOLDER = 'grainline_cursor';
const WORD = /[\p{L}\p{N}_$]/u;

export function completeYamlColumn(snapshot: Snapshot, { path, offset }: Cursor): readonly Completion[] {
  const owned = ownedFile(snapshot.project, path);
  if (owned?.role !== 'properties') return [];
  const { text } = owned.file;
  const replace = wordAt(text, offset);
  // A name is put where the cursor is, and found again in what the file then means.
  const marked = text.slice(0, replace.start) + PLACEHOLDER + text.slice(replace.end);
  const { value } = readFully({ path, text: marked });
  const place = columnPlace(value);
  if (!place) return [];
  const id = resourceId(snapshot.project, owned.owner, place);
  if (id === undefined) return [];
  return parentColumns(snapshot, id)
    .columns.filter(({ name }) => !place.listed.has(name))
    .map(({ name, type }, index): Completion => {
      const written = yamlText(name);
      return {
        label: name,
        kind: 'column',
        replace,
        insert: place.isItem ? `name: ${written}` : written,
        ...(type === undefined ? {} : { detail: type }),
        rank: index,
      };
    });
}

function wordAt(text: string, offset: number): Range {
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text.charAt(start - 1))) start--;
  while (end < text.length && WORD.test(text.charAt(end))) end++;
  return { start, end };
}

interface ColumnPlace {
  readonly section: string;
  readonly entry: Config;
  readonly table: Config | undefined;
  /** In lower case, as names that are not quoted are compared. */
  readonly listed: ReadonlySet<string>;
  /** Whether the cursor is where the item begins, before any `name:`. */
  readonly isItem: boolean;
}

function columnPlace(value: unknown): ColumnPlace | undefined {
  const path = pathOf(value, []);
  if (!path || !isConfig(value)) return undefined;
  const isItem = path.at(-2) === 'columns';
  const at = isItem ? path : path.slice(0, -1);
  if (!isItem && path.at(-1) !== 'name') return undefined;
  if (at.at(-2) !== 'columns') return undefined;
  const [section, index] = path;
  const entry = asList(value[String(section)])[Number(index)];
  if (!isConfig(entry)) return undefined;
  const isTable = section === 'sources' && path[2] === 'tables';
  const table = isTable ? asList(entry.tables)[Number(path[3])] : undefined;
  const holder = isConfig(table) ? table : entry;
  return {
    section: String(section),
    entry,
    table: isConfig(table) ? table : undefined,
    listed: new Set(
      asList(holder.columns).flatMap((column) =>
        isConfig(column) && typeof column.name === 'string' ? [column.name.toLowerCase()] : [],
      ),
    ),
    isItem,
  };
}

function pathOf(value: unknown, path: YamlPath): YamlPath | undefined {
  if (value === PLACEHOLDER) return path;
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : isConfig(value)
      ? Object.entries(value)
      : [];
  for (const [key, item] of entries) {
    const found = pathOf(item, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

const TYPES: Readonly<Record<string, ManifestNode['resource_type']>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
};

/** By name: while its file is being typed, the project may not know of the entry. */
function resourceId(
  { manifest }: Project,
  owner: string,
  { section, entry, table }: ColumnPlace,
): string | undefined {
  if (table) {
    return [...manifest.sources.values()].find(
      (source) =>
        source.package_name === owner && source.source_name === entry.name && source.name === table.name,
    )?.unique_id;
  }
  const found = [...manifest.nodes.values()].filter(
    (node) =>
      node.resource_type === TYPES[section] && node.package_name === owner && node.name === entry.name,
  );
  const latest = found.find(({ version, latest_version: last }) => version === last);
  return (latest ?? found[0])?.unique_id;
}

/** Plain, where YAML takes it for the name that it is. */
function yamlText(name: string): string {
  const { value } = readFully({ path: '', text: `- ${name}` });
  const [read]: readonly unknown[] = asList(value);
  return read === name ? name : `'${name.replaceAll("'", "''")}'`;
}
