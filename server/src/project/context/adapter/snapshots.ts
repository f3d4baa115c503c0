/** What snapshots ask: whether the target is one, and what to do with rows that are gone. */

import { then, type MaybePromise } from '../../../base/maybe-promise.ts';
import { callValue, Dict, HostObject, str, TemplateError, toJs, type Value } from '../../../jinja/index.ts';
import type { Bound } from '../host.ts';
import { columnsIn } from './columns.ts';
import type { AdapterOptions } from './options.ts';

export function validSnapshotTarget(
  args: Bound,
  options: AdapterOptions,
  isNewRecord: boolean,
): MaybePromise<Value> {
  const names = args.get('column_names');
  return then(columnsIn(options, args.value('relation')), (columns) => {
    const known = new Set(columns.map((column) => column.column.toLowerCase()));
    const wanted = [
      'dbt_scd_id',
      'dbt_valid_from',
      'dbt_valid_to',
      ...(isNewRecord ? ['dbt_is_deleted'] : []),
    ];
    const missing = wanted
      .map((name) => (names instanceof Dict ? str(names.get(name) ?? name) : name))
      .filter((name) => !known.has(name.toLowerCase()));
    if (missing.length === 0) return '';
    throw new TemplateError(
      'compilation',
      'SnapshotTargetNotSnapshotTableError',
      `Snapshot target is missing configured columns (missing ${missing.map((name) => `"${name}"`).join(', ')}). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.`,
    );
  });
}

/** What a snapshot does with rows that are gone, from the new setting or the old one. */
export function hardDeletes(config: Value): string {
  const read = (key: string): MaybePromise<Value> => {
    if (config instanceof Dict) return config.get(key) ?? null;
    const get = config instanceof HostObject ? config.getAttribute('get') : undefined;
    return get === undefined || get instanceof Promise
      ? null
      : callValue(get, { positional: [key], keyword: new Map() });
  };
  const isInvalidating = toJs(read('invalidate_hard_deletes') as Value);
  const asked = toJs(read('hard_deletes') as Value);
  if (isInvalidating !== null && asked !== null) {
    throw new TemplateError(
      'compilation',
      'DbtValidationError',
      'You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.',
    );
  }
  if (isInvalidating === true || asked === 'invalidate') return 'invalidate';
  if (asked === 'new_record') return 'new_record';
  if (asked === null || asked === 'ignore') return 'ignore';
  throw new TemplateError('compilation', 'DbtValidationError', 'Invalid setting for property hard_deletes.');
}
