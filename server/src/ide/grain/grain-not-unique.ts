/** `grain-not-unique`: a declared grain that the SQL does not keep. */

import { placeOfNode } from '../../checks/check.ts';
import { declaredGrain, grainPlace } from '../grain.ts';
import type { Finding, Subject } from './subject.ts';
import { wrongKey } from './wrong-key.ts';

export function findGrainNotUnique({ snapshot, node, model }: Subject): readonly Finding[] {
  const grain = declaredGrain(node);
  const wrong = grain && wrongKey(model, grain);
  const place =
    wrong && (grainPlace(snapshot.project, node.unique_id) ?? placeOfNode(snapshot.project, node));
  if (!place) return [];
  return [{ message: `'${node.name}' has ${wrong.instead} as its grain says: ${wrong.why}.`, place }];
}
