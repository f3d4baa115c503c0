/** The tests that property files ask for: `unique`, `not_null`, and any test macro of the project or a package. */

import type { Range } from '../../base/text.ts';
import { isPromise } from '../../base/maybe-promise.ts';
import { closestName } from '../../base/closest-name.ts';
import {
  fromJs,
  parseTemplate,
  renderTemplate,
  str,
  TemplateError,
  type Context,
} from '../../jinja/index.ts';
import { memberLayer } from '../context/layers.ts';
import { layeredContext } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import { findMacro, findPackageMacro } from '../macros.ts';
import { fqnOf, genericTestHash, genericTestNames, uniqueId } from '../naming.ts';
import type { Config, ManifestNode, RefArgs } from '../nodes.ts';
import { placeIn } from '../problems.ts';
import { hasTemplate, renderYamlString } from '../render-yaml.ts';
import type { YamlPath } from '../yaml.ts';
import { capturedOf, parsingContext, testArguments, templateMessage } from './capture.ts';
import { applyConfig } from './configure.ts';
import { blankNode } from './read-nodes.ts';
import { nameRelation } from './relation-names.ts';
import { entryRange, plainSuggestion, testsOf, type SchemaEntry } from './schema-files.ts';
import type { ParseSession } from './session.ts';

const CONFIG_ARGUMENTS = [
  'severity', 'tags', 'enabled', 'where', 'limit', 'warn_if', 'error_if', 'fail_calc', 'store_failures', 'store_failures_as', 'meta',
  'database', 'schema', 'alias',
] as const; // prettier-ignore

/** What a test stands on. */
export interface TestTarget {
  readonly entry: SchemaEntry;
  /** The path below the entry at which the tests of the target begin. */
  readonly path: YamlPath;
  /** The model's name, or `source_table`. */
  readonly name: string;
  readonly isSource: boolean;
  /** `ref('x')` or `source('a', 'b')`, as the compiled test prints it. */
  readonly reference: string;
  readonly version: string | number | null;
  readonly refs: readonly RefArgs[];
  readonly sources: readonly string[][];
  readonly quoteColumns: boolean;
  readonly tags: readonly string[];
  readonly attachedNode: string | null;
  readonly group: string | null;
  readonly fileKeyName: string;
}

export interface TestItem {
  readonly node: ManifestNode;
  readonly entry: SchemaEntry;
  readonly path: YamlPath;
}

/** The tests of a target's columns, then those of the target itself. */
export function genericTests(
  session: ParseSession,
  target: TestTarget,
  value: Config,
  context: Context,
): TestItem[] {
  const items: TestItem[] = [];
  checkTestKeys(session, target, value, target.path);
  const build = (test: unknown, path: YamlPath, column: Config | null): void => {
    const node = buildTest(session, target, test, [...target.path, ...path], column, context);
    if (node) items.push({ node, entry: target.entry, path: [...target.path, ...path] });
  };
  asList(value.columns).forEach((column, index) => {
    if (!isConfig(column)) return;
    checkTestKeys(session, target, column, [...target.path, 'columns', index]);
    for (const { test, path } of testsOf(column)) build(test, ['columns', index, ...path], column);
  });
  for (const { test, path } of testsOf(value)) build(test, path, null);
  return items;
}

/** `tests` is the old name of `data_tests`: dbt takes one of them. */
function checkTestKeys(session: ParseSession, target: TestTarget, value: Config, path: YamlPath): void {
  if (value.tests === undefined || value.data_tests === undefined) return;
  const { entry } = target;
  session.problems.error(
    'property-twice',
    `Invalid test config: '${entry.name}' cannot have both 'tests' and 'data_tests' defined. Use 'data_tests'.`,
    placeIn(entry.yaml.file, entryRange(entry, ...path, 'tests')),
  );
}

interface WrittenTest {
  readonly name: string;
  readonly namespace: string | null;
  readonly args: Config;
}

