/** `unit_tests:` entries: a model, the rows it is given, the rows it must give. */

import { md5Hex } from '../../base/hash.ts';
import { closestName } from '../../base/closest-name.ts';
import { asList, isConfig, resolveConfig } from '../config.ts';
import { stem, type FileSet } from '../files.ts';
import { fqnOf, uniqueId } from '../naming.ts';
import type { Config, ManifestNode, UnitTestInput, UnitTestNode } from '../nodes.ts';
import { placeIn } from '../problems.ts';
import { parseCsv } from '../../base/csv.ts';
import { entryRange, plainSuggestion, resourceFiles, type SchemaEntry } from './schema-files.ts';
import { sectionsFor, type ParseSession } from './session.ts';
import type { NodeLookup } from './lookup.ts';

export function readUnitTest(session: ParseSession, entry: SchemaEntry, lookup: NodeLookup): UnitTestNode[] {
  const { value, owner, name } = entry;
  const model = typeof value.model === 'string' ? value.model : '';
  const all = lookup.versionsOf(model, owner.name).filter((node) => node.resource_type === 'model');
  const complain = (message: string, key: string): UnitTestNode[] => {
    session.problems.error('unit-test', message, placeIn(entry.yaml.file, entryRange(entry, key)));
    return [];
  };
  const asked = versionsOf(value.versions);
  if (asked === 'both')
    return complain(
      `Unit test '${name}' has both include and exclude under versions. Give one of them.`,
      'versions',
    );
  if (all.length > 0 && asked.names.length > 0 && !all.some(isOfVersion))
    return complain(
      `Unit test '${name}' should not have a versions include or exclude when referencing non-versioned model '${model}'`,
      'versions',
    );
  const tested = all.filter((node) => isAsked(node, asked));
  if (all.length > 0 && tested.length === 0)
    return complain(
      `Unit test '${name}' referenced a version of '${model}' which was not found.`,
      'versions',
    );
  if (tested.length === 0) {
    const disabled = lookup.disabledModel(model, owner.name);
    if (disabled) return [disable(unitTestNode(session, entry, disabled, isOfVersion(disabled)))];
    const close = closestName(model, lookup.names());
    session.problems.error(
      'unit-test',
      `Unable to find model '${owner.name}.${model}' for unit test '${name}' in ${entry.originalPath}.${close ? ` Did you mean '${close}'?` : ''}`,
      placeIn(entry.yaml.file, entryRange(entry, 'model')),
      undefined,
      plainSuggestion(entryRange(entry, 'model'), model, close),
    );
    return [];
  }
  const isVersioned = tested.some((node) => isOfVersion(node));
  return tested.map((node) => unitTestNode(session, entry, node, isVersioned));
}

interface AskedVersions {
  readonly kind: 'include' | 'exclude';
  readonly names: readonly string[];
}

function versionsOf(written: unknown): AskedVersions | 'both' {
  if (!isConfig(written)) return { kind: 'exclude', names: [] };
  const include = asList(written.include).map(String);
  const exclude = asList(written.exclude).map(String);
  if (include.length > 0 && exclude.length > 0) return 'both';
  return include.length > 0 ? { kind: 'include', names: include } : { kind: 'exclude', names: exclude };
}

function isAsked(node: ManifestNode, { kind, names }: AskedVersions): boolean {
  return names.includes(String(node.version ?? '')) === (kind === 'include');
}

function isOfVersion(node: ManifestNode): boolean {
  return node.version !== null && node.version !== undefined;
}

/** The test of a disabled model is disabled with it. */
function disable(test: UnitTestNode): UnitTestNode {
  return {
    ...test,
    config: { ...test.config, enabled: false },
    depends_on: { macros: [], nodes: [] },
    schema: null,
  };
}

function unitTestNode(
  session: ParseSession,
  entry: SchemaEntry,
  tested: ManifestNode,
  isVersioned: boolean,
): UnitTestNode {
  const { value, owner, name } = entry;
  const fqn = fqnOf(owner.name, entry.originalPath.split('/').slice(1).join('/'), tested.name);
  fqn.push(name);
  const config = resolveConfig({
    type: 'unit_test',
    fqn,
    ...sectionsFor(session, owner, 'unit_tests'),
    patch: {
      ...(isConfig(value.config) ? value.config : {}),
      ...(value.enabled === undefined ? {} : { enabled: value.enabled }),
    },
  });
  config.tags = [...asList(config.tags), ...asList(value.tags)].map(String);
  const given = asList(value.given)
    .filter(isConfig)
    .map((input, index) => unitTestInput(session, entry, input, index));
  const expect = isConfig(value.expect) ? value.expect : {};
  const expected = fixture(session, entry, expect, ['expect'], null);
  const overrides = isConfig(value.overrides) ? value.overrides : null;
  const section = (key: string): Config => {
    const written = overrides?.[key];
    return isConfig(written) ? written : {};
  };
  const version = isVersioned ? `v${String(tested.version)}` : null;
  if (config.enabled !== false) checkIncremental(session, entry, tested, section('macros'), given);
  return {
    name,
    model: tested.name,
    resource_type: 'unit_test',
    package_name: owner.name,
    path: entry.relativePath,
    original_file_path: entry.originalPath,
    unique_id: uniqueId('unit_test', owner.name, tested.name, version === null ? name : `${name}_${version}`),
    fqn,
    given,
    expect: expected,
    overrides: overrides
      ? { macros: section('macros'), vars: section('vars'), env_vars: section('env_vars') }
      : null,
    description: typeof value.description === 'string' ? value.description : '',
    config,
    depends_on: { macros: [], nodes: [tested.unique_id] },
    schema: tested.schema,
    checksum: md5Hex(JSON.stringify([tested.name, given, expected, overrides])),
    versions: isConfig(value.versions) ? value.versions : null,
    version: isVersioned ? (tested.version ?? null) : null,
    tested_node_unique_id: null,
    this_input_node_unique_id: null,
    created_at: session.createdAt,
  };
}

