/**
 * `npx tsx scripts/jinja/map-law.ts [FOLDER…]`: compiles what the projects in these folders have, as far as that needs no warehouse, and
 * checks the map of every text. Without a folder, the sample project. Exit code 1 when a segment is not its source.
 */

import { join, resolve } from 'node:path';
import { environmentMap, openProject } from '../../server/src/cli/open-project.ts';
import { parseArguments } from '../../server/src/cli/arguments.ts';
import { projectLaw } from './project-law.ts';

const folders = process.argv.slice(2);
let literals = 0;
let equal = 0;
for (const folder of folders.length > 0 ? folders : [join(import.meta.dirname, '..', '..')]) {
  const { project } = await openProject(
    parseArguments(['ls', '--project-dir', resolve(folder)], environmentMap()),
  );
  const law = projectLaw(project);
  literals += law.literals;
  equal += law.equal;
  console.log(
    `${folder}: ${law.rendered} texts, ${law.unrendered} need a warehouse or raise; ${law.equal} of ${law.literals} literal segments`,
  );
  for (const fault of law.faults) console.log(`  ${fault}`);
}
console.log(`segments: ${equal} of ${literals} literal segments equal their source`);
process.exitCode = equal === literals ? 0 : 1;
