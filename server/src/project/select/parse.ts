/** From the selection arguments of a command to what they ask for. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Config, ResourceType } from '../nodes.ts';
import type { IndirectSelection } from '../settings.ts';
import type { Combination, Criteria } from './criteria.ts';
import { parseCriterion, SelectionError } from './criteria.ts';
import { defaultSelectorName, readSelectors } from './selectors-yml.ts';

export interface SelectionArguments {
  /** `--select`, each with one or more criteria separated by spaces. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** `--selector`. */
  readonly selector?: string | undefined;
  /** The manifest's selectors, by name, as written. */
  readonly selectors: ReadonlyMap<string, Config>;
  /** What the command handles: see `resourceTypesOf`. */
  readonly resourceTypes: ReadonlySet<ResourceType>;
  readonly indirectSelection: IndirectSelection;
}

export interface Selection {
  readonly criteria: Criteria;
  readonly resourceTypes: ReadonlySet<ResourceType>;
  /** The selector with `default: true` that stands in for absent arguments. */
  readonly defaultSelector?: string;
}

export type ParsedSelection =
  | { readonly selection: Selection; readonly diagnostics: readonly [] }
  | { readonly selection?: undefined; readonly diagnostics: readonly [Diagnostic] };

/** Everything that may be selected when nothing is said; unit tests and saved queries are found by `fqn:*` too. */
const EVERYTHING = ['fqn:*', 'source:*', 'exposure:*', 'metric:*', 'semantic_model:*'];

/** Gives the selection, or one error diagnostic `invalid-selection` in dbt's words. */
export function parseSelection(given: SelectionArguments): ParsedSelection {
  try {
    return { selection: readSelection(given), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error;
    return { diagnostics: [{ code: 'invalid-selection', severity: 'error', message: error.message }] };
  }
}

function readSelection(given: SelectionArguments): Selection {
  const { resourceTypes, indirectSelection } = given;
  const selectors = readSelectors(given.selectors, indirectSelection);
  if (given.selector !== undefined && given.selector !== '') {
    const criteria = selectors.get(given.selector);
    if (!criteria) throw new SelectionError(noSuchSelector(given.selector, [...selectors.keys()]));
    return { criteria, resourceTypes };
  }
  const byDefault = defaultSelectorName(given.selectors);
  const chosen = byDefault === undefined ? undefined : selectors.get(byDefault);
  if (given.select.length === 0 && given.exclude.length === 0 && byDefault !== undefined && chosen) {
    return { criteria: chosen, resourceTypes, defaultSelector: byDefault };
  }
  const included =
    given.select.length > 0
      ? parseUnion(given.select, indirectSelection, selectors, 'warn')
      : parseUnion(EVERYTHING, indirectSelection, selectors, 'quiet');
  const excluded = parseUnion(given.exclude, indirectSelection, selectors, 'warn');
  const criteria: Combination = {
    kind: 'difference',
    components: [included, excluded],
    indirectSelection: 'eager',
    warnsAs: undefined,
  };
  return { criteria, resourceTypes };
}

function noSuchSelector(name: string, known: readonly string[]): string {
  return `Could not find selector named ${name}, expected one of [${known.map((each) => `'${each}'`).join(', ')}]`;
}

/** `a b,c` is the union of `a` and of the intersection of `b` and `c`. */
function parseUnion(
  specs: readonly string[],
  indirectSelection: IndirectSelection,
  selectors: ReadonlyMap<string, Criteria>,
  empty: 'warn' | 'quiet',
): Combination {
  const parse = (part: string): Criteria => {
    const name = /^selector:(.*)$/s.exec(part)?.[1];
    if (name === undefined) return parseCriterion(part, indirectSelection);
    const criteria = selectors.get(name);
    if (!criteria) throw new SelectionError(noSuchSelector(name, [...selectors.keys()]));
    return criteria;
  };
  const components = specs
    .flatMap((spec) => spec.split(' '))
    .map((spec): Combination => ({
      kind: 'intersection',
      components: spec.split(',').map(parse),
      indirectSelection,
      warnsAs: empty === 'warn' ? spec : undefined,
    }));
  return { kind: 'union', components, indirectSelection, warnsAs: undefined };
}
