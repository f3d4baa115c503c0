/** Which icon stands for a resource, a column's type and a status: the shape always differs, so that colour says nothing alone. */

import type { NodeStatus, ResourceType, RunNode } from '../../../server/src/lsp/protocol.ts';
import type { IconName } from './icons.ts';

export function kindIcon(type: ResourceType | 'operation', materialized: string | null): IconName {
  switch (type) {
    case 'source':
      return 'database';
    case 'seed':
      return 'file';
    case 'snapshot':
      return 'history';
    case 'test':
    case 'unit_test':
      return 'beaker';
    case 'exposure':
      return 'telescope';
    case 'analysis':
      return 'search';
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return 'graph';
    case 'operation':
      return 'terminal';
    case 'model':
      return materializationIcon(materialized);
  }
}

function materializationIcon(materialized: string | null): IconName {
  switch (materialized) {
    case 'view':
      return 'eye';
    case 'incremental':
      return 'history';
    case 'ephemeral':
      return 'circle-large';
    default:
      return 'table';
  }
}

/** What a resource is, in a word: a model by how it is built. */
export function kindName(type: ResourceType | 'operation', materialized: string | null): string {
  if (type === 'model' && materialized !== null) return materialized.replaceAll('_', ' ');
  return type.replaceAll('_', ' ');
}

export type StatusClass = 'pass' | 'fail' | 'warn' | 'skip' | 'run' | 'queue';

export function statusClass(status: RunNode['status']): StatusClass {
  switch (status) {
    case 'success':
    case 'pass':
      return 'pass';
    case 'error':
    case 'fail':
    case 'runtime error':
      return 'fail';
    case 'warn':
    case 'partial success':
      return 'warn';
    case 'skipped':
    case 'no-op':
      return 'skip';
    case 'running':
      return 'run';
    case 'queued':
      return 'queue';
  }
}

const STATUS_ICONS: Readonly<Record<StatusClass, IconName>> = {
  pass: 'pass-filled',
  fail: 'error',
  warn: 'warning',
  skip: 'circle-slash',
  run: 'loading',
  queue: 'circle-large',
};

export function statusIcon(status: RunNode['status']): IconName {
  return STATUS_ICONS[statusClass(status)];
}

/** As a person says it. */
export function statusName(status: NodeStatus | 'queued' | 'running'): string {
  switch (status) {
    case 'success':
      return 'built';
    case 'pass':
      return 'passed';
    case 'error':
    case 'runtime error':
      return 'error';
    case 'fail':
      return 'failed';
    case 'warn':
      return 'warned';
    case 'partial success':
      return 'built in part';
    case 'no-op':
      return 'nothing to do';
    case 'skipped':
    case 'running':
    case 'queued':
      return status;
  }
}

const NUMBERS = ['int', 'numeric', 'decimal', 'real', 'double', 'float', 'money', 'serial', 'oid', 'number'];
const TIMES = ['date', 'time', 'interval'];

/** By how `format_type` (or a property file) begins to spell it. */
export function typeIcon(type: string | null): IconName {
  const name = (type ?? '').toLowerCase();
  if (NUMBERS.some((word) => name.startsWith(word)) || /^(small|big)(int|serial)/u.test(name))
    return 'symbol-numeric';
  if (TIMES.some((word) => name.startsWith(word))) return 'calendar';
  if (name.startsWith('bool')) return 'symbol-boolean';
  if (name.startsWith('json')) return 'json';
  return 'symbol-string';
}
