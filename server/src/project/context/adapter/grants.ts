/** The rows of a query for privileges as the `grants` config writes them. */

import { Dict, type Value } from '../../../jinja/index.ts';
import { AgateTable } from '../agate/index.ts';

export function grantsDict(table: Value): Dict {
  const grants = new Dict();
  if (!(table instanceof AgateTable)) return grants;
  const grantee = table.columnNames.indexOf('grantee');
  const privilege = table.columnNames.indexOf('privilege_type');
  for (const row of table.rowValues()) {
    const key = row[privilege] ?? null;
    const known = grants.get(key);
    if (Array.isArray(known)) known.push(row[grantee] ?? null);
    else grants.set(key, [row[grantee] ?? null]);
  }
  return grants;
}
