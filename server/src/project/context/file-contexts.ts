/** What the templates in YAML files see: fewer names than a resource's own code, and by the kind of file. */

import { layeredContext, type Context } from '../../jinja/index.ts';
import type { Settings } from '../settings.ts';
import { baseMember } from './base-members.ts';
import { lazyLayer, type Members } from './layers.ts';
import { MacroScope } from './macro-scope.ts';
import { BASE_NAMES, PROJECT_FILE_NAMES, PROPERTY_NAMES, QUERY_COMMENT_NAMES } from './names.ts';
import { NamedMembers } from './named-members.ts';
import { environmentLookup, VariableLookup } from './variables.ts';
import { variablesFor, type OnMessage, type World } from './world.ts';

/** How dbt calls what has variables but is no resource. */
const CONFIGURATION = '<Configuration>';

/** profiles.yml and packages.yml: they alone may use secrets, and see stand-ins for them (`revealSecrets`). */
export function profileContext(settings: Settings): Context {
  return fileContext(BASE_NAMES, settings, {
    var: () => new VariableLookup(settings.vars, CONFIGURATION, 'error'),
    env_var: () => environmentLookup(settings.environment, 'secrets-concealed'),
  });
}

/** dbt_project.yml and selectors.yml. */
export function projectFileContext(settings: Settings): Context {
  return fileContext(PROJECT_FILE_NAMES, settings, {
    var: () => new VariableLookup(settings.vars, CONFIGURATION, 'error'),
    env_var: () => environmentLookup(settings.environment, 'secrets-refused'),
  });
}

/** Property files: the project's variables too, though what is missing is said of the command line's, as dbt says it. */
export function yamlContext(world: World, packageName: string, members: Members = {}): Context {
  const { settings } = world;
  return fileContext([...PROPERTY_NAMES, ...Object.keys(members)], settings, {
    project_name: () => world.root.name,
    var: () =>
      new VariableLookup(variablesFor(world, packageName), CONFIGURATION, 'error', undefined, settings.vars),
    env_var: () => environmentLookup(settings.environment, 'secrets-refused'),
    ...members,
  });
}

/** The query comment: the project's macros, which see no more than it does; of variables the command line's. */
export function queryCommentContext(world: World, onMessage: OnMessage): Context {
  const { settings } = world;
  const full: Context = { get: (name) => layers.get(name) };
  const scope = new MacroScope(world.macros, world.root.name, full);
  const members = fileContext(
    QUERY_COMMENT_NAMES,
    settings,
    {
      project_name: () => world.root.name,
      var: () => new VariableLookup(settings.vars, CONFIGURATION, 'error'),
      env_var: () => environmentLookup(settings.environment, 'secrets-refused'),
    },
    onMessage,
  );
  const layers = layeredContext(scope, members);
  return full;
}

function fileContext(
  names: readonly string[],
  settings: Settings,
  own: Members,
  onMessage: OnMessage = () => undefined,
): Context {
  const known = new Set(names);
  const context: Context = lazyLayer((name) => {
    if (!known.has(name)) return undefined;
    if (name === 'context')
      return new NamedMembers(
        () => names,
        (other) => context.get(other),
      );
    if (name === 'builtins') {
      const others = names.filter((other) => other !== 'context' && other !== 'builtins');
      return new NamedMembers(
        () => others,
        (other) => context.get(other),
      );
    }
    return own[name]?.() ?? baseMember(name, settings, onMessage, null);
  });
  return context;
}
