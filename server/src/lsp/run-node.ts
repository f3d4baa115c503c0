/** A resource as a run's view shows it before anything has happened to it, and the rows that a result tells. */

import { memberOf } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import type { ProjectHost } from './project-host.ts';
import type { ResourceType, RunNode } from './protocol.ts';

/** Also of a resource that the project no longer has: then its id says what it was. */
export function queuedNode(host: ProjectHost, project: Project | undefined, uniqueId: string): RunNode {
  const member = project && memberOf(project.manifest, uniqueId);
  const config = member && 'config' in member ? member.config : {};
  const path = project?.origins.get(uniqueId)?.raw?.file.path;
  const { materialized } = config;
  return {
    uniqueId,
    name: member?.name ?? uniqueId,
    type: (member?.resource_type ?? uniqueId.split('.')[0]) as ResourceType | 'operation',
    materialized: typeof materialized === 'string' ? materialized : null,
    status: 'queued',
    location: path === undefined ? null : host.locationOf({ path, range: { start: 0, end: 0 } }),
    startedAt: null,
    endedAt: null,
    rows: null,
    message: null,
    error: null,
    compiledSql: null,
    difference: null,
  };
}

/** What a test found, else what was written; null where the server did not count. */
export function rowsOf(failures: number | null | undefined, rowsAffected: unknown): number | null {
  const written = Number(rowsAffected);
  return failures ?? (Number.isFinite(written) && written >= 0 ? written : null);
}
