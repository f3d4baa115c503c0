/** Settings of dbt_project.yml that reach nothing. */

import { isConfig } from '../config.ts';
import type { Package } from '../project-file.ts';
import { placeIn } from '../problems.ts';
import { parseYaml } from '../yaml.ts';
import type { Collected } from './collected.ts';
import type { ParseSession } from './session.ts';

/** A folder or name that dbt_project.yml configures and no resource has: most likely misspelt. */
export function checkConfigPaths(session: ParseSession, collected: Collected): void {
  const { root } = session.world;
  const fqns = new Map<string, Set<string>>();
  const note = (section: string, fqn: readonly string[]): void => {
    const known = fqns.get(section) ?? new Set<string>();
    fqn.forEach((_, index) => known.add(fqn.slice(0, index + 1).join('.')));
    fqns.set(section, known);
  };
  const sections: Readonly<Record<string, keyof Package['sections']>> = {
    model: 'models',
    seed: 'seeds',
    snapshot: 'snapshots',
    test: 'data_tests',
    source: 'sources',
    exposure: 'exposures',
    unit_test: 'unit_tests',
  };
  for (const node of [
    ...collected.nodes.values(),
    ...collected.sources.values(),
    ...collected.exposures.values(),
    ...collected.unitTests.values(),
    ...[...collected.disabled.values()].flat(),
  ]) {
    const section = sections[node.resource_type];
    if (section) note(section, node.fqn);
  }
  const yaml = parseYaml(root.file);
  for (const section of [
    'models',
    'seeds',
    'snapshots',
    'sources',
    'data_tests',
    'exposures',
    'unit_tests',
  ] as const) {
    for (const path of configuredPaths(root.sections[section])) {
      if (fqns.get(section)?.has(path.join('.')) === true) continue;
      session.problems.warning(
        'unused-config-path',
        `Configuration paths exist in your dbt_project.yml file which do not apply to any resources: ${[section, ...path].join('.')}. Correct the path, or write '+' before a setting that is a mapping.`,
        placeIn(root.file, yaml.keyRangeOf([section, ...path])),
      );
    }
  }
}

/** The deepest folders of a section, as paths of keys. */
function configuredPaths(section: unknown, path: readonly string[] = []): string[][] {
  if (!isConfig(section)) return [];
  const deeper = Object.entries(section).filter(([key, value]) => isConfig(value) && !key.startsWith('+'));
  const own =
    path.length > 0 &&
    Object.entries(section).some(([key, value]) => key.startsWith('+') || !isConfig(value));
  return [
    ...(own ? [[...path]] : []),
    ...deeper.flatMap(([key, value]) => configuredPaths(value, [...path, key])),
  ];
}
