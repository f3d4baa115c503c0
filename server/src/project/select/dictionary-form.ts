/** Selector definitions in the one form that manifest.json has for them: every criterion a mapping. */

import type { Config } from '../nodes.ts';
import { parseCriterion, SelectionError } from './criteria.ts';

/** `known` has the selectors above this one, in this form. What cannot be read stays as it is written. */
export function dictionaryForm(definition: unknown, known: Readonly<Record<string, Config>>): unknown {
  if (typeof definition === 'string') return criterionForm(definition);
  if (!isMapping(definition)) return definition;
  for (const key of ['union', 'intersection']) {
    const parts = definition[key];
    if (Array.isArray(parts)) return { [key]: parts.map((part) => dictionaryForm(part, known)) };
  }
  const [key, ...others] = Object.keys(definition);
  if (key === undefined) return definition;
  const written = definition[key];
  const value: unknown = Array.isArray(written)
    ? written.map((part) => dictionaryForm(part, known))
    : written;
  if (key === 'exclude') return { exclude: value };
  if (others.length === 0) return { method: key, value };
  if (definition.method === 'selector') return known[String(definition.value)]?.definition ?? definition;
  return definition;
}

function criterionForm(spec: string): Config {
  try {
    const { method, methodArguments, value, childrensParents, parents, children } = parseCriterion(
      spec,
      'eager',
    );
    return {
      ...(childrensParents ? { childrens_parents: true } : {}),
      ...(parents === undefined ? {} : { parents: true }),
      ...(parents === undefined || parents === Infinity ? {} : { parents_depth: String(parents) }),
      method: [method, ...methodArguments].join('.'),
      value,
      ...(children === undefined ? {} : { children: true }),
      ...(children === undefined || children === Infinity ? {} : { children_depth: String(children) }),
    };
  } catch (error) {
    if (error instanceof SelectionError) return { error: 'Invalid selector spec' };
    throw error;
  }
}

function isMapping(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
