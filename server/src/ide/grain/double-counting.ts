/** `double-counting`: an aggregate over rows that a join repeats. */

import type { Place } from '../../base/diagnostic.ts';
import { callRange } from '../../sql/written-call.ts';
import type { Attribute } from '../../sql/grain/attributes.ts';
import type { DoubleCounting } from '../../sql/grain/double-counting.ts';
import { repeatingRows, type Repeating } from './certainty.ts';
import { joinRange } from './join-range.ts';
import { placeIn, type Finding, type Subject } from './subject.ts';
import { named, whichHas } from './words.ts';

export function findDoubleCounting(subject: Subject): readonly Finding[] {
  return certainDoubleCountings(subject).flatMap(({ found, by }) => {
    const { tree } = subject.model;
    const range = callRange(tree, found.call.node);
    const place = placeIn(subject, range);
    if (!place) return [];
    const written = tree.text.slice(range.start, range.end).replace(/\s+/gu, ' ');
    const related = by.flatMap(({ join, name }) => {
      const at = join && placeIn(subject, joinRange(tree, join));
      return at ? [{ place: at, message: `the join that repeats rows for each of ${name}` }] : [];
    });
    return [{ message: messageOf(found, by, written), place, ...(related.length > 0 ? { related } : {}) }];
  });
}

/** Where the aggregate is written. */
export function doubleCountingPlace(subject: Subject, { call }: DoubleCounting): Place | undefined {
  return placeIn(subject, callRange(subject.model.tree, call.node));
}

export interface CertainDoubleCounting {
  readonly found: DoubleCounting;
  readonly by: readonly Repeating[];
}

/** Those of which it is known what repeats them. */
export function certainDoubleCountings({ model }: Subject): readonly CertainDoubleCounting[] {
  const { analysis } = model;
  return analysis.doubleCountings.flatMap((found) => {
    const { plan, call, measured } = found;
    const given = analysis.derivation.given.get(plan) ?? [];
    const groups =
      plan.kind === 'aggregate' ? plan.groups.map(({ expression }) => expression) : partitionOf(call);
    const start: readonly Attribute[] = [
      ...given,
      ...groups.map((scalar) => analysis.derivation.attributes.of(scalar)),
      ...measured,
    ];
    const by = repeatingRows(analysis.derivation, plan.input, start);
    return by ? [{ found, by }] : [];
  });
}

function partitionOf(
  call: DoubleCounting['call'],
): readonly Extract<DoubleCounting['call'], { partition: unknown }>['partition'][number][] {
  return 'partition' in call ? call.partition : [];
}

function messageOf({ relation }: DoubleCounting, by: readonly Repeating[], written: string): string {
  const many = named(by.map((each) => `'${each.name}'${whichHas(each)}`));
  return `${written} counts a row of '${relation}' once for each row of ${many}.`;
}
