/** What dbt-core did, step by step, as it was recorded: cases of one test class share a project folder and a schema. */

import { gunzipSync } from 'node:zlib';
import type { Relations } from '../relations/read.ts';
import type { Archive } from './archive.ts';

export interface TestClass {
  /** `tests/…/test_x.py::TestX`. */
  readonly id: string;
  /** In recorded order: later ones build on earlier ones. */
  readonly cases: readonly RecordedCase[];
}

export interface RecordedCase {
  readonly id: string;
  /** Order and time of the recording, seconds since 1970. */
  readonly t0: number;
  readonly seq: number;
  readonly events: readonly RecordedEvent[];
}

export type RecordedEvent = DbtEvent | SqlEvent | CheckEvent;

/** One command line. */
export interface DbtEvent {
  readonly kind: 'dbt';
  readonly args: readonly string[];
  /** Whether the command was to succeed; where `ok`, it did so or not as expected. */
  readonly expect_pass: boolean;
  /** False where the command ended in an exception. */
  readonly ok: boolean;
  readonly exc?: string;
  readonly msg?: string;
  /** The project's files before the command: path to blob. */
  readonly files: Readonly<Record<string, string>>;
  /** Blob of profiles.yml. */
  readonly profile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly schema: string;
  /** How long the recorded command took, seconds. */
  readonly secs: number;
  /** Lines for `ls`, else nodes. */
  readonly results?: readonly (RecordedResult | string)[] | null;
  /** What the schemas held afterwards; the recorded schema is written `{schema}`. */
  readonly db: Relations | null;
}

export interface RecordedResult {
  readonly uid: string | null;
  readonly status: string;
  readonly failures: number | null;
  readonly message: string | null;
  /** Blob of the compiled code. */
  readonly compiled?: string | null;
  readonly relation?: string | null;
}

export interface SqlEvent {
  readonly kind: 'sql' | 'sql_adapter';
  readonly sql: string;
}

/** The test's own comparison of relations; the state of the database already tells it. */
export interface CheckEvent {
  readonly kind: 'check';
}

export interface Recording {
  readonly classes: readonly TestClass[];
  readonly blob: (id: string) => string;
}

export function readRecording(archive: Archive): Recording {
  const cases = [...archive]
    .filter(([path]) => /(^|\/)cases\/[^/]+\.json$/u.test(path))
    .map(([, read]) => JSON.parse(read().toString('utf8')) as RecordedCase);
  const blobs = new Map([...archive].map(([path, read]) => [path.slice(path.lastIndexOf('/') + 1), read]));
  const texts = new Map<string, string>();
  const blob = (id: string): string => {
    let text = texts.get(id);
    if (text === undefined) {
      const bytes = blobs.get(id)?.();
      if (!bytes) throw new Error(`The recording lacks the blob ${id}.`);
      text = (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString('utf8');
      texts.set(id, text);
    }
    return text;
  };
  return { classes: groupByClass(cases), blob };
}

function groupByClass(cases: readonly RecordedCase[]): TestClass[] {
  const classes = new Map<string, RecordedCase[]>();
  for (const one of [...cases].sort((a, b) => a.t0 - b.t0 || a.seq - b.seq)) {
    const id = one.id.slice(0, one.id.lastIndexOf('::'));
    const known = classes.get(id);
    if (known) known.push(one);
    else classes.set(id, [one]);
  }
  return [...classes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, members]) => ({ id, cases: members }));
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
