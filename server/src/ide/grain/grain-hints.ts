/** At each CTE's name, and at each join that may repeat rows, what its rows are one row for. */

import type { Range } from '../../base/text.ts';
import type { InlayHint } from '../answers.ts';
import type { Project } from '../../project/project.ts';
import { resourcesIn } from '../file-resources.ts';
import type { Snapshot } from '../snapshot.ts';
import { joinRange } from './join-range.ts';
import { modelAnalysis } from './model-analysis.ts';
import { joinGrain, queryGrain, type Grain } from './plan-grain.ts';
import { plansOf } from './plans.ts';
import { placeIn, type Subject } from './subject.ts';
import { rowPer } from './words.ts';

interface Shown {
  readonly text: string;
  readonly hints: readonly InlayHint[];
}

/** The last good answer of each file; an edit of one resource's text leaves the world as it is. */
const last = new WeakMap<Project['world'], Map<string, Shown>>();

/** Of a text that is half typed, the last good ones where they stand now. */
export function grainHints(snapshot: Snapshot, path: string): readonly InlayHint[] {
  const { project } = snapshot;
  const text = project.input.files.get(path)?.text ?? '';
  let shown = last.get(project.world);
  if (!shown) last.set(project.world, (shown = new Map<string, Shown>()));
  const hints: InlayHint[] = [];
  let isBroken = false;
  for (const id of resourcesIn(project, path).code) {
    const node = project.manifest.nodes.get(id);
    if (node?.language !== 'sql' || node.resource_type === 'test') continue;
    const model = modelAnalysis(snapshot, id);
    if (model.kind === 'unknown') isBroken = true;
    else hints.push(...hintsOf({ snapshot, node, model }));
  }
  const before = shown.get(path);
  if (isBroken) return before ? moved(before, text) : [];
  shown.set(path, { text, hints });
  return hints;
}

function hintsOf(subject: Subject): readonly InlayHint[] {
  const { analysis, tree } = subject.model;
  const { derivation, statement } = analysis;
  const ctes = statement.ctes.flatMap(({ name, start, query }) => {
    const grain = queryGrain(derivation, query);
    if (start === undefined || grain.kind === 'unknown') return [];
    const end = tree.tokens.find(({ range }) => range.start === start)?.range.end ?? start;
    return hintAt(subject, { start, end }, label(grain), `The rows of ${name}: ${rowPer(grain.columns)}.`);
  });
  const joins = [...plansOf(analysis)].flatMap((plan) => {
    const found = plan.kind === 'join' ? joinGrain(derivation, plan) : undefined;
    if (plan.kind !== 'join' || found?.repeats !== true) return [];
    const { grain } = found;
    const after = grain.kind === 'known' ? `After it: ${rowPer(grain.columns)}.` : `${grain.reason}.`;
    return hintAt(
      subject,
      joinRange(tree, plan),
      label(grain),
      `This join may repeat the rows before it. ${after}`,
    );
  });
  return [...ctes, ...joins];
}

const MOST_COLUMNS = 3;

function label(grain: Grain): string {
  if (grain.kind === 'unknown') return 'may repeat rows';
  const { columns } = grain;
  return columns.length > MOST_COLUMNS ? `${rowPer(columns.slice(0, MOST_COLUMNS))}, …` : rowPer(columns);
}

function hintAt(subject: Subject, range: Range, text: string, tooltip: string): readonly InlayHint[] {
  const place = placeIn(subject, range);
  const path = subject.snapshot.project.origins.get(subject.node.unique_id)?.raw?.file.path;
  return place?.path === path && place ? [{ offset: place.range.end, label: text, tooltip }] : [];
}

/** Those before and behind the edited stretch stay where they belong; those in it are left out. */
function moved({ text: before, hints }: Shown, after: string): readonly InlayHint[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  const end = before.length - tail;
  return hints.flatMap((hint) => {
    if (hint.offset <= start) return [hint];
    return hint.offset >= end ? [{ ...hint, offset: hint.offset + after.length - before.length }] : [];
  });
}
