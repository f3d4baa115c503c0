/** Constraints of a contract as DDL, in dbt's wording. Postgres enforces every kind. */

import { fromJs, repr, TemplateError } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import type { Config } from '../nodes.ts';

/** One line a column: name, type, constraints. */
export function renderColumnConstraints(rawColumns: unknown): string[] {
  if (!isConfig(rawColumns)) return [];
  return Object.values(rawColumns)
    .filter(isConfig)
    .map((column) => {
      const name = column.quote === true ? `"${String(column.name)}"` : String(column.name);
      const rendered = asList(column.constraints)
        .filter(isConfig)
        .map(checked)
        .map(columnConstraint)
        .filter((text) => text !== null);
      return [`${name} ${String(column.data_type)}`, ...rendered].join(' ');
    });
}

export function renderModelConstraints(rawConstraints: unknown): string[] {
  return asList(rawConstraints)
    .filter(isConfig)
    .map(checked)
    .map(modelConstraint)
    .filter((text) => text !== null);
}

const KINDS = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'];

function checked(constraint: Config): Config {
  if (KINDS.includes(text(constraint.type))) return constraint;
  throw new TemplateError(
    'compilation',
    'DbtValidationError',
    `Could not parse constraint: ${repr(fromJs(constraint))}`,
  );
}

function columnConstraint(constraint: Config): string | null {
  const expression = text(constraint.expression);
  switch (constraint.type) {
    case 'check':
      return expression ? `check (${expression})` : null;
    case 'not_null':
      return `not null ${expression}`.trim();
    case 'unique':
      return `unique ${expression}`.trim();
    case 'primary_key':
      return `primary key ${expression}`.trim();
    case 'foreign_key':
      if (isReference(constraint))
        return `references ${text(constraint.to)} (${names(constraint.to_columns)})`;
      return expression ? `references ${expression}` : null;
    case 'custom':
      return expression || null;
    default:
      return null;
  }
}

function modelConstraint(constraint: Config): string | null {
  const prefix = constraint.name ? `constraint ${text(constraint.name)} ` : '';
  const columns = names(constraint.columns);
  const expression = text(constraint.expression);
  const suffix = expression ? ` ${expression}` : '';
  switch (constraint.type) {
    case 'check':
      return expression ? `${prefix}check (${expression})` : null;
    case 'unique':
      return `${prefix}unique${suffix} (${columns})`;
    case 'primary_key':
      return `${prefix}primary key${suffix} (${columns})`;
    case 'foreign_key':
      if (isReference(constraint))
        return `${prefix}foreign key (${columns}) references ${text(constraint.to)} (${names(constraint.to_columns)})`;
      return expression ? `${prefix}foreign key (${columns}) references ${expression}` : null;
    case 'custom':
      return expression ? `${prefix}${expression}` : null;
    default:
      return null;
  }
}

function isReference(constraint: Config): boolean {
  return Boolean(constraint.to) && asList(constraint.to_columns).length > 0;
}

function names(value: unknown): string {
  return asList(value).map(String).join(', ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
