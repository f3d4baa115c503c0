/** `adapter.parse_index`: an entry of the `indexes` config, with dbt's name for it. */

import { md5Hex } from '../../base/hash.ts';
import { fromJs, HostObject, str, TemplateError, toJs, type Value } from '../../jinja/index.ts';
import { asList, isConfig } from '../config.ts';
import { define } from './host.ts';

export class IndexValue extends HostObject {
  readonly typeName = 'PostgresIndexConfig';
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly type: string | null;

  constructor(columns: readonly string[], unique: boolean, type: string | null) {
    super();
    this.columns = columns;
    this.unique = unique;
    this.type = type;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'columns':
        return [...this.columns];
      case 'unique':
        return this.unique;
      case 'type':
        return this.type;
      case 'render':
        return define(name, 'relation', (args) => this.#indexName(str(args.value('relation'))));
      default:
        return undefined;
    }
  }

  /** A fresh name each time, so that the index of a swapped-in table never collides with the old one's. */
  #indexName(relation: string): string {
    const parts = [...this.columns, relation, String(this.unique), this.type ?? '', new Date().toISOString()];
    return md5Hex(parts.join('_'));
  }
}

export function parseIndex(raw: Value): Value {
  const index = toJs(raw);
  if (!isConfig(index) || !Array.isArray(index.columns)) {
    throw new TemplateError('compilation', 'IndexConfigError', `Could not parse index config: ${str(fromJs(index))}. An index needs 'columns', a list of names.`);
  }
  return new IndexValue(asList(index.columns).map(String), index.unique === true, typeof index.type === 'string' ? index.type : null);
}
