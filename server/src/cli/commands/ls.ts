/** `ls`: the selected resources, one a line. */

import { listNodes, type ListOutput } from '../../project/select/list-nodes.ts';
import { list, text, UsageError, type Arguments } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { openProject } from '../open-project.ts';
import type { Output } from '../output.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { selectFor } from '../selection.ts';
import { targetFolder } from '../target-folder.ts';

const OUTPUTS: readonly ListOutput[] = ['selector', 'name', 'path', 'json'];

export async function lsCommand(args: Arguments, output: Output): Promise<number> {
  const { project, folder } = await openProject(args);
  const asked = text(args, 'output') ?? 'selector';
  const form = OUTPUTS.find((candidate) => candidate === asked);
  if (!form)
    throw new UsageError(
      `Invalid value for '--output': '${asked}' is not one of ${OUTPUTS.map((name) => `'${name}'`).join(', ')}.`,
    );
  const { selected, warnings } = await selectFor(args, project, 'list', folder);
  reportDiagnostics(warnings, project.input.files, output);
  targetFolder(args, project, folder).writeManifest();
  if (selected.size === 0) {
    output.error('No nodes selected!');
    return EXIT.done;
  }
  const outputKeys = list(args, 'output-keys')
    .flatMap((keys) => keys.split(/[\s,]+/))
    .filter(Boolean);
  for (const line of listNodes(project.manifest, selected, { output: form, outputKeys })) output.print(line);
  return EXIT.done;
}
