/** `modules`: the parts of Python's standard library, and of pytz, that dbt gives templates. */

import { Dict } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import type { DateTime } from './datetime/date-time.ts';
import type { Clock } from './datetime/module.ts';
import { dateTimeFromUnix, datetimeModule } from './datetime/module.ts';
import { itertoolsModule } from './itertools.ts';
import { pytzModule, pytzUtc } from './pytz/module.ts';
import { reModule } from './re/module.ts';

export interface ModulesOptions {
  /** Unix time in milliseconds; asked anew by every `now()`. */
  readonly now: Clock;
}

export function modulesValue({ now }: ModulesOptions): Value {
  return Dict.of([
    ['pytz', pytzModule()],
    ['datetime', datetimeModule(now)],
    ['re', reModule()],
    ['itertools', itertoolsModule()],
  ]);
}

/** An aware UTC datetime of a Unix time in milliseconds, as `run_started_at` is. */
export function datetimeFromMillis(milliseconds: number): DateTime {
  return dateTimeFromUnix(milliseconds, pytzUtc);
}
