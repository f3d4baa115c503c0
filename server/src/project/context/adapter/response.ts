/** What the server answered to a statement, as templates see it. */

import { HostObject, type Value } from '../../../jinja/index.ts';

/** What `execute` and `statement` call a response: prints its message. */
export class AdapterResponse extends HostObject {
  readonly typeName = 'AdapterResponse';
  readonly message: string;
  readonly code: string;
  readonly rowsAffected: number | null;

  constructor(message: string, code: string, rowsAffected: number | null) {
    super();
    this.message = message;
    this.code = code;
    this.rowsAffected = rowsAffected;
  }

  override toStr(): string {
    return this.message;
  }

  override toRepr(): string {
    return `AdapterResponse(_message='${this.message}', code='${this.code}', rows_affected=${this.rowsAffected === null ? 'None' : String(this.rowsAffected)}, query_id=None)`;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === '_message' || name === 'message') return this.message;
    if (name === 'code') return this.code;
    if (name === 'query_id') return null;
    return name === 'rows_affected' ? this.rowsAffected : undefined;
  }

  override entries(): readonly (readonly [Value, Value])[] {
    return [
      ['_message', this.message],
      ['code', this.code],
      ['rows_affected', this.rowsAffected],
    ];
  }

  /** As run_results.json has it. */
  toJson(): Record<string, unknown> {
    return {
      _message: this.message,
      code: this.code,
      ...(this.rowsAffected === null ? {} : { rows_affected: this.rowsAffected }),
    };
  }
}

/** The command tag in psycopg2's parts: `INSERT 0 3` is code `INSERT`, three rows. */
export function responseOf(command: string, rowCount: number): AdapterResponse {
  const words = command.split(' ');
  const numbers = words.filter((word) => /^\d+$/.test(word));
  const rows = numbers.length > 0 ? Number(numbers.at(-1)) : rowCount;
  return new AdapterResponse(command, words.filter((word) => !/^\d+$/.test(word)).join(' '), rows);
}
