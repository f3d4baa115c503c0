/** `unknown-column`: a name that no column of what a model reads has, where all of them are known. */

import { closestName } from '../../base/closest-name.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Project } from '../../project/project.ts';
import type { ColumnReference, Resolution } from '../../sql/scopes/columns.ts';
import { resolveScopes } from '../../sql/scopes/queries.ts';
import type { Snapshot } from '../snapshot.ts';
import { resourceIdOf, resourceName } from './column-words.ts';
import { identifierText } from './identifier-text.ts';
import { relationColumns } from './parent-columns.ts';
import { literalPlace, renderedSql, treeOf } from './rendered.ts';

/** Silent of whatever is not certain, and of what a macro wrote. */
export function unknownColumns(snapshot: Snapshot, uniqueId: string): readonly Diagnostic[] {
  const { project, parser } = snapshot;
  const node = project.manifest.nodes.get(uniqueId);
  if (!node) return [];
  const found = new Map<string, Diagnostic>();
  for (const rendered of renderedSql(snapshot, node)) {
    const tree = treeOf(parser, rendered);
    if (!tree) continue;
    for (const reference of resolveScopes(tree, relationColumns(snapshot, 'certain')).references) {
      const { resolution, range } = reference;
      if (resolution.kind !== 'missing') continue;
      const place = literalPlace(project, rendered, range);
      if (!place) continue;
      const diagnostic = diagnosticOf(snapshot, reference, resolution);
      found.set(`${place.path}:${String(place.range.start)}`, {
        ...diagnostic,
        place,
        ...suggestionAt(snapshot, reference, resolution, place.range),
      });
    }
  }
  return [...found.values()];
}

type Missing = Extract<Resolution, { kind: 'missing' }>;

function diagnosticOf(
  { project }: Snapshot,
  { name }: ColumnReference,
  { item, candidates }: Missing,
): Pick<Diagnostic, 'code' | 'severity' | 'message'> {
  const close = meant(name, candidates);
  const advice = close === undefined ? choiceOf(candidates) : ` Did you mean '${close}'?`;
  const what = item
    ? `'${itemWords(project, item)}' has no column '${name}'`
    : `nothing that is read here has a column '${name}'`;
  return {
    code: 'unknown-column',
    severity: 'error',
    message: `${what}.${advice}`,
  };
}

/** Of a name of one or two characters any other is close. */
function meant(name: string, candidates: readonly string[]): string | undefined {
  return name.length > 2 ? closestName(name, candidates) : undefined;
}

const MOST_NAMES = 5;

function choiceOf(candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const names = candidates.slice(0, MOST_NAMES).map((name) => `'${name}'`);
  const more = candidates.length - names.length;
  return ` There is ${names.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}.`;
}

function itemWords(project: Project, item: NonNullable<Missing['item']>): string {
  const id = resourceIdOf(project, item);
  return id === undefined ? item.name : resourceName(project, id);
}

function suggestionAt(
  { parser }: Snapshot,
  { name, qualifier }: ColumnReference,
  { candidates }: Missing,
  range: NonNullable<Diagnostic['place']>['range'],
): Pick<Diagnostic, 'suggestion'> {
  const close = meant(name, candidates);
  if (close === undefined) return {};
  return { suggestion: { range, text: identifierText(parser, close, qualifier ? 'behind a dot' : 'alone') } };
}
