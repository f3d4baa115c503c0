/** The definitions of selectors.yml, in their string, key-value and full forms, as criteria. */

import type { Config } from '../nodes.ts';
import type { IndirectSelection } from '../settings.ts';
import type { Combination, Criteria } from './criteria.ts';
import { criterion, parseCriterion, SelectionError } from './criteria.ts';

/** The criteria of each selector. A definition sees only those above it. Throws SelectionError. */
export function readSelectors(
  selectors: ReadonlyMap<string, Config>,
  indirectSelection: IndirectSelection,
): ReadonlyMap<string, Criteria> {
  const known = new Map<string, Criteria>();
  const reader: Reader = { known, indirectSelection };
  for (const [name, selector] of selectors) {
    try {
      known.set(name, rootDefinition(selector.definition, reader));
    } catch (error) {
      if (!(error instanceof SelectionError)) throw error;
      throw new SelectionError(`Could not read selector file data: ${error.message}`);
    }
  }
  return known;
}

/** The selector that applies when a command names nothing. Throws SelectionError when two claim to be it. */
export function defaultSelectorName(selectors: ReadonlyMap<string, Config>): string | undefined {
  const [first, second] = [...selectors].filter(([, selector]) => selector.default === true);
  if (first && second) {
    throw new SelectionError(
      'Error when parsing the selector file. Found multiple selectors with `default: true`:' +
        `${first[0]} and ${second[0]}`,
    );
  }
  return first?.[0];
}

interface Reader {
  readonly known: ReadonlyMap<string, Criteria>;
  readonly indirectSelection: IndirectSelection;
}

function rootDefinition(definition: unknown, reader: Reader): Criteria {
  if (isMapping(definition) && ('union' in definition || 'intersection' in definition)) {
    const keys = Object.keys(definition);
    if (keys.length > 1) {
      throw new SelectionError(
        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; " +
          `found ${keys.join(',')}.`,
      );
    }
  }
  return readDefinition(definition, reader);
}

function readDefinition(definition: unknown, reader: Reader): Criteria {
  if (typeof definition === 'string') return parseCriterion(definition, reader.indirectSelection);
  if (!isMapping(definition)) {
    throw new SelectionError(
      `Expected to find union, intersection, str or dict, instead found: ${JSON.stringify(definition ?? null)}`,
    );
  }
  if ('union' in definition) return readCombination('union', definition, reader);
  if ('intersection' in definition) return readCombination('intersection', definition, reader);
  return readMapping(definition, reader);
}

function readCombination(kind: 'union' | 'intersection', definition: Config, reader: Reader): Criteria {
  const included: Criteria[] = [];
  let excluded: Criteria | undefined;
  let exclusions = 0;
  for (const part of listOf(definition, kind)) {
    if (isMapping(part) && 'exclude' in part) {
      exclusions += 1;
      if (exclusions > 1 && excluded) {
        throw new SelectionError(
          `You cannot provide multiple exclude arguments to the same selector set operator:\n${JSON.stringify(part)}`,
        );
      }
      excluded = readExclusions(part, reader);
    } else {
      included.push(readDefinition(part, reader));
    }
  }
  const base = combination(kind, included);
  return excluded ? combination('difference', [base, excluded]) : base;
}

function readExclusions(definition: Config, reader: Reader): Criteria | undefined {
  const exclusions = listOf(definition, 'exclude').map((part) => readDefinition(part, reader));
  return exclusions.length > 1 ? combination('union', exclusions) : exclusions[0];
}

function readMapping(definition: Config, reader: Reader): Criteria {
  const keys = Object.keys(definition);
  const [onlyKey] = keys;
  if (keys.length === 1 && onlyKey !== undefined) {
    return readCriterion(definition, { method: onlyKey, value: definition[onlyKey] }, reader);
  }
  if (definition.method === 'selector') {
    const name = String(definition.value);
    const criteria = reader.known.get(name);
    if (!criteria) throw new SelectionError(`Existing selector definition for ${name} not found.`);
    return criteria;
  }
  if (!('method' in definition && 'value' in definition)) {
    throw new SelectionError(
      `Expected either 1 key or else "method" and "value" keys, but got [${keys.map((key) => `'${key}'`).join(', ')}]`,
    );
  }
  const base = readCriterion(definition, definition, reader);
  const excluded = 'exclude' in definition ? readExclusions(definition, reader) : undefined;
  return excluded ? combination('difference', [base, excluded]) : base;
}

function readCriterion(raw: Config, parts: Config, reader: Reader): Criteria {
  return criterion(JSON.stringify(raw), {
    method: String(parts.method),
    value: parts.value,
    childrensParents: Boolean(parts.childrens_parents),
    parents: Boolean(parts.parents),
    parentsDepth: depthOf(parts.parents_depth),
    children: Boolean(parts.children),
    childrenDepth: depthOf(parts.children_depth),
    indirectSelection: indirectSelectionOf(parts.indirect_selection, reader),
  });
}

function depthOf(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function indirectSelectionOf(value: unknown, reader: Reader): IndirectSelection {
  if (value === undefined) return reader.indirectSelection;
  if (value === 'eager' || value === 'cautious' || value === 'buildable' || value === 'empty') return value;
  throw new SelectionError(
    `${JSON.stringify(value)} is not a valid indirect_selection; expected eager, cautious, buildable or empty`,
  );
}

/** YAML groups expand eagerly whatever the command says; only their criteria inherit its mode. */
function combination(kind: Combination['kind'], components: readonly Criteria[]): Combination {
  return { kind, components, indirectSelection: 'eager', warnsAs: undefined };
}

function listOf(definition: Config, key: string): readonly unknown[] {
  const values = definition[key];
  if (!Array.isArray(values)) throw new SelectionError(`Invalid value for key "${key}". Expected a list.`);
  for (const value of values) {
    if (typeof value !== 'string' && !isMapping(value)) {
      throw new SelectionError(
        `Invalid value type in key "${key}", expected dict or str (value: ${JSON.stringify(value)}).`,
      );
    }
  }
  return values;
}

function isMapping(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
