/** Lays a public package's integration tests into the cache, with what they depend on in dbt_packages. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

interface Release {
  /** Owner and name on GitHub. */
  readonly repository: string;
  readonly tag: string;
}

export interface PackageProject extends Release {
  /** Where in the repository the project is that is built. */
  readonly project: string;
  /** The target's schema, which some projects name. */
  readonly schema: string;
  /** By the package's name: the folders of dbt_packages. */
  readonly dependencies: Readonly<Record<string, Release>>;
  /** Models whose rows come from random() or tell the time of the run. */
  readonly random?: readonly string[];
}

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'packages');

const DBT_UTILS: Release = { repository: 'dbt-labs/dbt-utils', tag: '1.4.1' };
const DBT_DATE: Release = { repository: 'godatadriven/dbt-date', tag: '0.17.2' };
const DBT_EXPECTATIONS: Release = { repository: 'metaplane/dbt-expectations', tag: '0.10.9' };
const CODEGEN: Release = { repository: 'dbt-labs/dbt-codegen', tag: '0.14.1' };
const GITHUB: Release = { repository: 'fivetran/dbt_github', tag: 'v1.1.0' };
const FIVETRAN_UTILS: Release = { repository: 'fivetran/dbt_fivetran_utils', tag: 'v0.4.10' };
const SPARK_UTILS: Release = { repository: 'dbt-labs/spark-utils', tag: '0.3.3' };

export const PACKAGES: Readonly<Record<string, PackageProject>> = {
  dbt_utils: integrationTests(DBT_UTILS, { dbt_utils: DBT_UTILS }),
  dbt_date: integrationTests(DBT_DATE, { dbt_date: DBT_DATE }),
  dbt_expectations: {
    ...integrationTests(DBT_EXPECTATIONS, { dbt_expectations: DBT_EXPECTATIONS, dbt_date: DBT_DATE }),
    random: [
      'timeseries_data',
      'timeseries_data_extended',
      'timeseries_data_grouped',
      'timeseries_hourly_data_extended',
    ],
  },
  codegen: integrationTests(CODEGEN, { codegen: CODEGEN, dbt_utils: DBT_UTILS }),
  github: {
    ...integrationTests(GITHUB, {
      github: GITHUB,
      fivetran_utils: FIVETRAN_UTILS,
      spark_utils: SPARK_UTILS,
      dbt_utils: DBT_UTILS,
    }),
    schema: 'github_integration_tests_1',
    // For how long an issue has been open.
    random: [
      'github__daily_metrics',
      'github__issues',
      'github__monthly_metrics',
      'github__pull_requests',
      'github__quarterly_metrics',
      'github__weekly_metrics',
    ],
  },
};

function integrationTests(release: Release, dependencies: Readonly<Record<string, Release>>): PackageProject {
  return { ...release, project: 'integration_tests', schema: 'analytics', dependencies };
}

/** The folder of the project, made anew. */
export async function placePackage(name: string, one: PackageProject): Promise<string> {
  const folder = join(CACHE, 'projects', name);
  rmSync(folder, { recursive: true, force: true });
  await unpack(one, one.project, folder);
  for (const [dependency, release] of Object.entries(one.dependencies)) {
    await unpack(release, '.', join(folder, 'dbt_packages', dependency));
  }
  return folder;
}

async function unpack(release: Release, part: string, folder: string): Promise<void> {
  const clone = await cloned(release.repository);
  mkdirSync(folder, { recursive: true });
  const archive = join(CACHE, `${release.repository.replace('/', '+')}.tar`);
  const tree = part === '.' ? release.tag : `${release.tag}:${part}`;
  await run('git', ['-C', clone, 'archive', '--format=tar', '-o', archive, tree]);
  await run('tar', ['-xf', archive, '-C', folder]);
  rmSync(archive);
  // A package's own tests are no part of it once it is installed beside others.
  if (part === '.') rmSync(join(folder, 'integration_tests'), { recursive: true, force: true });
}

async function cloned(repository: string): Promise<string> {
  const clone = join(CACHE, 'clones', repository);
  if (existsSync(clone)) return clone;
  mkdirSync(dirname(clone), { recursive: true });
  await run('git', ['clone', '--bare', '--quiet', `https://github.com/${repository}`, clone]);
  return clone;
}
