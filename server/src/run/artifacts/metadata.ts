/** What every artifact says about itself. */

import type { Settings } from '../../project/settings.ts';
import { DBT_VERSION } from '../../project/settings.ts';

export interface ArtifactMetadata {
  /** Milliseconds since the epoch. */
  readonly generatedAt: number;
  readonly invocationId: string;
  /** Milliseconds since the epoch. */
  readonly invocationStartedAt: number;
  /** Environment variables with dbt's metadata prefix, without it. */
  readonly env: Readonly<Record<string, string>>;
}

/** What dbt calls metadata variables: anything a scheduler wants to find again in the artifacts. */
const ENV_PREFIX = 'DBT_ENV_CUSTOM_ENV_';

export function metadataOf(
  settings: Pick<Settings, 'environment' | 'invocationId' | 'startedAt'>,
  now: number,
): ArtifactMetadata {
  const env: Record<string, string> = {};
  for (const [name, value] of settings.environment) {
    if (name.startsWith(ENV_PREFIX)) env[name.slice(ENV_PREFIX.length)] = value;
  }
  return {
    generatedAt: now,
    invocationId: settings.invocationId,
    invocationStartedAt: settings.startedAt,
    env,
  };
}

export type ArtifactName = 'manifest' | 'run-results' | 'catalog' | 'sources';

/** The schema version that is written for each artifact. */
export const SCHEMA_VERSIONS: Readonly<Record<ArtifactName, number>> = {
  manifest: 12,
  'run-results': 6,
  catalog: 1,
  sources: 3,
};

export function schemaUrl(name: ArtifactName, version = SCHEMA_VERSIONS[name]): string {
  return `https://schemas.getdbt.com/dbt/${name}/v${String(version)}.json`;
}

export function metadataJson(name: ArtifactName, metadata: ArtifactMetadata): Record<string, unknown> {
  return {
    dbt_schema_version: schemaUrl(name),
    dbt_version: DBT_VERSION,
    generated_at: utcTime(metadata.generatedAt),
    invocation_id: metadata.invocationId,
    invocation_started_at: utcTime(metadata.invocationStartedAt),
    env: { ...metadata.env },
  };
}

/** `2026-01-31T08:05:09.123456Z`; whole seconds have no fraction, as in Python. */
export function utcTime(milliseconds: number): string {
  return `${isoTime(milliseconds)}Z`;
}

/** The same instant as a time with an offset is written: `+00:00` in place of `Z`. */
export function offsetTime(milliseconds: number): string {
  return `${isoTime(milliseconds)}+00:00`;
}

function isoTime(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000);
  const fraction = ((microseconds % 1_000_000) + 1_000_000) % 1_000_000;
  const seconds = new Date((microseconds - fraction) / 1000).toISOString().slice(0, 19);
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, '0')}`;
}