function buildTest(
  session: ParseSession,
  target: TestTarget,
  written: unknown,
  path: YamlPath,
  column: Config | null,
  context: Context,
): ManifestNode | undefined {
  const { entry } = target;
  const report = (code: string, message: string): undefined => {
    session.problems.error(code, message, placeIn(entry.yaml.file, entryRange(entry, ...path)));
    return undefined;
  };
  const reportName = (message: string, meant: string | undefined): void => {
    const range = nameRange(entry, path, written);
    const suggestion = plainSuggestion(range, nameOf(written), meant);
    session.problems.error('unknown-test', message, placeIn(entry.yaml.file, range), undefined, suggestion);
  };
  const test = readTest(written);
  if (typeof test === 'string') {
    report('test-shape', test);
    return;
  }
  const args: Config = { ...test.args };
  if (column) args.column_name = columnName(column, target);
  if (isConfig(args.arguments)) {
    const { arguments: nested, ...others } = args;
    for (const key of Object.keys(args)) Reflect.deleteProperty(args, key);
    Object.assign(args, others, nested);
  }
  if ('model' in args) {
    report(
      'test-shape',
      `the test '${test.name}' must not have an argument 'model': it is given by where the test stands. Remove it.`,
    );
    return;
  }
  args.model = `{{ get_where_subquery(${target.reference}) }}`;
  const config = takeConfig(args, context);
  if (typeof config === 'string') {
    report('test-config', config);
    return;
  }
  const description = typeof args.description === 'string' ? args.description : '';
  Reflect.deleteProperty(args, 'description');
  const ownName = typeof args.name === 'string' ? args.name : null;
  Reflect.deleteProperty(args, 'name');
  const names = testNames(test, target, args, ownName);
  if (names.short !== names.full && config.alias === undefined) config.alias = names.short;
  const metadata = { namespace: test.namespace, name: test.name, kwargs: args };
  const node = testNode(session, target, test, names, metadata, config, description);
  const columnTags = column
    ? [...asList(column.tags), ...(isConfig(column.config) ? asList(column.config.tags) : [])].map(String)
    : [];
  node.tags = [...new Set([...target.tags, ...columnTags, ...asList(config.tags).map(String)])].sort();
  node.column_name = column ? String(args.column_name) : null;
  if (!captureTest(session, target, node, test, config, report, reportName)) return undefined;
  return node;
}

/** A test is a name, a mapping of one name to its arguments, or a mapping with `test_name`. */
function readTest(written: unknown): WrittenTest | string {
  if (typeof written === 'string') return named(written, {});
  if (!isConfig(written))
    return `a test must be a name or a mapping of a name to its arguments; this is ${JSON.stringify(written)}.`;
  if (typeof written.test_name === 'string') {
    const { test_name: _, ...args } = written;
    const name = written.test_name;
    return named(name, args);
  }
  const entries = Object.entries(written);
  const [first] = entries;
  if (!first || entries.length !== 1) {
    return `test definition dictionary must have exactly one key, got ${JSON.stringify(Object.keys(written))} instead (${String(entries.length)} keys). Indent the arguments below the test's name.`;
  }
  const [name, args] = first;
  if (args === null) return named(name, {});
  if (!isConfig(args)) return `test arguments must be a mapping, got ${JSON.stringify(args)}.`;
  return named(name, args);
}

/** The test's name as written, with its namespace. */
function nameOf(written: unknown): string {
  if (typeof written === 'string') return written;
  if (!isConfig(written)) return '';
  return typeof written.test_name === 'string' ? written.test_name : (Object.keys(written)[0] ?? '');
}

function nameRange(entry: SchemaEntry, path: YamlPath, written: unknown): Range {
  if (!isConfig(written)) return entryRange(entry, ...path);
  if (typeof written.test_name === 'string') return entryRange(entry, ...path, 'test_name');
  return entry.yaml.keyRangeOf([...entry.path, ...path, nameOf(written)]);
}

function named(written: string, args: Config): WrittenTest | string {
  const match = /^(?:([a-zA-Z_][0-9a-zA-Z_]*)\.)?([a-zA-Z_][0-9a-zA-Z_]*)/.exec(written);
  if (!match) return `Test name string did not match expected pattern: ${written}`;
  return { name: match[2] ?? written, namespace: match[1] ?? null, args };
}

function columnName(column: Config, target: TestTarget): string {
  const name = String(column.name);
  const isQuoted = column.quote === true || (column.quote === undefined && target.quoteColumns);
  return isQuoted ? `"${name}"` : name;
}

