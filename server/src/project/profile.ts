/** profiles.yml: which server, database and schema the project builds into. */

import type { Context } from '../jinja/index.ts';
import { profileContext } from './context/file-contexts.ts';
import { revealSecrets } from './context/variables.ts';
import { isConfig } from './config.ts';
import type { SourceFile } from './files.ts';
import type { Config } from './nodes.ts';
import { placeIn, type Problems } from './problems.ts';
import { hasTemplate, renderYaml, renderYamlString } from './render-yaml.ts';
import type { Settings, Target } from './settings.ts';
import { parseYaml } from './yaml.ts';

export interface TargetChoice {
  readonly profileName: string;
  /** `--target`; null takes the profile's own. */
  readonly target: string | null;
  /** `--threads`. */
  readonly threads: number | null;
}

/** The outputs of a profile, as written; none when they cannot be read. */
export function targetNames(file: SourceFile | undefined, profileName: string): readonly string[] {
  return Object.keys(outputsOf(file, profileName).outputs);
}

/** The `type` of an output as written, whether Grainline runs on it or not: the dialect that its SQL is written in. */
export function targetType(
  file: SourceFile | undefined,
  { profileName, target }: Pick<TargetChoice, 'profileName' | 'target'>,
): string | undefined {
  const { outputs, chosen } = outputsOf(file, profileName);
  const output = outputs[target ?? chosen];
  return isConfig(output) && typeof output.type === 'string' ? output.type : undefined;
}

function outputsOf(
  file: SourceFile | undefined,
  profileName: string,
): { readonly outputs: Config; readonly chosen: string } {
  const value = file ? parseYaml(file).value : undefined;
  const profile = isConfig(value) ? value[profileName] : undefined;
  const { outputs, target } = isConfig(profile) ? profile : {};
  return {
    outputs: isConfig(outputs) ? outputs : {},
    chosen: typeof target === 'string' ? target : 'default',
  };
}

/** Resolves one output of a profile; undefined, with a diagnostic, when it cannot be had. */
export function readTarget(
  file: SourceFile | undefined,
  choice: TargetChoice,
  settings: Settings,
  problems: Problems,
): Target | undefined {
  const context = profileContext(settings);
  if (!file) {
    problems.error(
      'missing-profile',
      `no profiles.yml was found. Put one beside dbt_project.yml or in ~/.dbt, or name its folder with --profiles-dir; it must have a profile '${choice.profileName}'.`,
    );
    return undefined;
  }
  const yaml = parseYaml(file);
  problems.addAll(yaml.diagnostics);
  if (yaml.diagnostics.length > 0) return undefined;
  const profiles = isConfig(yaml.value) ? yaml.value : {};
  const { profileName } = choice;
  const profile = profiles[profileName];
  if (!isConfig(profile)) {
    const names = Object.keys(profiles).filter((name) => name !== 'config');
    problems.error(
      'missing-profile',
      `Could not find profile named '${profileName}' in ${file.path}; it has ${quotedList(names)}. Add the profile, or name another with --profile.`,
      placeIn(file),
    );
    return undefined;
  }
  const outputs = isConfig(profile.outputs) ? profile.outputs : {};
  const name = choice.target ?? targetName(profile, context);
  const output = outputs[name];
  if (!isConfig(output)) {
    problems.error(
      'missing-target',
      `The profile '${profileName}' does not have a target named '${name}'. The valid target names for this profile are: ${quotedList(Object.keys(outputs))}.`,
      placeIn(file, yaml.rangeOf([profileName, choice.target === null ? 'target' : 'outputs'])),
    );
    return undefined;
  }
  const path = [profileName, 'outputs', name];
  const before = problems.all().length;
  const rendered = renderYaml(
    yaml,
    output,
    context,
    problems,
    (at) => at.at(-1) !== 'password' || looksRendered(output),
    path,
  ) as Config;
  if (
    problems
      .all()
      .slice(before)
      .some((problem) => problem.severity === 'error')
  )
    return undefined;
  const revealed = withSecrets(rendered, settings.environment) as Config;
  return targetFrom({ written: output, output: revealed }, choice, name, (message, key) => {
    problems.error(
      'invalid-profile',
      message,
      placeIn(file, yaml.rangeOf(key === undefined ? path : [...path, key])),
    );
  });
}

/** A password may hold braces that are no template. */
function looksRendered(output: Config): boolean {
  const password = output.password ?? output.pass;
  return typeof password === 'string' && /\{\{.*\}\}/.test(password);
}

function targetName(profile: Config, context: Context): string {
  const written = profile.target;
  if (typeof written !== 'string') return 'default';
  return hasTemplate(written) ? String(renderYamlString(written, context)) : written;
}

/** What templates saw stand-ins for, in every text. */
function withSecrets(value: unknown, environment: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return revealSecrets(value, environment);
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, environment));
  if (!isConfig(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, environment)]),
  );
}

/** Complaints show what is written, never what a template made of it: that may come from the environment. */
function targetFrom(
  { written, output }: { readonly written: Config; readonly output: Config },
  choice: TargetChoice,
  name: string,
  report: (message: string, key?: string) => void,
): Target | undefined {
  const { type } = output;
  if (type !== 'postgres' && type !== 'embedded') {
    report(
      `this target's type is '${String(written.type)}'; Grainline runs on 'postgres' (any server) and 'embedded' (the one it brings).`,
      'type',
    );
    return undefined;
  }
  const credentials: Config = { ...output };
  for (const [alias, key] of [
    ['dbname', 'database'],
    ['pass', 'password'],
  ] as const) {
    if (credentials[alias] === undefined) continue;
    credentials[key] ??= credentials[alias];
    Reflect.deleteProperty(credentials, alias);
  }
  const threads = choice.threads ?? Number(credentials.threads ?? 1);
  Reflect.deleteProperty(credentials, 'threads');
  if (type === 'embedded')
    Object.assign(credentials, {
      host: '127.0.0.1',
      user: 'postgres',
      database: credentials.database ?? 'warehouse',
    });
  const required =
    type === 'embedded' ? ['schema'] : ['host', 'port', 'user', 'password', 'database', 'schema'];
  const missing = required.filter((key) => credentials[key] === undefined || credentials[key] === null);
  if (missing.length > 0) {
    report(
      `the target '${name}' lacks ${quotedList(missing.map((key) => (key === 'database' ? 'dbname' : key)))}. Add it to profiles.yml.`,
    );
    return undefined;
  }
  if (type === 'postgres' && !Number.isInteger(Number(credentials.port))) {
    report(`the port must be a number; this is '${String(written.port)}'.`, 'port');
    return undefined;
  }
  if (!Number.isInteger(threads) || threads < 1) {
    report(
      `threads must be a whole number from 1; this is '${String(choice.threads ?? written.threads)}'.`,
      'threads',
    );
    return undefined;
  }
  return {
    profileName: choice.profileName,
    name,
    kind: type,
    database: String(credentials.database),
    schema: String(credentials.schema),
    threads,
    credentials,
  };
}

function quotedList(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');
}
