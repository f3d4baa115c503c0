/** `load_result`, `store_result`, `store_raw_result`: what the statements of one resource gave, by name. */

import { Dict, HostObject, str, TemplateError, toJs, type Value } from '../../jinja/index.ts';
import { AdapterResponse } from './adapter/response.ts';
import { AgateTable, tableFromQuery } from './agate/index.ts';
import { define } from './host.ts';

/** One stored result: `response`, `data`, `table`. */
export class StatementResult extends HostObject {
  readonly typeName = 'AttrDict';
  readonly response: Value;
  readonly table: AgateTable;

  constructor(response: Value, table: AgateTable) {
    super();
    this.response = response;
    this.table = table;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'response') return this.response;
    if (name === 'table') return this.table;
    return name === 'data' ? this.table.rowValues().map((row) => [...row]) : undefined;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return ['response', 'data', 'table'].map((name) => [name, this.getAttribute(name) ?? null]);
  }
}

export class StatementResults {
  /** null marks one that was read: it can be read once, but for `main`. */
  readonly #byName = new Map<string, StatementResult | null>();

  get(name: string): StatementResult | null {
    return this.#byName.get(name) ?? null;
  }

  /** `_sql_results`. */
  asDict(): Dict {
    return Dict.of([...this.#byName]);
  }

  /** The member of a context with this name, if it is one of these. */
  member(name: string): Value | undefined {
    switch (name) {
      case 'load_result':
        return define('load_result', 'name', (args) => {
          const name = args.text('name') ?? '';
          const result = this.#byName.get(name);
          if (result === undefined) return null;
          if (result === null) {
            throw new TemplateError(
              'compilation',
              'MacroResultAlreadyLoadedError',
              `The 'statement' result named '${name}' has already been loaded into a variable`,
            );
          }
          if (name !== 'main') this.#byName.set(name, null);
          return result;
        });
      case 'store_result':
        return define('store_result', 'name,response,agate_table=', (args) => {
          this.#store(args.text('name') ?? '', args.value('response'), args.get('agate_table'));
          return '';
        });
      case 'store_raw_result':
        return define('store_raw_result', 'name,message=,code=,rows_affected=,agate_table=', (args) => {
          const rows = toJs(args.get('rows_affected') ?? null);
          const response = new AdapterResponse(
            str(args.get('message') ?? ''),
            str(args.get('code') ?? ''),
            rows === null || rows === '' ? null : Number(rows),
          );
          this.#store(args.text('name') ?? '', response, args.get('agate_table'));
          return '';
        });
      default:
        return undefined;
    }
  }

  #store(name: string, response: Value, table: Value | undefined): void {
    const kept = table instanceof AgateTable ? table : tableFromQuery({ columns: [], rows: [] });
    this.#byName.set(name, new StatementResult(response, kept));
  }
}
