/** The target folder: compiled and run SQL, and the artifacts; each file whole or not at all. */

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Project } from '../project/project.ts';
import { projectQuoting } from '../project/context/world.ts';
import { manifestJson } from '../run/artifacts/manifest-json.ts';
import { metadataOf } from '../run/artifacts/metadata.ts';
import { runResultsJson } from '../run/artifacts/run-results-json.ts';
import type { NodeResult } from '../run/results.ts';
import type { CompiledNode } from '../project/state/entry.ts';
import { text, toggle, type Arguments } from './arguments.ts';

export interface TargetFolder {
  readonly path: string;
  write(relativePath: string, content: string): void;
  writeManifest(compiled?: ReadonlyMap<string, CompiledNode>): void;
  writeRunResults(results: readonly NodeResult[], elapsed: number): void;
  writeJson(name: string, value: unknown): void;
}

export function targetFolder(args: Arguments, project: Project, folder: string): TargetFolder {
  const path = resolve(folder, text(args, 'target-path') ?? project.world.root.targetPath);
  const isWriting = toggle(args, 'write-json') !== false;
  const { settings } = project.input;
  const folders = new Set<string>();
  const makeParent = (file: string): void => {
    const parent = dirname(file);
    if (folders.has(parent)) return;
    mkdirSync(parent, { recursive: true });
    folders.add(parent);
  };
  const write = (relativePath: string, content: string): void => {
    const file = join(path, relativePath);
    makeParent(file);
    writeFileSync(file, content);
  };
  const writeWhole = (name: string, value: unknown): void => {
    if (!isWriting) return;
    const scratch = `.${name}.${String(process.pid)}`;
    try {
      makeParent(join(path, scratch));
      writeFileSync(join(path, scratch), JSON.stringify(value));
      renameSync(join(path, scratch), join(path, name));
    } catch (error) {
      rmSync(join(path, scratch), { force: true });
      throw error;
    }
  };
  return {
    path,
    write,
    writeJson: writeWhole,
    writeManifest(compiled) {
      const metadata = { ...metadataOf(settings, Date.now()), quoting: { ...projectQuoting(project.world) } };
      writeWhole('manifest.json', manifestJson(project.manifest, metadata, compiled));
    },
    writeRunResults(results, elapsed) {
      const metadata = {
        ...metadataOf(settings, Date.now()),
        elapsedTime: elapsed,
        args: runArguments(args),
      };
      writeWhole('run_results.json', runResultsJson(results, metadata));
    },
  };
}

/** The options as dbt records them: what `retry` starts from. */
export function runArguments(args: Arguments): Record<string, unknown> {
  const recorded: Record<string, unknown> = { which: args.command, select: [], exclude: [] };
  for (const [name, value] of args.values) recorded[name.replaceAll('-', '_')] = value;
  recorded.vars = typeof recorded.vars === 'string' ? recorded.vars : {};
  return recorded;
}
