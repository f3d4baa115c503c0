/** `clean`: removes the folders that dbt_project.yml lists, inside the project only. */

import { rm } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { readProjectFile } from '../../project/project-file.ts';
import { projectFileContext } from '../../project/project.ts';
import { Problems } from '../../project/problems.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { locate } from '../open-project.ts';
import type { Output } from '../output.ts';

export async function cleanCommand(args: Arguments, output: Output): Promise<number> {
  const { folder, files, settings } = locate(args, 'no-target');
  const root = readProjectFile(files, '', projectFileContext(settings), new Problems());
  const targets = root && root.cleanTargets.length > 0 ? root.cleanTargets : [root?.targetPath ?? 'target'];
  const sources = new Set(
    [...(root?.modelPaths ?? []), ...(root?.testPaths ?? [])].map((path) => resolve(folder, path)),
  );
  for (const target of targets) {
    const path = resolve(folder, target);
    const inside = relative(folder, path);
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
      throw new UsageError(
        `dbt will not clean the following directories outside the project: ['${target}']. Remove it from clean-targets in dbt_project.yml.`,
      );
    }
    if (sources.has(path))
      throw new UsageError(
        `dbt will not clean the source path '${target}'. Remove it from clean-targets in dbt_project.yml.`,
      );
  }
  for (const target of targets) {
    await rm(resolve(folder, target), { recursive: true, force: true });
    output.log(`Cleaned ${target}`);
  }
  output.log('Finished cleaning all paths.');
  return EXIT.done;
}
