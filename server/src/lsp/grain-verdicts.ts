/** Declared grains put to the warehouse, and the verdicts kept until the data or the SQL changes. */

import { FailureError } from '../base/failure.ts';
import { openWarehouse } from '../cli/open-project.ts';
import { checkGrain, declaredGrains, type GrainVerdict as RunVerdict } from '../run/grain.ts';
import type { Place } from '../base/diagnostic.ts';
import type { Project } from '../project/project.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import { ownTemplate } from '../checks/check.ts';
import { templateFacts } from '../jinja/index.ts';
import type { ProjectHost } from './project-host.ts';
import type { GrainVerdict } from './protocol.ts';
import { RefusedError } from './refusal.ts';

/** Without ids: of every resource that declares a grain. Waits for the warehouse. */
export async function validateGrain(
  host: ProjectHost,
  uniqueIds: readonly string[] | undefined,
): Promise<readonly GrainVerdict[]> {
  const { project, survey } = host;
  if (!project || !survey?.hasTarget)
    throw new RefusedError(
      host.stateOfProject.problem?.message ?? 'The project is still being read: try again in a moment.',
    );
  const ids = uniqueIds ?? [...project.manifest.nodes.keys()];
  const grains = declaredGrains(project, new Set(ids));
  if (grains.length === 0)
    throw new RefusedError(
      'No grain is declared here: add config: {meta: {grain: [column]}} to the model in its property file.',
    );
  try {
    const warehouse = await openWarehouse(host.folder, survey.settings.target, () => undefined);
    const session = await warehouse.open('grainline editor');
    try {
      const verdicts: GrainVerdict[] = [];
      for (const grain of grains) {
        const verdict = await checkGrain(session, grain).catch((error: unknown): RunVerdict => {
          if (!(error instanceof FailureError)) throw error;
          return { ...grain, verdict: 'unknown', reason: error.message };
        });
        verdicts.push(toProtocol(host, project, verdict));
      }
      return verdicts;
    } finally {
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

/** Where a grain is declared: in the property file, else in the model's `config()`. */
export function grainPlace(project: Project, uniqueId: string): Place | undefined {
  const entry = project.origins.get(uniqueId)?.entry;
  const config = entry?.value.config;
  const hasMeta = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'meta' in value && hasGrain(value.meta);
  if (entry && hasMeta(config))
    return { path: entry.yaml.file.path, range: entryRange(entry, 'config', 'meta', 'grain') };
  if (entry && hasMeta(entry.value))
    return { path: entry.yaml.file.path, range: entryRange(entry, 'meta', 'grain') };
  const node = project.manifest.nodes.get(uniqueId);
  const template = node && ownTemplate(project, node);
  if (!template) return undefined;
  const meta = templateFacts(template)
    .configs.flatMap(({ entries }) => entries)
    .find(({ name }) => name.text === 'meta');
  return meta ? { path: template.path, range: { start: meta.start, end: meta.end } } : undefined;
}

function hasGrain(meta: unknown): boolean {
  return typeof meta === 'object' && meta !== null && 'grain' in meta;
}