/** Whether the model finds rows of its own is for the test to say, and then to give. */
function checkIncremental(
  session: ParseSession,
  entry: SchemaEntry,
  tested: ManifestNode,
  overrides: Config,
  given: readonly UnitTestInput[],
): void {
  if (tested.config.enabled === false || !tested.depends_on.macros.includes('macro.dbt.is_incremental'))
    return;
  const complain = (message: string): void => {
    session.problems.error('unit-test', message, placeIn(entry.yaml.file, entryRange(entry, 'name')));
  };
  if (typeof overrides.is_incremental !== 'boolean')
    complain(
      `Boolean override for 'is_incremental' must be provided for unit test '${entry.name}' in model '${tested.name}'`,
    );
  else if (overrides.is_incremental && !given.some(({ input }) => input === 'this'))
    complain(`Unit test '${entry.name}' for incremental model '${tested.name}' must have a 'this' input`);
}

function unitTestInput(
  session: ParseSession,
  entry: SchemaEntry,
  input: Config,
  index: number,
): UnitTestInput {
  const reference = typeof input.input === 'string' ? input.input : '';
  return { input: reference, ...fixture(session, entry, input, ['given', index], reference) };
}

interface Fixture {
  rows: unknown;
  format: string;
  fixture: string | null;
}

/** Rows are written as dicts, as CSV, as SQL, or stand in a fixture file; without any they are the seed's. */
function fixture(
  session: ParseSession,
  entry: SchemaEntry,
  written: Config,
  path: readonly (string | number)[],
  input: string | null,
): Fixture {
  const format = typeof written.format === 'string' ? written.format : 'dict';
  const file = typeof written.fixture === 'string' ? written.fixture : null;
  const complain = (message: string): Fixture => {
    session.problems.error('unit-test', message, placeIn(entry.yaml.file, entryRange(entry, ...path)));
    return { rows: [], format, fixture: file };
  };
  if (format === 'dict') {
    if (Array.isArray(written.rows)) return { rows: promoted(written.rows), format, fixture: null };
    if (written.rows === undefined && input !== null) {
      const rows = seedRows(session, entry, input);
      return rows
        ? { rows: promoted(rows), format, fixture: null }
        : complain(
            `Unable to find a seed for the input ${input} of the unit test '${entry.name}'. Give it rows.`,
          );
    }
    return complain(
      `Unit test ${entry.name} has ${input === null ? 'expected' : 'input'} rows which do not match format dict. Write a list of mappings.`,
    );
  }
  const text = file === null ? written.rows : fixtureText(session.files, entry, file, format);
  if (typeof text !== 'string') {
    return complain(
      file === null
        ? `Unit test ${entry.name} has ${input === null ? 'expected' : 'input'} rows which do not match format ${format}.  Expected string.`
        : `File not found for fixture '${file}' in unit tests in ${entry.originalPath}`,
    );
  }
  if (format === 'sql') return { rows: text, format, fixture: file };
  return { rows: promoted(csvRows(text)), format, fixture: file };
}

/** The first row without nulls comes first: types are taken from it. */
function promoted(rows: readonly unknown[]): unknown[] {
  const list = [...rows];
  const index = list.findIndex((row) => isConfig(row) && Object.values(row).every((cell) => cell !== null));
  if (index > 0) [list[0], list[index]] = [list[index], list[0]];
  return list;
}

function csvRows(text: string): Config[] {
  const { header, rows } = parseCsv(text.trim());
  return rows.map((row) =>
    Object.fromEntries(header.map((name, index) => [name, row[index] === '' ? null : (row[index] ?? null)])),
  );
}

function fixtureText(files: FileSet, entry: SchemaEntry, name: string, format: string): string | undefined {
  const { owner } = entry;
  const found = resourceFiles(
    files,
    owner,
    owner.testPaths.map((path) => `${path}/fixtures`),
    [format === 'csv' ? '.csv' : '.sql'],
  );
  return found.find(({ file }) => stem(file.path) === name)?.file.text.trim();
}

function seedRows(session: ParseSession, entry: SchemaEntry, input: string): Config[] | undefined {
  const name = /ref\(\s*['"]([^'"]+)['"]\s*\)/.exec(input)?.[1];
  if (name === undefined) return undefined;
  const { owner } = entry;
  const found = resourceFiles(session.files, owner, owner.seedPaths, ['.csv']).find(
    ({ file }) => stem(file.path) === name,
  );
  if (!found) return undefined;
  const { header, rows } = parseCsv(found.file.text);
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? null])));
}
