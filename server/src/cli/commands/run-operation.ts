/** `run-operation`: calls a macro with arguments, inside dbt's rules for transactions. */

import { callValue, fromJs, TemplateError } from '../../jinja/index.ts';
import { isConfig } from '../../project/config.ts';
import { findMacro, findPackageMacro } from '../../project/macros.ts';
import { parseYaml } from '../../project/yaml.ts';
import { operationContext } from '../../run/system-node.ts';
import { openAccess } from '../../run/single-session.ts';
import type { NodeResult } from '../../run/results.ts';
import { text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject, openWarehouse } from '../open-project.ts';
import type { Output } from '../output.ts';
import { targetFolder } from '../target-folder.ts';

export async function runOperationCommand(args: Arguments, output: Output): Promise<number> {
  const [written] = args.positional;
  if (written === undefined)
    throw new UsageError(
      'run-operation needs the name of a macro, such as `grainline run-operation grant_select`.',
    );
  const { project, folder } = await openProject(args);
  const target = targetFolder(args, project, folder);
  target.writeManifest();
  const keywords = operationArguments(args);
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const { access, close } = await openAccess(warehouse);
  const startedAt = Date.now();
  let message: string | null = null;
  const dot = written.indexOf('.');
  const packageName = dot < 0 ? project.world.root.name : written.slice(0, dot);
  const name = dot < 0 ? written : written.slice(dot + 1);
  try {
    const { macros } = project.world;
    const found =
      dot < 0 ? findMacro(macros, packageName, name) : findPackageMacro(macros, packageName, name);
    if (found === undefined) {
      throw new TemplateError(
        'compilation',
        'DbtRuntimeError',
        `dbt could not find a macro with the name '${name}' in ${dot < 0 ? 'any package' : `the '${packageName}' package`}`,
      );
    }
    const running = operationContext(
      {
        project,
        access,
        selected: [],
        ephemeral: new Map(),
        onMessage: (line) => {
          if (line.level === 'print') output.print(line.text);
          else if (line.level !== 'debug') output.log(line.text);
        },
      },
      found.node,
    );
    const macro = running.scope.bind(found);
    // What the macro runs without a transaction of its own, such as VACUUM, must find none open.
    await access.clearTransaction();
    await callValue(macro, {
      positional: [],
      keyword: new Map(Object.entries(keywords).map(([key, value]) => [key, fromJs(value)])),
    });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    message = error.message;
    output.error(
      `Encountered an error while running operation: ${error.kind === 'database' ? 'Database' : 'Compilation'} Error\n  ${message.replaceAll('\n', '\n  ')}`,
    );
  } finally {
    await close();
  }
  const elapsed = (Date.now() - startedAt) / 1000;
  target.writeRunResults(
    [operationResult(`macro.${packageName}.${name}`, message, startedAt, elapsed)],
    elapsed,
  );
  return message === null ? EXIT.done : EXIT.failed;
}

function operationArguments(args: Arguments): Record<string, unknown> {
  const written = text(args, 'args');
  if (written === null) return {};
  const { value, diagnostics } = parseYaml({ path: '--args', text: written });
  if (diagnostics.length > 0 || !isConfig(value))
    throw new UsageError(
      `Invalid value for '--args': it must be a YAML mapping such as '{name: value}'; this is '${written}'.`,
    );
  return value;
}

function operationResult(
  uniqueId: string,
  message: string | null,
  startedAt: number,
  elapsed: number,
): NodeResult {
  return {
    uniqueId,
    status: message === null ? 'success' : 'error',
    timing: [{ name: 'execute', startedAt, completedAt: startedAt + elapsed * 1000 }],
    threadId: 'MainThread',
    executionTime: elapsed,
    adapterResponse: {},
    message,
    failures: message === null ? 0 : 1,
    compiled: null,
    compiledCode: null,
    relationName: null,
  };
}
