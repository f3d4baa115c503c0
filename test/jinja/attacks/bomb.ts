/** What a bomb is, and how most of them are written. */

export interface Attack {
  readonly name: string;
  readonly template: string;
  /** `refused`: raises one of our errors. `harmless`: ends, with whatever result. A text: renders exactly that. */
  readonly ends: 'refused' | 'harmless' | { readonly text: string };
}

export function refused(attacks: Readonly<Record<string, string>>): Attack[] {
  return Object.entries(attacks).map(([name, template]) => ({ name, template, ends: 'refused' }));
}

/** Ends, whether refused or not. */
export function harmless(attacks: Readonly<Record<string, string>>): Attack[] {
  return Object.entries(attacks).map(([name, template]) => ({ name, template, ends: 'harmless' }));
}

/** Sixty times over, what is made of the value before. */
export const doubling = (start: string, step: string, use: string): string =>
  `{% set ns = namespace(v=${start}) %}{% for i in range(60) %}{% set ns.v = ${step} %}{% endfor %}${use}`;
