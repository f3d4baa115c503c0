/** The tests of a project by the file that they are written in, with their last results. */

import { entryRange } from '../project/parse/schema-files.ts';
import type { ManifestNode, UnitTestNode } from '../project/nodes.ts';
import type { Project } from '../project/project.ts';
import { toRange } from './convert.ts';
import type { ProjectHost } from './project-host.ts';
import type { TestEntry, TestFile, TestOutcome } from './protocol.ts';

/** The project's own tests; those of installed packages are their authors'. */
export function testsOf(host: ProjectHost, outcomes: ReadonlyMap<string, TestOutcome>): readonly TestFile[] {
  const { project } = host;
  if (!project) return [];
  const files = new Map<string, TestEntry[]>();
  const tests = [
    ...[...project.manifest.nodes.values()].filter((node) => node.resource_type === 'test'),
    ...project.manifest.unitTests.values(),
  ];
  for (const test of tests) {
    if (test.package_name !== project.world.root.name) continue;
    const found = placeOf(project, test);
    if (!found) continue;
    const text = host.textOf(found.path) ?? '';
    const entry: TestEntry = {
      uniqueId: test.unique_id,
      label: labelOf(test),
      kind: kindOf(test),
      of: testedOf(project, test),
      range: toRange(text, found.range),
      last: outcomes.get(test.unique_id) ?? null,
    };
    const known = files.get(found.path);
    if (known) known.push(entry);
    else files.set(found.path, [entry]);
  }
  return [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, entries]) => ({
      uri: host.uriOf(path),
      path,
      tests: entries.sort((one, other) => one.range.start.line - other.range.start.line),
    }));
}

function placeOf(
  project: Project,
  test: ManifestNode | UnitTestNode,
): { readonly path: string; readonly range: { readonly start: number; readonly end: number } } | undefined {
  const origin = project.origins.get(test.unique_id);
  if (origin?.raw) return { path: origin.raw.file.path, range: { start: 0, end: 0 } };
  const { entry, path = [] } = origin ?? {};
  if (!entry) return undefined;
  // A unit test's entry is long: its name stands for it.
  const range = entryRange(entry, ...(path.length > 0 ? path : ['name']));
  return { path: entry.yaml.file.path, range };
}

function kindOf(test: ManifestNode | UnitTestNode): TestEntry['kind'] {
  if (test.resource_type === 'unit_test') return 'unit';
  return 'test_metadata' in test ? 'generic' : 'singular';
}

/** `unique order_id`, `accepted_values status`, a singular or unit test's own name. */
function labelOf(test: ManifestNode | UnitTestNode): string {
  if (!('test_metadata' in test)) return test.name;
  const { name, namespace, kwargs } = test.test_metadata;
  const column = test.column_name ?? columnsIn(kwargs);
  return [namespace === null ? name : `${namespace}.${name}`, column].filter(Boolean).join(' ');
}

function columnsIn(kwargs: Readonly<Record<string, unknown>>): string {
  const { combination_of_columns: columns } = kwargs;
  return Array.isArray(columns) ? columns.map(String).join(', ') : '';
}

function testedOf(project: Project, test: ManifestNode | UnitTestNode): TestEntry['of'] {
  const id =
    test.resource_type === 'unit_test'
      ? test.tested_node_unique_id
      : (test.attached_node ?? test.depends_on.nodes[0] ?? null);
  if (id === null) return null;
  const source = project.manifest.sources.get(id);
  const name = source ? `${source.source_name}.${source.name}` : project.manifest.nodes.get(id)?.name;
  return name === undefined ? null : { uniqueId: id, name };
}
