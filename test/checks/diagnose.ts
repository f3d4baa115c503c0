/** Everything that a fixture's project is told: while it is read, by the checks, and by a selection. */

import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { runChecks } from '../../server/src/checks/check-project.ts';
import { fileSet } from '../../server/src/project/files.ts';
import { Problems } from '../../server/src/project/problems.ts';
import { readTarget } from '../../server/src/project/profile.ts';
import { emptyCatalog } from '../../server/src/project/catalog.ts';
import { projectVerdicts } from '../../server/src/ide/grain/verdicts.ts';
import { loadProject, type Project } from '../../server/src/project/project.ts';
import { parseSelection } from '../../server/src/project/select/parse.ts';
import { resourceTypesOf } from '../../server/src/project/select/resource-types.ts';
import { selectNodes } from '../../server/src/project/select/select.ts';
import { readManifestState, type ReadArtifact } from '../../server/src/run/artifacts/read-state.ts';
import type { Manifest } from '../../server/src/project/manifest.ts';
import { loadSqlParser } from '../../server/src/sql/parser.ts';
import type { Annotation, Fixture } from '../support/fixture.ts';
import { fixtureSettings, macroLibrary } from '../support/project.ts';

const parser = await loadSqlParser();

/** Files below this folder are the earlier state: a project, or its manifest.json. */
const BEFORE = 'before/';

/** `select` is what stands behind `--select`. The target is that of the fixture's profiles.yml, where it has one. */
export function diagnose(fixture: Fixture, select?: string): readonly Diagnostic[] {
  const settings = fixtureSettings();
  const problems = new Problems();
  const profiles = fixture.files.get('profiles.yml');
  if (profiles !== undefined) {
    readTarget(
      { path: 'profiles.yml', text: profiles },
      { profileName: 'fixture', target: null, threads: null },
      settings,
      problems,
    );
  }
  const current = new Map([...fixture.files].filter(([path]) => !path.startsWith(BEFORE)));
  const { project, diagnostics } = loadProject({
    files: fileSet(current),
    library: macroLibrary(),
    settings,
  });
  if (!project) return [...problems.all(), ...diagnostics];
  const selected = select === undefined ? [] : selection(project, fixture, select);
  const verdicts = projectVerdicts({ project, catalog: emptyCatalog, parser });
  return [...problems.all(), ...runChecks(project, parser), ...verdicts, ...selected];
}

function selection(project: Project, fixture: Fixture, select: string): readonly Diagnostic[] {
  const { manifest, graph } = project;
  const before = earlierManifest(fixture);
  if (before?.diagnostic) return [before.diagnostic];
  const parsed = parseSelection({
    select: select.split(' '),
    exclude: [],
    selector: undefined,
    selectors: manifest.selectors,
    resourceTypes: resourceTypesOf('list', [], []),
    indirectSelection: 'eager',
  });
  if (!parsed.selection) return parsed.diagnostics;
  const previous = before && { manifest: before.value };
  return selectNodes(manifest, graph, parsed.selection, { previous, now: 0 }).diagnostics;
}

/** The earlier project has the settings of the current one, unless it brings its own. */
function earlierManifest({ files }: Fixture): ReadArtifact<Manifest> | undefined {
  const before = [...files]
    .filter(([path]) => path.startsWith(BEFORE))
    .map(([path, text]) => [path.slice(BEFORE.length), text] as const);
  if (before.length === 0) return undefined;
  const artifact = new Map(before).get('manifest.json');
  if (artifact !== undefined) return readManifestState(JSON.parse(artifact), 'before/manifest.json');
  const settings = files.get('dbt_project.yml') ?? '';
  const earlier = new Map([['dbt_project.yml', settings] as const, ...before]);
  const { project } = loadProject({
    files: fileSet(earlier),
    library: macroLibrary(),
    settings: fixtureSettings(),
  });
  if (!project) throw new Error('The earlier state is no project.');
  return { value: project.manifest };
}

/** What has a place, as a fixture's carets show it: the code stands for the diagnostic. */
export function placed(diagnostics: readonly Diagnostic[]): Annotation[] {
  return diagnostics.flatMap(({ code, place }) =>
    place ? [{ path: place.path, range: place.range, expectation: code }] : [],
  );
}
