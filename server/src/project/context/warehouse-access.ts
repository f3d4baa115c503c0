/** What templates may ask of a warehouse while they render. A run answers with promises, the editor at once with what is known. */

import type { MaybePromise } from '../../base/maybe-promise.ts';
import type { CapturedText } from '../../jinja/index.ts';
import type { AgateTable } from './agate/index.ts';
import type { Column } from './column.ts';
import type { Relation } from './relation.ts';

export interface ExecuteOptions {
  /** Open a transaction first, as dbt's `auto_begin`. */
  readonly autoBegin: boolean;
  /** Whether the rows are wanted. */
  readonly fetch: boolean;
  /** At most so many rows; null for all. */
  readonly limit: number | null;
}

/** One result set in the server's text format. */
export interface Executed {
  /** The command tag, such as `SELECT 5`. */
  readonly command: string;
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Failures arrive as TemplateError of kind `database`, with the offset already mapped to the template. */
export interface WarehouseAccess {
  execute(sql: string | CapturedText, options: ExecuteOptions): MaybePromise<Executed>;
  commit(): MaybePromise<void>;
  /** Ends the driver's own transaction: what follows commits by itself. */
  clearTransaction(): MaybePromise<void>;
  /** Streams the rows of a seed into a table whose columns exist; resolves to the number of rows. */
  copyRows(relation: Relation, table: AgateTable, columns: readonly string[]): MaybePromise<number>;
  readonly relations: KnownRelations;
  /** The columns of a relation where they are known without asking; undefined where the macro must ask. */
  columnsOf?(relation: Relation): readonly Column[] | undefined;
}

/** The relations of the schemas that the project touches, kept up to date by what the run does. */
export interface KnownRelations {
  find(database: string, schema: string, identifier: string): MaybePromise<Relation | null>;
  list(database: string, schema: string): MaybePromise<readonly Relation[]>;
  added(relation: Relation): void;
  /** Views that hang on a dropped relation go with it. */
  dropped(relation: Relation): void;
  renamed(from: Relation, to: Relation): void;
  schemaDropped(database: string, schema: string): void;
}
