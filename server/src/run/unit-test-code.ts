/** A unit test as SQL: the model's code over CTEs of given rows, and the rows it must give. */

import { then, foldMaybe, type MaybePromise } from '../base/maybe-promise.ts';
import {
  compilationError,
  concatTexts,
  fromJs,
  parseTemplate,
  renderTemplate,
  toCapturedText,
  type CapturedText,
  type Value,
} from '../jinja/index.ts';
import {
  lookupsOf,
  runningContext,
  templateOf,
  withCtes,
  type Compiled,
  type Compiler,
  type InjectedCte,
} from '../project/compile.ts';
import { define } from '../project/context/host.ts';
import { manifestDict, nodeContext } from '../project/context/node-context.ts';
import { ephemeralRelation, nodeRelation } from '../project/context/node-relation.ts';
import { RunningConfig } from '../project/context/config-value.ts';
import { StatementResults } from '../project/context/results.ts';
import { defaultConfig } from '../project/config.ts';
import type { World } from '../project/context/world.ts';
import { findMacro, findPackageMacro } from '../project/macros.ts';
import type { ManifestNode, SourceNode, UnitTestInput, UnitTestNode } from '../project/nodes.ts';
import { readReference } from '../project/parse/exposures.ts';

/** An input under the name of the CTE that stands for it. */
interface Input {
  readonly cteName: string;
  readonly node: ManifestNode;
  readonly given: UnitTestInput;
}

interface Fixture {
  readonly input: Input;
  readonly sql: CapturedText;
}

export interface UnitTestCode {
  /** The node that the `unit` materialization runs. */
  readonly node: ManifestNode;
  readonly compiled: Compiled;
  /** The rows given in place of what the model reads, by the names of what they stand for. */
  readonly fixtures: readonly { readonly name: string; readonly sql: CapturedText }[];
}

export function unitTestCode(compiler: Compiler, test: UnitTestNode): MaybePromise<UnitTestCode> {
  const { project } = compiler;
  const [testedId = ''] = test.depends_on.nodes;
  const tested = project.manifest.nodes.get(testedId);
  if (!tested) throw compilationError(`Unable to find model '${test.model}' for unit test '${test.name}'`);
  const inputs = new Map(test.given.map((given) => resolveInput(compiler, test, tested, given)));
  const node = unitTestNode(test, tested);
  // dbt makes `this` with the context, before the code is rendered: it comes first, read or not.
  const used = new Set<string>(inputs.has('this') ? ['this'] : []);
  const use = (key: string, what: string): Value => {
    const input = inputs.get(key);
    if (!input)
      throw compilationError(
        `Unit test '${test.name}' reads ${what}, which it is not given. Add '- input: ${what}' with rows under 'given:'.`,
      );
    used.add(key);
    return ephemeralRelation(input.cteName);
  };
  const { context } = nodeContext({
    world: project.world,
    resource: node,
    model: () => manifestDict(node),
    graph: () => fromJs({}),
    onMessage: compiler.onMessage,
    phase: {
      execute: true,
      access: compiler.access,
      missingVariables: 'error',
      ref(packageName, name, version) {
        const found = lookupsOf(project).nodes.find(
          name,
          packageName,
          version,
          project.world.root.name,
          tested.package_name,
        );
        if (found.kind !== 'found')
          throw compilationError(
            `Unit test '${test.name}' depends on a node named '${name}' which was not found`,
          );
        return use(found.node.unique_id, `ref('${name}')`);
      },
      source: (sourceName, tableName) => {
        const found = lookupsOf(project).sources.find(
          sourceName,
          tableName,
          project.world.root.name,
          tested.package_name,
        );
        if (found.kind !== 'found')
          throw compilationError(
            `Unit test '${test.name}' depends on a source named '${sourceName}.${tableName}' which was not found`,
          );
        return use(found.node.unique_id, `source('${sourceName}', '${tableName}')`);
      },
      config: () => new RunningConfig(tested.config, tested.unique_id),
      thisRelation: () => (inputs.has('this') ? use('this', 'this') : null),
      results: new StatementResults(),
      variableOverrides: test.overrides?.vars ?? {},
      environmentOverrides: test.overrides?.env_vars ?? {},
      macroOverrides: macroOverrides(project.world, test, tested.package_name),
    },
  });
  return then(renderTemplate(templateOf(project, tested), { context }), (rendered) => {
    const own = toCapturedText(rendered);
    const fixtures = foldMaybe([...used], [] as Fixture[], (known, key) => {
      const input = inputs.get(key);
      if (!input) return known;
      return then(fixtureSql(compiler, input), (sql) => [...known, { input, sql }]);
    });
    return then(fixtures, (given) => {
      const ctes = given.map(({ input, sql }): InjectedCte => ({
        id: input.node.unique_id,
        sql: concatTexts([` __dbt__cte__${input.cteName} as (\n`, sql, '\n)']),
      }));
      return {
        node,
        compiled: { node, own, code: ctes.length === 0 ? own : withCtes(own, ctes), ctes },
        fixtures: given.map(({ input, sql }) => ({ name: input.node.name, sql })),
      };
    });
  });
}

