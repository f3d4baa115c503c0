/** `unique-key`: rows are merged by columns that do not tell them apart. */

import { placeOfNode } from '../../checks/check.ts';
import { asList } from '../../project/config.ts';
import { configPlace } from '../config-place.ts';
import type { Finding, Subject } from './subject.ts';
import { wrongKey } from './wrong-key.ts';

export function findUniqueKey({ snapshot, node, model }: Subject): readonly Finding[] {
  const { config, resource_type: type, unique_id: id } = node;
  if (type !== 'snapshot' && config.materialized !== 'incremental') return [];
  const key = asList(config.unique_key).map(String);
  const wrong = key.length > 0 ? wrongKey(model, key) : undefined;
  const place =
    wrong && (configPlace(snapshot.project, id, 'unique_key') ?? placeOfNode(snapshot.project, node));
  if (!place) return [];
  const message = `The SQL of '${node.name}' gives ${wrong.instead} as its unique_key says: ${wrong.why}.`;
  // Deleting all rows of a key and inserting the new ones works for a key that repeats.
  const isReplaced = type !== 'snapshot' && config.incremental_strategy !== 'merge';
  return [{ message, place, ...(isReplaced ? { severity: 'information' as const } : {}) }];
}
