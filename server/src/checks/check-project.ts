/** Everything that is wrong with a project as far as its files tell: what reading it found, and every check. */

import type { Diagnostic, Place } from '../base/diagnostic.ts';
import { concealing } from '../project/concealment.ts';
import { emptyCatalog, type Catalog } from '../project/catalog.ts';
import type { ManifestNode } from '../project/nodes.ts';
import { entryRange } from '../project/parse/schema-files.ts';
import type { Project } from '../project/project.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import type { CheckInput } from './check.ts';
import { CHECKS } from './checks.ts';
import { Renderings } from './renderings.ts';

/** In the order of the files. `selected` are unique ids: then only what stands in these resources' files and entries is given. */
export async function checkProject(
  project: Project,
  selected?: ReadonlySet<string>,
): Promise<readonly Diagnostic[]> {
  return runChecks(project, await loadSqlParser(), selected);
}

/** The same at once, for a caller that has the parser. */
export function runChecks(
  project: Project,
  parser: SqlParser,
  selected?: ReadonlySet<string>,
): readonly Diagnostic[] {
  const found = allFound({
    project,
    parser,
    nodes: nodesToCheck(project, selected),
    concerns: () => true,
    renderings: new Renderings(project),
  });
  return inFileOrder(selected ? found.filter(({ place }) => isSelected(project, place, selected)) : found);
}

/** What is wrong in one file, at the price of that file: for an editor, after each keystroke. */
export function checkFile(
  project: Project,
  parser: SqlParser,
  path: string,
  catalog: Catalog = emptyCatalog,
): readonly Diagnostic[] {
  const inFile = (place: Place | undefined): boolean => place?.path === path;
  const nodes = nodesToCheck(project, new Set(nodesIn(project, path)));
  const found = allFound({
    project,
    parser,
    nodes,
    concerns: (concerned) => concerned === path,
    renderings: new Renderings(project, catalog),
  });
  return inFileOrder(found.filter(({ place }) => inFile(place)));
}

function allFound(input: CheckInput): readonly Diagnostic[] {
  const found = [...input.project.diagnostics, ...CHECKS.flatMap((entry) => runCheck(input, entry))];
  return withoutRepetition(foldUnknownMacros(found));
}

/** The resources that are written in a file: its model, its snapshots, the tests of a property file. */
function nodesIn(project: Project, path: string): string[] {
  return [...project.origins].flatMap(([id, { raw, entry }]) =>
    raw?.file.path === path || (!raw && entry?.yaml.file.path === path) ? [id] : [],
  );
}

function runCheck(input: CheckInput, { code, severity, check }: (typeof CHECKS)[number]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { environment } = input.project.input.settings;
  const conceal = concealing(environment, input.project.input.files);
  check(input, (message, place, details = {}) => {
    const { related, suggestion, severity: own = severity } = details;
    found.push({
      code,
      severity: own,
      message: conceal(message),
      ...(place ? { place } : {}),
      ...(related ? { related } : {}),
      ...(suggestion ? { suggestion } : {}),
    });
  });
  return found;
}

/** A resource that parsing already refused is not rendered: its faults would only come again in other words. */
function nodesToCheck(project: Project, selected: ReadonlySet<string> | undefined): ManifestNode[] {
  const places = project.diagnostics.flatMap(({ severity, place }) =>
    severity === 'error' && place ? [place] : [],
  );
  return [...project.manifest.nodes.values()].filter((node) => {
    if (selected && !selected.has(node.unique_id)) return false;
    if (!['model', 'test', 'analysis', 'snapshot', 'seed'].includes(node.resource_type)) return false;
    return !places.some((place) => standsIn(project, node.unique_id, place));
  });
}

/** Whether a place is in a resource's file, or in its entry of a property file. */
function standsIn(project: Project, id: string, { path, range }: Place): boolean {
  const origin = project.origins.get(id);
  if (origin?.raw?.file.path === path) return true;
  const { entry } = origin ?? {};
  if (entry?.yaml.file.path !== path) return false;
  const whole = entryRange(entry, ...(origin?.path ?? []));
  return range.start >= whole.start && range.end <= whole.end;
}

/** What belongs to no resource (a project file, a macro) is everybody's. */
function isSelected(project: Project, place: Place | undefined, selected: ReadonlySet<string>): boolean {
  if (!place) return true;
  const owners = [...project.origins.keys()].filter((id) => standsIn(project, id, place));
  return owners.length === 0 || owners.some((id) => selected.has(id));
}

const TEMPLATE_FAULTS = new Set(['template', 'template-error']);

/** A missing macro that a render met is an error, and said once: by the check that knows what was meant. */
function foldUnknownMacros(found: readonly Diagnostic[]): Diagnostic[] {
  const calls = found.filter(({ code }) => code === 'unknown-macro');
  const isMet = (call: Diagnostic): boolean =>
    found.some((fault) => TEMPLATE_FAULTS.has(fault.code) && overlap(fault.place, call.place));
  return found
    .filter(
      (fault) => !TEMPLATE_FAULTS.has(fault.code) || !calls.some((call) => overlap(fault.place, call.place)),
    )
    .map((fault) =>
      fault.code === 'unknown-macro' && isMet(fault) ? { ...fault, severity: 'error' } : fault,
    );
}

function overlap(a: Place | undefined, b: Place | undefined): boolean {
  return a !== undefined && a.path === b?.path && a.range.start < b.range.end && b.range.start < a.range.end;
}

/** Two renderings of one file mostly have the same faults. */
function withoutRepetition(found: readonly Diagnostic[]): Diagnostic[] {
  const byText = new Map(
    found.map((diagnostic) => [
      JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.place]),
      diagnostic,
    ]),
  );
  return [...byText.values()];
}

function inFileOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const path = ({ place }: Diagnostic): string => place?.path ?? '';
  return found.toSorted((a, b) =>
    path(a) < path(b)
      ? -1
      : path(a) > path(b)
        ? 1
        : (a.place?.range.start ?? 0) - (b.place?.range.start ?? 0),
  );
}
