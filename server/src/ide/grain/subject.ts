/** What a verdict is about: one resource whose SQL was understood; and how its findings reach the file. */

import type { Diagnostic, Place } from '../../base/diagnostic.ts';
import type { Range } from '../../base/text.ts';
import { renderedPlace } from '../../checks/rendered-place.ts';
import type { ManifestNode } from '../../project/nodes.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModelAnalysis } from './model-analysis.ts';

export type Analyzed = Extract<ModelAnalysis, { kind: 'analyzed' }>;

export interface Subject {
  readonly snapshot: Snapshot;
  readonly node: ManifestNode;
  readonly model: Analyzed;
}

/** Without the code and the severity, which the table of verdicts has. */
export interface Finding {
  readonly message: string;
  readonly place: Place;
  readonly related?: NonNullable<Diagnostic['related']>;
  /** Where it is not the table's. */
  readonly severity?: Diagnostic['severity'];
}

export type FindVerdicts = (subject: Subject) => readonly Finding[];

/** Where a range of the SQL is written; what a macro wrote, at its call. Undefined for what is written in another model. */
export function placeIn({ snapshot, node, model }: Subject, range: Range): Place | undefined {
  if (range.start >= range.end) return undefined;
  const { place } = renderedPlace(snapshot.project, node, model.rendered.sql, range);
  return place && place.range.start < place.range.end ? place : undefined;
}