/** Takes the configuration out of the arguments; a text says what is wrong. */
function takeConfig(args: Config, context: Context): Config | string {
  const nested: Config = isConfig(args.config) ? { ...args.config } : {};
  const config: Config = {};
  for (const key of CONFIG_ARGUMENTS) {
    const own = args[key];
    if (own !== undefined && own !== null && own !== false && key in nested) {
      return `Test cannot have the same key at the top-level and in config: '${key}'. Keep the one in config.`;
    }
    const value = own ?? nested[key];
    Reflect.deleteProperty(args, key);
    Reflect.deleteProperty(nested, key);
    if (value !== undefined && value !== null) config[key] = value;
  }
  Object.assign(config, nested);
  Reflect.deleteProperty(args, 'config');
  try {
    for (const [key, value] of Object.entries(config)) {
      if (typeof value === 'string' && hasTemplate(value)) config[key] = renderYamlString(value, context);
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return `the test's configuration cannot be rendered: ${error.message}`;
  }
  return config;
}

function testNames(
  test: WrittenTest,
  target: TestTarget,
  args: Config,
  ownName: string | null,
): { short: string; full: string } {
  if (ownName !== null) return { short: ownName, full: ownName };
  const name = target.isSource ? `source_${test.name}` : test.name;
  const targetName = target.version === null ? target.name : `${target.name}_v${String(target.version)}`;
  return genericTestNames(test.namespace === null ? name : `${test.namespace}_${name}`, targetName, args);
}

function testNode(
  session: ParseSession,
  target: TestTarget,
  test: WrittenTest,
  names: { readonly short: string; readonly full: string },
  metadata: { readonly namespace: string | null; readonly name: string; readonly kwargs: Config },
  config: Config,
  description: string,
): ManifestNode {
  const { entry } = target;
  const node = blankNode(session, entry.owner, 'test', names.full, `${names.short}.sql`, entry.originalPath);
  node.unique_id = uniqueId('test', entry.owner.name, names.full, genericTestHash(names.full, metadata));
  node.fqn = fqnOf(entry.owner.name, entry.originalPath.split('/').slice(1).join('/'), names.full);
  node.alias = names.full;
  node.description = description;
  const macro = test.namespace === null ? `test_${test.name}` : `${test.namespace}.test_${test.name}`;
  node.raw_code = `{{ ${macro}(**_dbt_generic_test_kwargs) }}${configCall(config)}`;
  node.test_metadata = { name: test.name, kwargs: metadata.kwargs, namespace: test.namespace };
  node.attached_node = target.attachedNode;
  node.group = target.group;
  node.file_key_name = target.fileKeyName;
  applyConfig(session, node, entry.owner, config, undefined);
  return node;
}

/** The config of the test as a call at the end of its raw code, as Python prints the values. */
function configCall(config: Config): string {
  const entries = Object.entries(config).map(([key, value]) =>
    typeof value === 'string' ? `${key}="${value.replaceAll('"', '\\"')}"` : `${key}=${str(fromJs(value))}`,
  );
  return entries.length === 0 ? '' : `{{ config(${entries.join(',')}) }}`;
}

/** Renders the test as while parsing, for its refs. The two commonest need no rendering: their only parent is the target. */
function captureTest(
  session: ParseSession,
  target: TestTarget,
  node: ManifestNode,
  test: WrittenTest,
  config: Config,
  report: (code: string, message: string) => undefined,
  reportName: (message: string, meant: string | undefined) => void,
): boolean {
  const { macros } = session.world;
  const macroName = `test_${test.name}`;
  const macro =
    test.namespace === null
      ? findMacro(macros, node.package_name, macroName)
      : findPackageMacro(macros, test.namespace, macroName);
  if (!macro) {
    const names = [...macros.byId.values()]
      .filter((known) => known.definition.kind === 'test')
      .map((known) => known.definition.name.text);
    const close = closestName(test.name, names);
    // What is close may be another package's, and is not found under its bare name.
    const isFound =
      close !== undefined && findMacro(macros, node.package_name, `test_${close}`) !== undefined;
    reportName(
      `'${macroName}' is undefined: no package has a test named '${test.name}'.${close ? ` Did you mean '${close}'?` : ' Run `dbt deps` if it comes from a package.'}`,
      isFound && test.namespace === null ? close : undefined,
    );
    return false;
  }
  node.depends_on.macros.push(macro.node.unique_id);
  if (
    macro.node.unique_id === 'macro.dbt.test_not_null' ||
    macro.node.unique_id === 'macro.dbt.test_unique'
  ) {
    node.refs = [...target.refs];
    node.sources = target.sources.map((source) => [...source]);
  } else {
    const parsing = parsingContext(session, node);
    try {
      const kwargs = testArguments(node.test_metadata?.kwargs ?? {}, parsing.context.context, 'parse');
      const context = layeredContext(
        memberLayer({ _dbt_generic_test_kwargs: () => kwargs }),
        parsing.context.context,
      );
      const rendered = renderTemplate(parseTemplate(node.raw_code, node.path), {
        context,
        undefined: 'parse',
      });
      if (isPromise(rendered)) throw new Error('parsing must not wait for the warehouse');
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      report('template', templateMessage(error, node));
      return false;
    }
    const captured = capturedOf(parsing);
    node.refs = captured.refs;
    node.sources = captured.sources;
    for (const id of captured.macros)
      if (!node.depends_on.macros.includes(id)) node.depends_on.macros.push(id);
    // What the test's macro configures, such as fail_calc; the raw code ends with the written configuration, so it is in the calls, too.
    if (Object.keys(captured.calls).some((key) => !(key in config)))
      applyConfig(session, node, target.entry.owner, captured.calls, undefined);
  }
  nameRelation(session, node, target.entry.yaml.file.path);
  return true;
}
