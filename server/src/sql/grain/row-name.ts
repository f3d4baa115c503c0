/** What a row is called in a message: by its alias, with the relation's own name where that differs. */

import type { Attribute, Attributes } from './attributes.ts';

export function rowName(attributes: Attributes, row: Attribute): string {
  const { name = '', relation = '' } = attributes.source(row) ?? {};
  if (name === '') return 'its groups';
  return name === relation ? name : `${relation} (${name})`;
}