/** `is_incremental: true` and the like: a macro answers the value; any other name of the context is the value. */
function macroOverrides(
  { macros }: World,
  test: UnitTestNode,
  packageName: string,
): ReadonlyMap<string, Value> {
  return new Map(
    Object.entries(test.overrides?.macros ?? {}).flatMap(([written, given]): [string, Value][] => {
      const [name = '', owner] = written.split('.').reverse();
      const macro =
        owner === undefined ? findMacro(macros, packageName, name) : findPackageMacro(macros, owner, name);
      const value = macro ? define(name, '*args,**kwargs', () => fromJs(given)) : fromJs(given);
      // What overrides the library's macro does so under its bare name too.
      return owner === 'dbt'
        ? [
            [written, value],
            [name, value],
          ]
        : [[written, value]];
    }),
  );
}

function unitTestNode(test: UnitTestNode, tested: ManifestNode): ManifestNode {
  const isSql = test.expect.format === 'sql';
  const name = test.version === null ? test.name : `${test.name}_v${String(test.version)}`;
  return {
    ...tested,
    // The materialization compares by these; the rest is the model's.
    resource_type: 'test',
    unique_id: test.unique_id,
    name,
    alias: name,
    original_file_path: test.original_file_path,
    package_name: test.package_name,
    // As dbt has it: by the folder of its property file, below that file.
    path: `${test.original_file_path.replace(/[^/]*$/, '')}${name}.sql`,
    config: {
      ...defaultConfig('test'),
      materialized: 'unit',
      expected_rows: isSql ? [] : test.expect.rows,
      expected_sql: isSql ? test.expect.rows : null,
    },
  };
}

function resolveInput(
  compiler: Compiler,
  test: UnitTestNode,
  tested: ManifestNode,
  given: UnitTestInput,
): [string, Input] {
  const { project } = compiler;
  const root = project.world.root.name;
  if (given.input.trim() === 'this')
    return ['this', { cteName: tested.alias, node: fixtureNode(tested, tested.alias), given }];
  const { refs, sources } = readReference(given.input);
  const [ref] = refs;
  if (ref) {
    const found = lookupsOf(project).nodes.find(ref.name, ref.package, ref.version, root, test.package_name);
    if (found.kind === 'found')
      return [
        found.node.unique_id,
        { cteName: found.node.alias, node: fixtureNode(found.node, found.node.alias), given },
      ];
  }
  const [source] = sources;
  if (source) {
    const [sourceName = '', tableName = ''] = source;
    const found = lookupsOf(project).sources.find(sourceName, tableName, root, test.package_name);
    if (found.kind === 'found') {
      return [
        found.node.unique_id,
        { cteName: `${sourceName}__${tableName}`, node: sourceFixtureNode(found.node, tested), given },
      ];
    }
  }
  throw compilationError(
    `Unit test '${test.name}' had an input (${given.input}) which was not found in the manifest.`,
  );
}

function fixtureNode(original: ManifestNode, alias: string): ManifestNode {
  return {
    ...original,
    resource_type: 'model',
    alias,
    config: { ...defaultConfig('model'), materialized: 'ephemeral' },
  };
}

function sourceFixtureNode(source: SourceNode, like: ManifestNode): ManifestNode {
  return {
    ...like,
    resource_type: 'model',
    unique_id: source.unique_id,
    name: source.name,
    database: source.database,
    schema: source.schema,
    alias: source.identifier,
    config: { ...defaultConfig('model'), materialized: 'ephemeral', quoting: source.quoting },
    columns: source.columns,
    test_metadata: undefined as never,
  };
}

/** The given rows as a select, typed by the columns of the relation they stand for. */
function fixtureSql(compiler: Compiler, input: Input): MaybePromise<CapturedText> {
  const { given, node } = input;
  if (given.format === 'sql') {
    const running = runningContext(compiler, node);
    return then(
      // Jinja drops the last newline of a template; YAML's block text ends with one.
      renderTemplate(parseTemplate(String(given.rows).replace(/\n$/, ''), node.original_file_path), {
        context: running.context,
      }),
      toCapturedText,
    );
  }
  const running = runningContext(compiler, node, {
    _given_rows: () => fromJs(given.rows),
    defer_relation: () => compiler.deferred?.get(node.unique_id) ?? null,
  });
  const template = parseTemplate('{{ get_fixture_sql(_given_rows, none) }}', node.original_file_path);
  return then(renderTemplate(template, { context: running.context }), toCapturedText);
}

export { nodeRelation };
