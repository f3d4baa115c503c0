/** `source freshness`: how old the newest row of each source is, against its limits. */

import { UsageError, text, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject, openWarehouse } from '../open-project.ts';
import type { Output } from '../output.ts';
import { measureFreshness } from '../../run/freshness.ts';
import { sourcesJson } from '../../run/artifacts/sources-json.ts';
import { metadataOf } from '../../run/artifacts/metadata.ts';
import { openAccess } from '../../run/single-session.ts';
import { selectFor } from '../selection.ts';
import { targetFolder } from '../target-folder.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FreshnessResult } from '../../run/results.ts';

export async function sourceCommand(args: Arguments, output: Output): Promise<number> {
  const [subcommand] = args.positional;
  if (subcommand !== 'freshness' && subcommand !== 'snapshot-freshness')
    throw new UsageError('source has one subcommand: freshness.');
  const { project, folder } = await openProject(args);
  const { selected } = await selectFor(args, project, 'freshness', folder);
  const target = targetFolder(args, project, folder);
  target.writeManifest();
  const warehouse = await openWarehouse(folder, project.input.settings.target, (line) => {
    output.progress(line);
  });
  const { access, close } = await openAccess(warehouse);
  const startedAt = Date.now();
  const results: FreshnessResult[] = [];
  try {
    for (const id of selected) {
      const source = project.manifest.sources.get(id);
      if (!source?.freshness || (source.loaded_at_field === null && source.loaded_at_query === null))
        continue;
      const result = await measureFreshness(
        { project, access, selected: [...selected], ephemeral: new Map(), onMessage: () => undefined },
        source,
        Date.now(),
      );
      results.push(result);
      output.log(`${result.status.toUpperCase()} freshness of ${source.source_name}.${source.name}`);
      if (result.status === 'runtime error') output.error(result.message ?? 'the source could not be read');
    }
  } finally {
    await close();
  }
  const json = sourcesJson(results, {
    ...metadataOf(project.input.settings, Date.now()),
    elapsedTime: (Date.now() - startedAt) / 1000,
  });
  const elsewhere = text(args, 'output');
  if (elsewhere === null) target.writeJson('sources.json', json);
  else {
    mkdirSync(dirname(resolve(elsewhere)), { recursive: true });
    writeFileSync(resolve(elsewhere), JSON.stringify(json));
  }
  output.log('Done.');
  return results.some((result) => result.status === 'error' || result.status === 'runtime error')
    ? EXIT.failed
    : EXIT.done;
}
