/** Random damage to a template, as typing and half-finished work do it: what was cut out and what was put in its place. */

import type { Random } from '../generate-data/random.ts';

export interface Edit {
  readonly kind: EditKind;
  readonly text: string;
  /** The part of the old text that is gone, [start, end), and what stands there now. */
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
}

export const editKinds = [
  'truncate',
  'behead',
  'insert',
  'delete',
  'replace',
  'repeat token',
  'delete token',
  'delete line',
  'half tag',
  'insert piece',
] as const;

export type EditKind = (typeof editKinds)[number];

const characters: readonly [string, ...string[]] = ['{', ...Array.from(`}%#-+()[]'",.|~=*:\\ \nax0é✓`)];

const pieces: readonly [string, ...string[]] = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '{%- ',
  ' -%}',
  '{{ x',
  '{{ ref(',
  "{{ ref('",
  "ref('x')",
  '{% if ',
  '{% if x %}',
  '{% else %}',
  '{% endif %}',
  '{% for ',
  '{% for x in ',
  '{% endfor %}',
  '{% set ',
  '{% set x = ',
  '{% set x %}',
  '{% endset %}',
  '{% macro m(',
  '{% endmacro %}',
  '{% raw %}',
  '{% endraw %}',
  '{% call ',
  '{% do ',
  '{% block b %}',
  '{{ config(',
  ' if ',
  ' is ',
  ' in ',
  ' not ',
  ' | ',
  '**',
  '{% nope %}',
  '{% data_',
  '"""',
];

const token = /\w+|\{[{%#]-?|-?[}%#]\}|'[^'\n]*'|"[^"\n]*"|\s+|[^]/g;

export function randomEdit(text: string, random: Random): Edit {
  const kind = random.pick(editKinds);
  const at = random.below(text.length + 1);
  const edit = (start: number, end: number, inserted: string): Edit => ({
    kind,
    text: text.slice(0, start) + inserted + text.slice(end),
    start,
    end,
    inserted,
  });
  switch (kind) {
    case 'truncate':
      return edit(at, text.length, '');
    case 'behead':
      return edit(0, at, '');
    case 'insert':
      return edit(at, at, random.pick(characters));
    case 'delete':
      return edit(at, Math.min(text.length, at + 1 + random.below(4)), '');
    case 'replace':
      return edit(at, Math.min(text.length, at + 1), random.pick(characters));
    case 'repeat token':
    case 'delete token': {
      const [start, end] = tokenAt(text, at);
      return kind === 'delete token' ? edit(start, end, '') : edit(end, end, text.slice(start, end));
    }
    case 'delete line': {
      const start = text.lastIndexOf('\n', at - 1) + 1;
      const next = text.indexOf('\n', at);
      return edit(start, next < 0 ? text.length : next + 1, '');
    }
    case 'half tag': {
      // From a tag's start to within it, or from within to its end.
      const opener = lastOpener(text, at);
      const closer = text.slice(at).search(/[}%#]\}/);
      if (opener >= 0 && random.chance(0.5)) return edit(opener, at, '');
      return edit(at, closer < 0 ? text.length : at + closer + 2, '');
    }
    case 'insert piece':
      return edit(at, at, random.pick(pieces));
  }
}

function lastOpener(text: string, before: number): number {
  return Math.max(...['{{', '{%', '{#'].map((opener) => text.lastIndexOf(opener, before)));
}

function tokenAt(text: string, at: number): [start: number, end: number] {
  // Close enough to tokens for damage, from the line's start on.
  token.lastIndex = text.lastIndexOf('\n', at - 1) + 1;
  for (;;) {
    const match = token.exec(text);
    if (!match) return [at, at];
    if (token.lastIndex > at) return [match.index, token.lastIndex];
  }
}
