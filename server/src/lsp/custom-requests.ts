/** What the server answers beyond the protocol: one line a request, each with its part. */

import type { CancellationToken } from 'vscode-languageserver/node';
import { ownTemplate } from '../checks/check.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import type { Project } from '../project/project.ts';
import { memberOf } from '../project/manifest.ts';
import { batchesOf } from './batch-list.ts';
import { compiledSql } from './compiled.ts';
import { LIBRARY } from '../ide/source-files.ts';
import { fromPosition, LIBRARY_SCHEME } from './convert.ts';
import { validateGrain } from './grain-verdicts.ts';
import { columnLineageOf, lineageOf } from './lineage.ts';
import type { ProjectHost } from './project-host.ts';
import type { Position, Requests, Resource, ResourceType, Uri } from './protocol.ts';
import { RefusedError } from './refusal.ts';
import { stateOf, type Server } from './server-parts.ts';
import { testsOf } from './test-list.ts';

type Handlers = {
  readonly [Method in keyof Requests]: (
    params: Requests[Method]['params'],
    token: CancellationToken,
  ) => Requests[Method]['result'] | Promise<Requests[Method]['result']>;
};

export function answerCustomRequests(server: Server): void {
  const { connection, folders, runs, previews, warehouses } = server;
  const host = (folder: Uri): ProjectHost => {
    const found = folders.named(folder);
    if (!found) throw new RefusedError('This folder holds no dbt project: open one with a dbt_project.yml.');
    return found;
  };
  const handlers: Handlers = {
    'grainline/projects': () => folders.all().map((each) => stateOf(server, each)),
    'grainline/setTarget': async ({ folder, target }) => {
      await warehouses.retarget(host(folder), target);
      return null;
    },
    'grainline/refreshCatalog': async ({ folder }) => {
      await warehouses.refresh(host(folder));
      return stateOf(server, host(folder));
    },
    'grainline/resourceAt': ({ uri, position }) => resourceAt(server, uri, position),
    'grainline/libraryText': ({ uri }) => libraryText(folders.all(), uri),
    'grainline/compiled': ({ uri }) => {
      const document = folders.documentAt(uri);
      return document ? compiledSql(document) : null;
    },
    'grainline/lineage': (query) => lineageOf(host(query.folder), runs.outcomesOf(host(query.folder)), query),
    'grainline/columnLineage': (query) => columnLineageOf(host(query.folder), query),
    'grainline/tests': ({ folder }) => testsOf(host(folder), runs.outcomesOf(host(folder))),
    'grainline/startRun': (order) => ({ runId: runs.startRun(host(order.folder), order) }),
    'grainline/startTask': (order) => ({ runId: runs.startTask(host(order.folder), order) }),
    'grainline/cancelRun': ({ runId }) => {
      runs.cancel(runId);
      return null;
    },
    'grainline/runs': ({ folder }) => runs.viewsOf(host(folder)),
    'grainline/batches': ({ folder }) => batchesOf(host(folder)),
    'grainline/validateGrain': ({ folder, uniqueIds }, token) =>
      validateGrain(host(folder), uniqueIds, token),
    'grainline/openPreview': (order) => {
      // A text is of the project that its document is in.
      const document = order.of === 'text' ? folders.documentAt(order.uri) : undefined;
      return previews.open(document?.host ?? host(order.folder), document, order);
    },
    'grainline/previewPage': (query) => previews.page(query),
    'grainline/previewSummary': (query) => previews.summary(query),
    'grainline/previewExport': (query) => previews.export(query),
    'grainline/cancelPreview': ({ previewId }) => previews.cancel(previewId),
    'grainline/closePreview': ({ previewId }) => {
      previews.close(previewId);
      return null;
    },
  };
  for (const [method, handler] of Object.entries(handlers))
    connection.onRequest(method, handler as (params: unknown, token: CancellationToken) => unknown);
}

/** Every project has the same library. */
function libraryText(hosts: readonly ProjectHost[], uri: Uri): string | null {
  const scheme = `${LIBRARY_SCHEME}:/`;
  if (!uri.startsWith(scheme)) return null;
  let path;
  try {
    path = decodeURIComponent(uri.slice(scheme.length)).replace(/^\/+/u, '');
  } catch {
    // No URI.
    return null;
  }
  const texts = hosts.map((host) => host.textOf(`${LIBRARY}${path}`));
  return texts.find((text) => text !== undefined) ?? null;
}

/** What a file is, or the entry of a property file in which a position stands. */
function resourceAt({ folders }: Server, uri: Uri, position: Position | undefined): Resource | null {
  const document = folders.documentAt(uri);
  const project = document?.host.project;
  if (!document || !project) return null;
  const { host, path } = document;
  const offset = position && fromPosition(host.textOf(path) ?? '', position);
  const id = resourceIdAt(project, path, offset);
  const member = id === undefined ? undefined : memberOf(project.manifest, id);
  if (id === undefined || !member) return null;
  return {
    folder: host.uri,
    uniqueId: id,
    name: member.resource_type === 'source' ? `${member.source_name}.${member.name}` : member.name,
    type: member.resource_type as ResourceType,
    location: host.locationOf({ path, range: { start: 0, end: 0 } }),
  };
}

function resourceIdAt(project: Project, path: string, offset: number | undefined): string | undefined {
  let found: { readonly id: string; readonly length: number } | undefined;
  for (const [id, { raw, entry, path: below }] of project.origins) {
    if (raw?.file.path === path) {
      const node = project.manifest.nodes.get(id);
      // A file of snapshots holds several.
      if (offset === undefined || (node && ownTemplate(project, node))) return id;
      found ??= { id, length: Number.MAX_SAFE_INTEGER };
    }
    if (entry?.yaml.file.path !== path || offset === undefined) continue;
    const range = entryRange(entry, ...below);
    if (offset < range.start || offset > range.end) continue;
    const length = range.end - range.start;
    if (!found || length < found.length) found = { id, length };
  }
  return found?.id;
}
