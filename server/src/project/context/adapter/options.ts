/** What the adapter of one context is made of. */

import type { Context } from '../../../jinja/index.ts';
import type { MacroScope } from '../macro-scope.ts';
import type { WarehouseAccess } from '../warehouse-access.ts';
import type { World } from '../world.ts';

export interface AdapterOptions {
  readonly world: World;
  readonly scope: MacroScope;
  /** The context that macros called on the adapter's behalf see. */
  readonly context: Context;
  /** null while parsing: questions answer none, as dbt's do. */
  readonly access: WarehouseAccess | null;
}
