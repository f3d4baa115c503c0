/** `--defer --state`: which refs read another environment's relations. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Relation } from '../project/context/relation.ts';
import type { Project } from '../project/project.ts';
import { deferrable } from '../project/state/deferral.ts';
import type { PreviousState } from '../project/state/previous-state.ts';
import { readManifestState } from '../run/artifacts/read-state.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { text, UsageError, type Arguments } from './arguments.ts';
import { artifact } from './selection.ts';

export async function deferredRelations(
  args: Arguments,
  project: Project,
  selected: readonly string[],
  previous: PreviousState | undefined,
  warehouse: Warehouse,
): Promise<ReadonlyMap<string, Relation> | undefined> {
  const { flags } = project.input.settings;
  // A clone copies what the other state has, and nothing else.
  const isCloning = args.command === 'clone';
  if (!flags.defer && !isCloning) return undefined;
  const manifest = await deferManifest(args, previous);
  const counterparts = deferrable(project.manifest, manifest);
  const building = new Set(selected);
  const session = await warehouse.open('grainline');
  try {
    const { rows } = await session.query(
      "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm', 'f', 'p')",
    );
    const existing = new Set(rows.map(([schema, name]) => `${schema ?? ''}.${name ?? ''}`));
    const deferred = new Map<string, Relation>();
    for (const [id, other] of counterparts) {
      const own = project.manifest.nodes.get(id);
      if (!own || (building.has(id) && !isCloning)) continue;
      const isHere = existing.has(`${own.schema}.${own.alias}`);
      if (isHere && !flags.favorState && !isCloning) continue;
      deferred.set(
        id,
        new Relation({ database: other.database, schema: other.schema, identifier: other.alias }),
      );
    }
    return deferred;
  } finally {
    await session.close();
  }
}

async function deferManifest(
  args: Arguments,
  previous: PreviousState | undefined,
): Promise<NonNullable<PreviousState['manifest']>> {
  const folder = text(args, 'defer-state');
  if (folder !== null) {
    const path = join(resolve(folder), 'manifest.json');
    const manifest = existsSync(path) ? await artifact(path, readManifestState) : undefined;
    if (!manifest) throw new UsageError(`Could not find manifest in --defer-state path: '${folder}'`);
    return manifest;
  }
  if (previous?.manifest) return previous.manifest;
  throw new UsageError(
    'Got a state selector method, but no comparison manifest. --defer needs the manifest of the environment to defer to: name its folder with --state.',
  );
}
