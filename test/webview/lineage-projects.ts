/** Projects whose lineage is looked at: the sample of this repository, and made ones of any size; and the server's answer for them. */

import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadLayout, type Layout } from '../../server/src/ide/lineage/layout.ts';
import type { LastResults } from '../../server/src/ide/lineage/cards.ts';
import type { LastResult } from '../../server/src/ide/lineage/lineage-graph.ts';
import { lineageView } from '../../server/src/ide/lineage/lineage-view.ts';
import type { LineageQuery, LineageView } from '../../server/src/lsp/protocol.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { loadProject, projectFileContext, type Project } from '../../server/src/project/project.ts';
import { readProjectFiles } from '../../server/src/workspace/disk.ts';
import { fixtureSettings, macroLibrary, projectFromFixture } from '../support/project.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const FOLDER = 'file:///shop';

/** The project that this repository is. */
export function sampleProject(): Project {
  const settings = fixtureSettings();
  const files = readProjectFiles(ROOT, projectFileContext(settings));
  const { project } = loadProject({ files, library: macroLibrary(), settings });
  if (!project) throw new Error('The sample project cannot be read.');
  return project;
}

const AREAS = ['web', 'shop', 'crm', 'finance', 'operations', 'support', 'payments'];

/** Three layers of models in folders; the same size gives the same project. */
export function madeProject(size: number): Project {
  let seed = 7;
  const chance = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const names: string[] = [];
  const files: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const part = index / size;
    const area = AREAS[chance(AREAS.length)] ?? '';
    const [layer, prefix] =
      part < 0.45 ? ['staging', 'stg'] : part < 0.75 ? ['intermediate', 'int'] : ['marts', 'fct'];
    const name = `${prefix}_${area}_${String(index)}`;
    const parents = part < 0.45 ? 0 : 1 + chance(3);
    const refs = new Set<string>();
    for (let each = 0; each < parents; each += 1) {
      const parent = names[Math.max(0, index - 1 - chance(Math.floor(size * 0.4)))];
      if (parent !== undefined) refs.add(parent);
    }
    files.push(`==> models/${layer}/${area}/${name}.sql`, 'select 1 as id');
    for (const ref of refs) files.push(`-- {{ ref('${ref}') }}`);
    names.push(name);
  }
  return projectFromFixture(files.join('\n')).project;
}

/** How a last run may have gone: most is well, some is not, by the position of a node in the manifest. */
export function someResults({ manifest }: Project): LastResults {
  const results = new Map<string, LastResult>();
  [...manifest.nodes.values()].forEach(({ unique_id: id, resource_type: type }, index) => {
    const isTest = type === 'test';
    if (index % 41 === 17) results.set(id, { status: isTest ? 'fail' : 'error', failures: 3 });
    else if (index % 13 === 5) results.set(id, { status: 'skipped', failures: null });
    else results.set(id, { status: isTest ? 'pass' : 'success', failures: null });
  });
  return results;
}

export interface LineageServer {
  readonly layout: Layout;
  answer(query: LineageQuery): LineageView;
}

/** What the language server does with `grainline/lineage`. */
export async function lineageServer(project: Project, results: LastResults): Promise<LineageServer> {
  const layout = await loadLayout();
  return {
    layout,
    answer: (query) => {
      const graph = lineageView(project, emptyCatalog, results, query, layout);
      const start = { line: 0, character: 0 };
      return {
        ...graph,
        nodes: graph.nodes.map(({ place, ...node }) => ({
          ...node,
          location: place
            ? { uri: pathToFileURL(ROOT + place.path).href, range: { start, end: start } }
            : null,
        })),
      };
    },
  };
}
