/** The raw layer's contract: its tables, their columns and keys, in the order they are loaded. */

export interface RawTable {
  readonly name: string;
  /** Name and Postgres type, in the table's order. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** Absent for a log, where the same row may stand twice. */
  readonly key?: string;
}

export const RAW_SCHEMA = 'raw';

export const RAW_TABLES: readonly RawTable[] = [
  {
    name: 'accounts',
    columns: [
      ['account_id', 'text'],
      ['email', 'text'],
      ['created_at', 'timestamptz'],
    ],
    key: 'account_id',
  },
  {
    name: 'events',
    columns: [
      ['event_id', 'text'],
      ['name', 'text'],
      ['slug', 'text'],
    ],
    key: 'event_id',
  },
  {
    name: 'showtimes',
    columns: [
      ['showtime_id', 'text'],
      ['event_id', 'text'],
      ['start_at', 'timestamptz'],
    ],
    key: 'showtime_id',
  },
  {
    name: 'orders',
    columns: [
      ['order_id', 'text'],
      ['account_id', 'text'],
      ['showtime_id', 'text'],
      ['created_at', 'timestamptz'],
      // Text on purpose: cleaning amounts is staging's work.
      ['total_amount', 'text'],
    ],
    key: 'order_id',
  },
  {
    name: 'transactions',
    columns: [
      ['transaction_id', 'text'],
      ['order_id', 'text'],
      ['amount', 'text'],
      ['occurred_at', 'timestamptz'],
    ],
    key: 'transaction_id',
  },
  {
    name: 'pages',
    columns: [
      ['page_id', 'text'],
      ['account_id', 'text'],
      ['customer_id', 'text'],
      ['page_type', 'text'],
      ['occurred_at', 'timestamptz'],
      ['event_id', 'text'],
      ['showtime_id', 'text'],
    ],
    key: 'page_id',
  },
  {
    name: 'identity_merges',
    columns: [
      ['from_customer_id', 'text'],
      ['to_customer_id', 'text'],
      ['merged_at', 'timestamptz'],
    ],
  },
];

export function rawTable(name: string): RawTable | undefined {
  return RAW_TABLES.find((table) => table.name === name);
}

export function qualified(table: RawTable): string {
  return `${RAW_SCHEMA}.${table.name}`;
}

export function columnNames(table: RawTable): readonly string[] {
  return table.columns.map(([name]) => name);
}

export function createStatement(table: RawTable): string {
  const columns = table.columns.map(
    ([name, type]) => `${name} ${type}${name === table.key ? ' primary key' : ''}`,
  );
  return `create table ${qualified(table)} (${columns.join(', ')})`;
}
