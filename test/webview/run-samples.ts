/** Runs to look at: one that goes on with every status in it, ones that ended, a task. */

import type { LogLine, RunNode, RunView } from '../../server/src/lsp/protocol.ts';

export const FOLDER = 'file:///shop';

type Sketch = readonly [
  name: string,
  kind: string,
  status: RunNode['status'],
  from: number | null,
  to: number | null,
  rows?: number,
];

const SKETCH: readonly Sketch[] = [
  ['country_codes', 'seed', 'success', 0, 0.21, 249],
  ['stg_orders', 'view', 'success', 0.1, 0.44],
  ['stg_order_items', 'view', 'success', 0.1, 0.41],
  ['stg_customers', 'view', 'success', 0.2, 0.62],
  ['stg_payments', 'view', 'success', 0.25, 0.63],
  ['stg_refunds', 'view', 'success', 0.3, 0.59],
  ['stg_events', 'view', 'success', 0.42, 0.78],
  ['not_null_stg_orders_order_id', 'test', 'pass', 0.45, 0.63, 0],
  ['unique_stg_customers_customer_id', 'test', 'pass', 0.65, 0.85, 0],
  ['accepted_values_stg_payments_status', 'test', 'fail', 0.66, 0.9, 3],
  ['recent_stg_events_occurred_at', 'test', 'warn', 0.8, 0.99, 1],
  ['int_sessions', 'incremental', 'success', 0.8, 5.63, 184203],
  ['int_order_items_priced', 'table', 'success', 0.75, 3.36, 412889],
  ['orders_are_priced_once', 'unit_test', 'fail', 3.4, 3.7],
  ['int_tax', 'table', 'error', 3.5, 3.71],
  ['int_payments_by_order', 'table', 'skipped', null, null],
  ['fct_payments', 'table', 'skipped', null, null],
  ['fct_sessions', 'incremental', 'running', 5.7, null],
  ['int_inventory_daily', 'table', 'running', 3.4, null],
  ['stg_shipments', 'view', 'running', 8.4, null],
  ['fct_orders', 'incremental', 'queued', null, null],
  ['dim_customers', 'table', 'queued', null, null],
  ['rpt_daily_revenue', 'table', 'queued', null, null],
];

const MESSAGES: Readonly<Record<string, Partial<RunNode>>> = {
  accepted_values_stg_payments_status: {
    message:
      "Got 3 results, configured to fail if != 0\n  status = 'chargeback' is not one of 'settled', 'pending', 'failed'",
    compiledSql:
      "select status\nfrom analytics.stg_payments\nwhere status not in ('settled', 'pending', 'failed')",
    error: { location: place('models/staging/_stripe.yml', 30, 14), related: [] },
  },
  orders_are_priced_once: {
    message: 'actual differs from expected',
    difference: {
      columns: ['order_id', 'net_amount', 'note'],
      rows: [
        { kind: 'same', cells: ['1', '10.00', null] },
        { kind: 'expected', cells: ['2', '17.50', 'gift'] },
        { kind: 'actual', cells: ['2', '35.00', 'gift'] },
      ],
    },
  },
  int_tax: {
    message:
      'column "net_amout" does not exist\nHINT:  Perhaps you meant to reference the column "o.net_amount".',
    compiledSql: 'select o.net_amout * 0.2 as tax from analytics.int_orders as o',
    error: {
      location: place('models/intermediate/int_tax.sql', 13, 6),
      related: [place('macros/tax.sql', 2, 4)],
    },
  },
};

function place(path: string, line: number, character: number): NonNullable<RunNode['location']> {
  const start = { line, character };
  return { uri: `${FOLDER}/${path}`, range: { start, end: start } };
}

function node(startedAt: number, [name, kind, status, from, to, rows]: Sketch): RunNode {
  const isModel = !['seed', 'test', 'unit_test'].includes(kind);
  return {
    uniqueId: `${isModel ? 'model' : kind}.shop.${name}`,
    name,
    type: isModel ? 'model' : (kind as RunNode['type']),
    materialized: isModel ? kind : null,
    status,
    location: place(`models/${name}.sql`, 0, 0),
    startedAt: from === null ? null : startedAt + from * 1000,
    endedAt: to === null ? null : startedAt + to * 1000,
    rows: rows ?? null,
    message: null,
    error: null,
    compiledSql: null,
    difference: null,
    ...MESSAGES[name],
  };
}

