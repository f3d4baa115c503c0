/** `deps`: says what packages are there. Nothing is fetched: packages come from the package manager that the team uses. */

import { packageFolders, readProjectFile } from '../../project/project-file.ts';
import { projectFileContext } from '../../project/project.ts';
import { Problems } from '../../project/problems.ts';
import { asList, isConfig } from '../../project/config.ts';
import { parseYaml } from '../../project/yaml.ts';
import { readProjectFiles } from '../../workspace/disk.ts';
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { locate } from '../open-project.ts';
import type { Output } from '../output.ts';

export async function depsCommand(args: Arguments, output: Output): Promise<number> {
  const { folder, settings } = locate(args, 'no-target');
  const context = projectFileContext(settings);
  const files = readProjectFiles(folder, context);
  const root = readProjectFile(files, '', context, new Problems());
  const installPath = root?.packagesInstallPath ?? 'dbt_packages';
  const wanted = ['packages.yml', 'dependencies.yml'].flatMap((path) => {
    const file = files.get(path);
    const value = file ? parseYaml(file).value : null;
    return isConfig(value) ? asList(value.packages).filter(isConfig) : [];
  });
  const remote = wanted.filter((entry) => typeof entry.local !== 'string');
  for (const entry of wanted) {
    if (typeof entry.local !== 'string') continue;
    const source = resolve(folder, entry.local);
    const destination = join(folder, installPath, basename(source));
    await mkdir(join(folder, installPath), { recursive: true });
    await rm(destination, { recursive: true, force: true });
    await cp(source, destination, {
      recursive: true,
      filter: (path) => !/[\\/](?:dbt_packages|target|node_modules|\.git)$/.test(path),
    });
    output.log(`Installed from ${entry.local}`);
  }
  const installed = packageFolders(readProjectFiles(folder, context), installPath);
  if (remote.length === 0) {
    if (wanted.length === 0) output.log('No packages were found in packages.yml');
    return EXIT.done;
  }
  if (installed.length >= wanted.length) {
    output.log(`${String(installed.length)} package(s) are installed in ${installPath}.`);
    return EXIT.done;
  }
  output.error(
    `packages.yml asks for packages from a registry or git; Grainline installs local packages only. Put each package's folder into ${installPath}/, for example with 'dbt deps' or git clone.`,
  );
  return EXIT.unusable;
}
