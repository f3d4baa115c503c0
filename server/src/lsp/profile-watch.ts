/** The profiles.yml of a project that stands outside its folder, where no editor watches: looked at now and then. */

import { unwatchFile, watchFile } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ProjectHost } from './project-host.ts';

const INTERVAL_MS = 2000;

export class ProfileWatch {
  readonly #watched = new Map<ProjectHost, { readonly path: string; readonly look: () => void }>();
  readonly #changed: (host: ProjectHost) => void;

  constructor(changed: (host: ProjectHost) => void) {
    this.#changed = changed;
  }

  /** Follows the file that the project's target was read from, or would be. */
  follow(host: ProjectHost): void {
    const path = profilesOf(host);
    const before = this.#watched.get(host);
    if (before?.path === path) return;
    this.forget(host);
    if (path === undefined) return;
    const look = (): void => {
      this.#changed(host);
    };
    this.#watched.set(host, { path, look });
    watchFile(path, { interval: INTERVAL_MS, persistent: false }, look);
  }

  forget(host: ProjectHost): void {
    const watched = this.#watched.get(host);
    if (watched) unwatchFile(watched.path, watched.look);
    this.#watched.delete(host);
  }
}

/** Undefined where it is one of the project's own files. */
function profilesOf({ survey }: ProjectHost): string | undefined {
  if (!survey?.root) return undefined;
  const paths = [...survey.files.keys()].filter((path) => path.endsWith('profiles.yml'));
  const named = process.env.DBT_PROFILES_DIR;
  return paths.length > 0
    ? paths.find((path) => isAbsolute(path))
    : join(named === undefined || named === '' ? join(homedir(), '.dbt') : named, 'profiles.yml');
}
