/** Every macro the project can call, by package, and dbt's order of looking a name up. */

import { parseMacroFile, templateFacts, type MacroDefinition, type MacroFile } from '../jinja/index.ts';
import type { Config, MacroNode } from './nodes.ts';
import type { Package } from './project-file.ts';
import { extension, type FileSet, type SourceFile } from './files.ts';
import { placeIn, type Problems } from './problems.ts';
import { uniqueId } from './naming.ts';

/** The packages that come with the engine; any project's macro of the same name overrides theirs. */
export const BUILTIN_PACKAGES = ['dbt', 'dbt_postgres'] as const;

export interface Macro {
  readonly node: MacroNode;
  readonly definition: MacroDefinition;
  readonly file: SourceFile;
}

export interface MacroTable {
  readonly rootPackage: string;
  /** Macros by package, then by full name (`test_unique`, `materialization_view_default`). */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, Macro>>;
  /** `dbt` and `dbt_postgres` as one namespace; the adapter's win. */
  readonly builtin: ReadonlyMap<string, Macro>;
  readonly byId: ReadonlyMap<string, Macro>;
}

export interface MacroSource {
  readonly packageName: string;
  /** Its folder below the root project; empty for the root itself and for built-in packages. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
}

/** The files of a package that may hold macros: its macro paths and the generic tests. */
export function macroFiles(files: FileSet, source: Package): SourceFile[] {
  const folders = [...source.macroPaths, ...source.testPaths.map((path) => `${path}/generic`)];
  const prefixes = folders.map(
    (folder) => `${source.folder ? `${source.folder}/` : ''}${folder === '.' ? '' : `${folder}/`}`,
  );
  return [...files.values()].filter(
    (file) => extension(file.path) === '.sql' && prefixes.some((prefix) => file.path.startsWith(prefix)),
  );
}

const parsedFiles = new WeakMap<SourceFile, MacroFile>();

export function parsedMacroFile(file: SourceFile): MacroFile {
  let parsed = parsedFiles.get(file);
  if (!parsed) {
    parsed = parseMacroFile(file.text, file.path);
    parsedFiles.set(file, parsed);
  }
  return parsed;
}

export function buildMacroTable(
  rootPackage: string,
  sources: readonly MacroSource[],
  problems: Problems,
): MacroTable {
  const packages = new Map<string, Map<string, Macro>>();
  const byId = new Map<string, Macro>();
  for (const source of sources) {
    const names = new Map<string, Macro>();
    packages.set(source.packageName, names);
    for (const file of source.files) {
      const parsed = parsedMacroFile(file);
      // To know its faults a file must be parsed; ours has none, and most of its macros are not called.
      if (!isBuiltin(source.packageName)) reportFaults(file, parsed, problems);
      for (const definition of parsed.definitions) {
        if (definition.kind === 'docs' || definition.kind === 'snapshot') continue;
        const macro = macroOf(source, file, definition);
        const other = names.get(macro.node.name);
        if (other) {
          problems.error(
            'duplicate-macro',
            `dbt found two macros named "${macro.node.name}" in the project "${source.packageName}", in ${other.node.original_file_path} and ${macro.node.original_file_path}. Rename or remove one of them.`,
            placeIn(file, { start: definition.start, end: definition.end }),
          );
          continue;
        }
        names.set(macro.node.name, macro);
        byId.set(macro.node.unique_id, macro);
      }
    }
  }
  const builtin = new Map<string, Macro>();
  for (const name of BUILTIN_PACKAGES)
    for (const [key, macro] of packages.get(name) ?? []) builtin.set(key, macro);
  const table: MacroTable = { rootPackage, packages, builtin, byId };
  return table;
}

function reportFaults(file: SourceFile, parsed: MacroFile, problems: Problems): void {
  for (const { message, start, end } of parsed.diagnostics)
    problems.error('template-syntax', message, placeIn(file, { start, end }));
}

function macroOf(source: MacroSource, file: SourceFile, definition: MacroDefinition): Macro {
  const path = source.folder ? file.path.slice(source.folder.length + 1) : file.path;
  return {
    definition,
    file,
    node: {
      name: definition.fullName,
      resource_type: 'macro',
      package_name: source.packageName,
      path,
      original_file_path: path,
      unique_id: uniqueId('macro', source.packageName, definition.fullName),
      macro_sql: definition.text,
      depends_on: { macros: [] },
      description: '',
      meta: {},
      docs: { show: true, node_color: null },
      config: { meta: {}, docs: { show: true, node_color: null } } satisfies Config,
      patch_path: null,
      arguments: [],
      created_at: 0,
      supported_languages: definition.supportedLanguages ? [...definition.supportedLanguages] : null,
    },
  };
}

/** What a bare name means for a resource of a package: its own package, the root project, then the built-ins. */
export function findMacro(table: MacroTable, localPackage: string, name: string): Macro | undefined {
  return (
    table.packages.get(localPackage)?.get(name) ??
    table.packages.get(table.rootPackage)?.get(name) ??
    table.builtin.get(name)
  );
}

/** What `package.name` means. */
export function findPackageMacro(table: MacroTable, packageName: string, name: string): Macro | undefined {
  if (packageName === 'dbt') return table.builtin.get(name);
  return table.packages.get(packageName)?.get(name);
}

export interface DispatchRule {
  readonly namespace: string;
  readonly searchOrder: readonly string[];
}

/** The candidates of `adapter.dispatch(name, namespace)`, first match first. */
export function dispatchCandidates(
  table: MacroTable,
  rules: readonly DispatchRule[],
  name: string,
  namespace: string | null,
): { readonly packageName: string | null; readonly name: string }[] {
  const rule = rules.find((entry) => entry.namespace === namespace);
  const isInstalled = namespace !== null && table.packages.has(namespace) && !isBuiltin(namespace);
  const packages: (string | null)[] = rule?.searchOrder.length
    ? [...rule.searchOrder]
    : namespace !== null && isInstalled
      ? [table.rootPackage, namespace]
      : [null];
  return packages.flatMap((packageName) =>
    ['postgres', 'default'].map((prefix) => ({ packageName, name: `${prefix}__${name}` })),
  );
}

export function isBuiltin(packageName: string): boolean {
  return (BUILTIN_PACKAGES as readonly string[]).includes(packageName);
}

/** The macro that implements a materialization: the root project's wins, then packages, then ours; adapter before default. */
export function findMaterialization(
  table: MacroTable,
  name: string,
  /** Whether an installed package may replace a built-in materialization without the root project's word. */
  packages: 'may-replace' | 'may-add' = 'may-add',
): Macro | undefined {
  const rank = (macro: Macro): number => {
    const where =
      macro.node.package_name === table.rootPackage ? 0 : isBuiltin(macro.node.package_name) ? 2 : 1;
    return where;
  };
  const isOurs = ['postgres', 'default'].some((adapter) =>
    table.builtin.has(`materialization_${name}_${adapter}`),
  );
  const candidates = ['postgres', 'default'].flatMap((adapter, specificity) =>
    [...table.packages].flatMap(([owner, names]) => {
      if (isOurs && packages === 'may-add' && owner !== table.rootPackage && !isBuiltin(owner)) return [];
      const macro = names.get(`materialization_${name}_${adapter}`);
      return macro ? [{ macro, specificity }] : [];
    }),
  );
  // A root project's default materialization wins over the adapter's built-in one, as in dbt since 1.8.
  candidates.sort((a, b) => rank(a.macro) - rank(b.macro) || a.specificity - b.specificity);
  return candidates[0]?.macro;
}

/** What each macro of a file calls, by its full name: what a packed library knows of itself. */
export function macroCalls(file: SourceFile): Record<string, readonly string[]> {
  return Object.fromEntries(
    parsedMacroFile(file).definitions.map((definition) => [definition.fullName, callsIn(definition)]),
  );
}

/** `name` or `package.name`, each once. */
function callsIn({ template }: MacroDefinition): readonly string[] {
  const calls = templateFacts(template).macroCalls.map((call) =>
    call.package ? `${call.package.text}.${call.name.text}` : call.name.text,
  );
  return [...new Set(calls)];
}

const callsOf = new WeakMap<MacroDefinition, readonly string[]>();

/** Ids of the macros that a macro's body calls by name, for `depends_on.macros`. */
export function macroDependencies(table: MacroTable, macro: Macro): string[] {
  let calls = callsOf.get(macro.definition);
  if (!calls) {
    calls = macro.file.calls?.[macro.definition.fullName] ?? callsIn(macro.definition);
    callsOf.set(macro.definition, calls);
  }
  const found = new Set<string>();
  for (const call of calls) {
    const dot = call.indexOf('.');
    const target =
      dot < 0
        ? findMacro(table, macro.node.package_name, call)
        : findPackageMacro(table, call.slice(0, dot), call.slice(dot + 1));
    if (target && target !== macro) found.add(target.node.unique_id);
  }
  return [...found];
}
