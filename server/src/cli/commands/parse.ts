/** `parse`: reads the project and writes its manifest. */

import { EXIT } from '../exit-codes.ts';
import type { Arguments } from '../arguments.ts';
import { openProject } from '../open-project.ts';
import type { Output } from '../output.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { targetFolder } from '../target-folder.ts';
import { foundLine } from './run.ts';

export async function parseCommand(args: Arguments, output: Output): Promise<number> {
  const opened = await openProject(args);
  const { project, folder, diagnostics } = opened;
  reportDiagnostics(diagnostics, project.input.files, output);
  targetFolder(args, project, folder).writeManifest();
  output.log(foundLine(opened));
  return EXIT.done;
}
