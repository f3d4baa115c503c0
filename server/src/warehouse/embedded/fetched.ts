/** Where a server that was fetched is kept for all of a user's projects. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import type { PublishedServer } from './published.ts';

/** `$XDG_DATA_HOME/grainline`, or the platform's own place for what a program keeps for a user. */
export function userDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // XDG: a path that is not absolute is to be ignored.
  const named = platform === 'win32' ? environment.LOCALAPPDATA : environment.XDG_DATA_HOME;
  if (named !== undefined && isAbsolute(named)) return join(named, 'grainline');
  if (platform === 'win32') return join(homedir(), 'AppData', 'Local', 'grainline');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'grainline');
  return join(homedir(), '.local', 'share', 'grainline');
}

/** The unpacked package of one version for one platform: there only when it is complete. */
export function fetchedFolder(
  platform: string,
  { version }: PublishedServer,
  environment: NodeJS.ProcessEnv,
): string {
  return join(userDataFolder(environment), 'postgres', `${version}-${platform}`);
}

/** False as well for a folder out of which somebody took the programs. */
export function isFetched(folder: string): boolean {
  return existsSync(join(folder, 'native', 'bin'));
}
