/** Declared grains put to the warehouse, and the verdicts kept until the data or the SQL changes. */

import type { CancellationToken } from 'vscode-languageserver/node';
import { FailureError } from '../base/failure.ts';
import { openWarehouse } from '../cli/open-project.ts';
import { checkGrain, declaredGrains, type GrainVerdict as RunVerdict } from '../run/grain.ts';
import type { Project } from '../project/project.ts';
import { grainPlace } from '../ide/grain.ts';
import type { ProjectHost } from './project-host.ts';
import type { GrainVerdict } from './protocol.ts';
import { projectWithTarget } from './readiness.ts';
import { RefusedError } from './refusal.ts';
import { READ_ONLY_SESSION } from './editor-sessions.ts';

/** Without ids: of every resource that declares a grain. Waits for the warehouse, and no longer than somebody wants to know. */
export async function validateGrain(
  host: ProjectHost,
  uniqueIds: readonly string[] | undefined,
  token: CancellationToken,
): Promise<readonly GrainVerdict[]> {
  const { project, target } = projectWithTarget(host);
  const ids = uniqueIds ?? [...project.manifest.nodes.keys()];
  const grains = declaredGrains(project, new Set(ids));
  if (grains.length === 0)
    throw new RefusedError(
      'No grain is declared here: add config: {meta: {grain: [column]}} to the model in its property file.',
    );
  try {
    const warehouse = await openWarehouse(host.folder, target, () => undefined);
    const session = await warehouse.open('grainline editor');
    const given = token.onCancellationRequested(() => {
      session.cancel().catch(() => undefined);
    });
    try {
      await session.query(READ_ONLY_SESSION);
      const verdicts: GrainVerdict[] = [];
      for (const grain of grains) {
        if (token.isCancellationRequested) break;
        const verdict = await checkGrain(session, grain).catch((error: unknown): RunVerdict => {
          if (!(error instanceof FailureError)) throw error;
          return { ...grain, verdict: 'unknown', reason: error.message };
        });
        verdicts.push(toProtocol(host, project, verdict));
      }
      return verdicts;
    } finally {
      given.dispose();
      await session.close();
    }
  } catch (error) {
    if (error instanceof FailureError) throw new RefusedError(error.message);
    throw error;
  }
}

function toProtocol(host: ProjectHost, project: Project, verdict: RunVerdict): GrainVerdict {
  const place = grainPlace(project, verdict.uniqueId);
  return {
    uniqueId: verdict.uniqueId,
    name: verdict.name,
    columns: verdict.columns,
    verdict: verdict.verdict,
    location: place ? host.locationOf(place) : null,
    at: Date.now(),
    reason: verdict.verdict === 'unknown' ? verdict.reason : null,
    figures: verdict.verdict === 'unknown' ? null : verdict.figures,
  };
}
