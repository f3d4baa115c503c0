/** What all contexts of one project share: settings, packages, macros, and where messages go. */

import type { Package } from '../project-file.ts';
import type { Settings } from '../settings.ts';
import type { MacroTable } from '../macros.ts';
import type { Policy } from './relation.ts';

export interface World {
  readonly settings: Settings;
  readonly root: Package;
  /** Every package by name, the root project included. */
  readonly packages: ReadonlyMap<string, Package>;
  readonly macros: MacroTable;
}

/** A line that a template writes: `log()`, `print()`, `exceptions.warn()`. */
export interface TemplateMessage {
  readonly level: 'print' | 'info' | 'debug' | 'warning';
  readonly text: string;
  /** The resource whose template spoke, where there is one. */
  readonly uniqueId: string | null;
}

export type OnMessage = (message: TemplateMessage) => void;

/** How the project quotes names: dbt_project.yml's `quoting` over quote-everything. */
export function projectQuoting(world: World): Policy {
  return quotingOver({ database: true, schema: true, identifier: true }, world.root.quoting);
}

export function quotingOver(base: Policy, written: Readonly<Record<string, unknown>>): Policy {
  const pick = (part: keyof Policy): boolean => {
    const value = written[part];
    return typeof value === 'boolean' ? value : base[part];
  };
  return { database: pick('database'), schema: pick('schema'), identifier: pick('identifier') };
}

/** The variables a package sees, closest first: command line, root project, its own project file. */
export function variablesFor(world: World, packageName: string): Readonly<Record<string, unknown>> {
  const own = world.packages.get(packageName);
  const layers = own && own !== world.root ? [own, world.root] : [world.root];
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    Object.assign(merged, layer.vars);
    const scoped = layer.vars[packageName];
    if (typeof scoped === 'object' && scoped !== null && !Array.isArray(scoped))
      Object.assign(merged, scoped);
  }
  return Object.assign(merged, world.settings.vars);
}
