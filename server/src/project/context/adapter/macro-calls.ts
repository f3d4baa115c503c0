/** The macros that do an adapter's work: found by name or dispatch, called with relations. */

import type { MaybePromise } from '../../../base/maybe-promise.ts';
import {
  callValue,
  compilationError,
  str,
  TemplateError,
  typeName,
  type Value,
} from '../../../jinja/index.ts';
import { dispatchCandidates } from '../../macros.ts';
import { isText, plain, type Bound } from '../host.ts';
import type { AdapterOptions } from './options.ts';

export function callMacro(
  options: AdapterOptions,
  name: string,
  positional: readonly Value[],
): MaybePromise<Value> {
  const macro = options.scope.find(name);
  if (macro === undefined)
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `dbt could not find a macro with the name '${name}' in any package`,
    );
  return callValue(macro, { positional, keyword: new Map() });
}

export function dispatch(
  name: string,
  given: { readonly namespace: Value; readonly packages: Value },
  options: AdapterOptions,
): Value {
  if (name.includes('.')) {
    const [suggestedPackage = '', ...rest] = name.split('.');
    throw new TemplateError(
      'compilation',
      'CompilationError',
      `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${rest.join('.')}", macro_namespace="${suggestedPackage}")\`?`,
    );
  }
  if (given.packages !== null) {
    throw new TemplateError(
      'compilation',
      'MacroDispatchArgError',
      `        The "packages" argument of adapter.dispatch() has been deprecated.\n        Use the "macro_namespace" argument instead.\n\n        Raised during dispatch for: ${name}\n\n        For more information, see:\n\n        https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch\n        `,
    );
  }
  if (given.namespace !== null && !isText(given.namespace)) {
    throw compilationError(
      `In adapter.dispatch, got a <class '${typeName(given.namespace)}'> macro_namespace argument ("${str(given.namespace)}"), but macro_namespace should be None or a string.`,
    );
  }
  const namespace = given.namespace === null ? null : plain(given.namespace);
  const { world, scope } = options;
  const candidates = dispatchCandidates(world.macros, world.root.dispatch, name, namespace);
  for (const candidate of candidates) {
    const macro =
      candidate.packageName === null
        ? scope.find(candidate.name)
        : scope.findIn(candidate.packageName, candidate.name);
    if (macro !== undefined) return macro;
  }
  const searched = candidates.map(
    ({ packageName, name: full }) => `'${packageName === null ? full : `${packageName}.${full}`}'`,
  );
  throw new TemplateError(
    'compilation',
    'CompilationError',
    `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? 'None'}'\n    Searched for: ${searched.join(', ')}`,
  );
}

export function strategyMacro(args: Bound, { scope, world }: AdapterOptions): Value {
  const strategy = args.text('strategy') ?? 'default';
  if (strategy === 'insert_overwrite') {
    throw new TemplateError(
      'compilation',
      'DbtRuntimeError',
      `The incremental strategy '${strategy}' is not valid for this adapter`,
    );
  }
  const name = `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
  const macro = scope.find(name);
  if (macro !== undefined) return macro;
  throw new TemplateError(
    'compilation',
    'DbtRuntimeError',
    `dbt could not find an incremental strategy macro with the name "${name}" in ${world.root.name}`,
  );
}