function logOf(startedAt: number): readonly LogLine[] {
  return [
    { at: startedAt, level: 'info', text: "Concurrency: 4 threads (target='dev')" },
    {
      at: startedAt + 440,
      level: 'info',
      text: 'OK created sql view model analytics.stg_orders [CREATE VIEW in 0.34s]',
    },
    {
      at: startedAt + 900,
      level: 'error',
      text: 'FAIL 3 accepted_values_stg_payments_status [FAIL 3 in 0.24s]',
    },
    { at: startedAt + 990, level: 'warning', text: 'WARN 1 recent_stg_events_occurred_at [WARN 1 in 0.19s]' },
    { at: startedAt + 1000, level: 'info', text: 'SKIP relation analytics.int_payments_by_order' },
    {
      at: startedAt + 3360,
      level: 'info',
      text: 'OK created sql table model analytics.int_order_items_priced [SELECT 412889 in 2.61s]',
    },
    {
      at: startedAt + 5630,
      level: 'info',
      text: 'OK created sql incremental model analytics.int_sessions [MERGE 184203 in 4.83s]',
    },
    {
      at: startedAt + 5700,
      level: 'info',
      text: '\u001b[32mSTART\u001b[0m sql incremental model analytics.fct_sessions',
    },
  ];
}

/** Began `now` minus nine seconds, and goes on. */
export function runningRun(now: number): RunView {
  const startedAt = now - 8900;
  return {
    ...ended(now, 'running', 'running', 'grainline build --select fct_orders+', 8900, 0),
    order: { folder: FOLDER, command: 'build', select: ['fct_orders+'] },
    startedAt,
    endedAt: null,
    nodes: SKETCH.map((sketch) => node(startedAt, sketch)),
    log: logOf(startedAt),
  };
}

/** The same, when it has ended. */
export function failedRun(now: number): RunView {
  const run = runningRun(now);
  const nodes = run.nodes.map((each): RunNode => {
    if (each.status === 'queued') return { ...each, status: 'skipped' };
    return each.status === 'running' ? { ...each, status: 'success', endedAt: now } : each;
  });
  return { ...run, runId: 'failed', state: 'failed', endedAt: now, nodes };
}

function ended(
  now: number,
  runId: string,
  state: RunView['state'],
  title: string,
  ago: number,
  lasted: number,
  nodes: readonly RunNode[] = [],
): RunView {
  const startedAt = now - ago;
  return {
    ...{ runId, folder: FOLDER, title, kind: 'run', state, target: 'dev', threads: 4, startedAt },
    ...{ endedAt: startedAt + lasted, nodes, log: [] },
  };
}

export function pastRuns(now: number): readonly RunView[] {
  const minutes = 60_000;
  const passed = (count: number): RunNode[] =>
    Array.from({ length: count }, (_, index) => node(now, [`m${String(index)}`, 'view', 'success', 0, 1]));
  const bad = [
    node(now, ['a', 'view', 'error', 0, 1]),
    node(now, ['b', 'view', 'error', 0, 1]),
    node(now, ['c', 'view', 'skipped', null, null]),
  ];
  const task = ended(now, 'task', 'done', 'grainline ingest events/batch_004', 300 * minutes, 2100);
  return [
    ended(now, 'p1', 'done', 'grainline build --select stg_payments', 16 * minutes, 3200, passed(12)),
    ended(now, 'p2', 'failed', 'grainline build --select +rpt_daily_revenue', 28 * minutes, 41_000, bad),
    ended(now, 'p3', 'cancelled', 'grainline build', 96 * minutes, 72_000, passed(4)),
    {
      ...task,
      kind: 'task',
      order: { folder: FOLDER, task: 'ingest', batch: 'events/batch_004' },
      log: [
        { at: now, level: 'info', text: 'Ingesting events/batch_004' },
        { at: now, level: 'info', text: '  events       12,480 rows' },
        { at: now, level: 'info', text: 'Ingested 1 batch in 2.1 s' },
      ],
    },
    ended(now, 'p4', 'done', 'grainline seed', 1500 * minutes, 400, passed(1)),
  ];
}

/** As many nodes as the largest projects have. */
export function largeRun(now: number, count: number): RunView {
  const startedAt = now - 60_000;
  const nodes = Array.from({ length: count }, (_, index) => {
    const from = (index / count) * 58;
    const status = index % 500 === 499 ? 'fail' : 'success';
    return node(startedAt, [`model_${String(index)}`, 'table', status, from, from + 0.8, index * 7]);
  });
  return {
    ...ended(now, 'large', 'failed', 'grainline build', 60_000, 60_000, nodes),
    log: logOf(startedAt),
  };
}
