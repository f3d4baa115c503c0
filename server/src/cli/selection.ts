/** What `--select` and its like mean for a command on a project. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readManifestState, readRunResults, readSources } from '../run/artifacts/read-state.ts';
import type { ResourceType } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { parseSelection } from '../project/select/parse.ts';
import { projectPaths } from '../project/select/paths.ts';
import { resourceTypesOf, type SelectingCommand } from '../project/select/resource-types.ts';
import { selectNodes } from '../project/select/select.ts';
import type { PreviousState } from '../project/state/previous-state.ts';
import { list, text, UsageError, type Arguments } from './arguments.ts';

export interface CommandSelection {
  readonly selected: ReadonlySet<string>;
  readonly warnings: readonly Diagnostic[];
  readonly previous: PreviousState | undefined;
}

/** Throws UsageError for a selection that cannot be read. */
export async function selectFor(
  args: Arguments,
  project: Project,
  command: SelectingCommand,
  folder: string,
): Promise<CommandSelection> {
  const previous = await previousState(args, project, folder);
  const parsed = parseSelection({
    select: list(args, 'select'),
    exclude: list(args, 'exclude'),
    selector: text(args, 'selector') ?? undefined,
    selectors: project.manifest.selectors,
    resourceTypes: resourceTypesOf(
      command,
      words(args, 'resource-type') as readonly (ResourceType | 'all' | 'default')[],
      words(args, 'exclude-resource-type') as readonly ResourceType[],
    ),
    indirectSelection: project.input.settings.flags.indirectSelection,
  });
  if (!parsed.selection) throw new UsageError(parsed.diagnostics[0].message);
  const { selected, diagnostics } = selectNodes(project.manifest, project.graph, parsed.selection, {
    previous,
    paths: projectPaths(project.input.files.keys()),
    now: Date.now(),
    includeEmpty: command === 'list',
    compareMoreUnrenderedValues:
      project.world.root.flags.state_modified_compare_more_unrendered_values === true,
  });
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (error) throw new UsageError(error.message);
  return { selected, warnings: diagnostics, previous };
}

export function stateFolderOption(args: Arguments): string | null {
  const written = text(args, 'state');
  return written === null ? null : resolve(written);
}

/** One word may hold several, as in `--resource-type 'model test'`. */
function words(args: Arguments, name: string): string[] {
  return list(args, name).flatMap((written) => written.split(/\s+/).filter(Boolean));
}

/** The artifacts of `--state`; undefined without the option. */
export async function previousState(
  args: Arguments,
  project: Project,
  folder: string,
): Promise<PreviousState | undefined> {
  const state = stateFolderOption(args);
  if (state === null) return undefined;
  const own = join(folder, project.world.root.targetPath, 'sources.json');
  const manifest = await artifact(join(state, 'manifest.json'), readManifestState);
  const results = await artifact(join(state, 'run_results.json'), readRunResults);
  const sources = await artifact(join(state, 'sources.json'), readSources);
  const currentSources = await artifact(own, readSources);
  return {
    ...(manifest ? { manifest } : {}),
    ...(results ? { results } : {}),
    ...(sources ? { sources } : {}),
    ...(currentSources ? { currentSources } : {}),
  };
}

export async function artifact<T>(
  path: string,
  read: (
    json: unknown,
    file: string,
  ) => { readonly value?: T | undefined; readonly diagnostic?: Diagnostic | undefined },
): Promise<T | undefined> {
  if (!existsSync(path)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw new UsageError(`${path} is not valid JSON. Remove it or run the command that writes it again.`);
  }
  const { value, diagnostic } = read(json, path);
  if (diagnostic) throw new UsageError(diagnostic.message);
  return value;
}
