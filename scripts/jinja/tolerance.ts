/** What has to hold of any text, however broken, and what an edit may take of the facts around it. */

import { parseMacroFile, parseTemplate, templateFacts } from '../../server/src/jinja/index.ts';
import type { Span, Template, TemplateFacts } from '../../server/src/jinja/index.ts';
import { forEachChild } from '../../server/src/jinja/walk.ts';
import type { Node } from '../../server/src/jinja/walk.ts';
import type { Edit } from './random-edit.ts';

export const readings = ['template', 'macros'] as const;

export type Reading = (typeof readings)[number];

/** The templates of a text: itself, or the blocks that it defines. */
export function templatesOf(text: string, reading: Reading): readonly Template[] {
  if (reading === 'template') return [parseTemplate(text, 'edited.sql')];
  return parseMacroFile(text, 'edited.sql').definitions.map(({ template }) => template);
}

/** A fact by what it says and how far it reaches. */
export interface PlacedFact extends Span {
  readonly says: string;
}

const lists = ['refs', 'sources', 'configs', 'vars', 'envVars', 'docs', 'macroCalls', 'dispatches'] as const;

export function placedFacts(templates: readonly Template[]): PlacedFact[] {
  return templates.flatMap((template) => {
    const facts = templateFacts(template);
    return lists.flatMap((list) =>
      facts[list].map((fact) => ({ says: `${list} ${saying(fact)}`, start: fact.start, end: fact.end })),
    );
  });
}

/** The values and names in a fact, without their places. */
function saying(fact: TemplateFacts[(typeof lists)[number]][number]): string {
  return JSON.stringify(fact, (key, value: unknown) => {
    if (/^(start|end|valueStart|valueEnd)$/.test(key)) return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
}

/** The nodes that leave the node around them, or the text. */
export function strayNodes(templates: readonly Template[]): string[] {
  const found: string[] = [];
  const visit = (node: Node, from: number, to: number): void => {
    if (node.start < from || node.end > to || node.start > node.end) {
      found.push(`${node.type} ${node.start}–${node.end} in ${from}–${to}`);
    }
    forEachChild(node, (child) => {
      visit(child, node.start, node.end);
    });
  };
  for (const { body, start, end } of templates) for (const node of body) visit(node, start, end);
  return found;
}

export interface Kept {
  /** Facts that ended before the edit began and are not there any more. */
  readonly lostBefore: readonly PlacedFact[];
  /** Facts behind the tag that was damaged: how many there were, and which are gone. */
  readonly after: number;
  readonly lostAfter: readonly PlacedFact[];
}

export function keptFacts(
  before: readonly PlacedFact[],
  text: string,
  edit: Edit,
  now: readonly PlacedFact[],
): Kept {
  const remaining = new Set(now.map(identity));
  const shift = edit.inserted.length - (edit.end - edit.start);
  const behind = nextTag(text, edit.end);
  const after = before.filter(({ start }) => start >= behind);
  return {
    lostBefore: before.filter((fact) => fact.end <= edit.start && !remaining.has(identity(fact))),
    after: after.length,
    lostAfter: after.filter(
      ({ says, start, end }) => !remaining.has(identity({ says, start: start + shift, end: end + shift })),
    ),
  };
}

function identity({ says, start, end }: PlacedFact): string {
  return `${start} ${end} ${says}`;
}

/** The first opener at or behind an offset. */
function nextTag(text: string, from: number): number {
  const found = text.slice(from).search(/\{[{%#]/);
  return found < 0 ? text.length : from + found;
}
