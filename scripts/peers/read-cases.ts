/**
 * Cases of grain that read like a specification, in Markdown.
 *
 * `## Section` has a schema and rows (`sql schema`, `sql rows`, or a link to a file that has both), `### Case` a query (`sql`) and claims of it,
 * each checked by running the query on the rows:
 *
 * - key `a, b`: no data that obeys the schema repeats them
 * - no key `a`: the rows repeat it
 * - repeats `orders`: `sum(o.total)`: on the rows it is not what `sql instead` gives, which is right
 * - right `sum(p.amount)`: it counts each row once
 *
 * A claim that ends in `(gap: why)` is true, and more than is known of.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface GrainCase {
  /** The file, the section and the case. */
  readonly id: string;
  readonly schema: string;
  readonly rows: string;
  readonly sql: string;
  readonly claims: readonly Claim[];
  /** The query that gives what the repeating one meant. */
  readonly instead: string | undefined;
}

export type Claim =
  | { readonly kind: 'key' | 'no key'; readonly columns: readonly string[]; readonly gap: string | undefined }
  | {
      readonly kind: 'repeats';
      readonly relations: readonly string[];
      readonly aggregate: string;
      readonly gap: string | undefined;
    }
  | { readonly kind: 'right'; readonly aggregate: string; readonly gap: string | undefined };

interface Part {
  schema: string[];
  rows: string[];
}

interface OpenCase {
  readonly id: string;
  readonly section: Part;
  readonly own: Part;
  readonly claims: Claim[];
  sql?: string;
  instead?: string;
}

/** Of each Markdown file in the folder, in order of names. */
export function readGrainCases(folder: string): readonly GrainCase[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return names
    .sort()
    .flatMap((name) => parseGrainCases(readFileSync(join(folder, name), 'utf8'), folder, name));
}

export function parseGrainCases(text: string, folder: string, file: string): readonly GrainCase[] {
  const cases: OpenCase[] = [];
  let section: Part = { schema: [], rows: [] };
  let title = '';
  let open: OpenCase | undefined;
  const lines = text.split('\n');
  const fail = (index: number, why: string): never => {
    throw new Error(`${file}:${String(index + 1)}: ${why}`);
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('### ')) {
      open = {
        id: `${file.replace(/\.md$/u, '')}: ${title}: ${line.slice(4).trim()}`,
        section,
        own: { schema: [], rows: [] },
        claims: [],
      };
      if (cases.some(({ id }) => id === open?.id)) fail(index, 'there is a case of this title');
      cases.push(open);
    } else if (line.startsWith('## ')) {
      title = line.slice(3).trim();
      section = { schema: [], rows: [] };
      open = undefined;
    } else if (line.startsWith('Schema: ')) {
      const path = /\((.*)\)/u.exec(line)?.[1] ?? fail(index, 'a link to a file is missing');
      const [schema = '', rows = ''] = readFileSync(join(folder, path), 'utf8').split('-- rows\n');
      section.schema.push(schema);
      section.rows.push(rows);
    } else if (line.startsWith('```')) {
      const end = lines.indexOf('```', index + 1);
      if (end < 0) fail(index, 'the fence is never closed');
      const block = lines.slice(index + 1, end).join('\n');
      const name = line.slice(3).trim();
      const part = open?.own ?? section;
      if (name === 'sql schema') part.schema.push(block);
      else if (name === 'sql rows') part.rows.push(block);
      else if (!open) fail(index, 'a query outside of a case');
      else if (name === 'sql') open.sql = open.sql === undefined ? block : fail(index, 'a second query');
      else if (name === 'sql instead') open.instead = block;
      else fail(index, `what is a block "${name}"?`);
      index = end;
    } else if (line.startsWith('- ')) {
      if (!open) return fail(index, 'a claim outside of a case');
      open.claims.push(claimIn(line.slice(2)) ?? fail(index, 'no claim'));
    }
  }
  return cases.map(closed);
}

const KEY = /^(no key|key) `([^`]*)`(?: \(gap: (.*)\))?$/u;
const KEY_OF_NOTHING = /^(no key|key) ``(?: \(gap: (.*)\))?$/u;
const REPEATS = /^repeats ((?:`[^`]+`(?: or )?)+): `([^`]+)`(?: \(gap: (.*)\))?$/u;
const RIGHT = /^right `([^`]+)`(?: \(gap: (.*)\))?$/u;

function claimIn(text: string): Claim | undefined {
  const nothing = KEY_OF_NOTHING.exec(text);
  if (nothing) return { kind: nothing[1] as 'key', columns: [], gap: nothing[2] };
  const key = KEY.exec(text);
  if (key) {
    const columns = (key[2] ?? '').split(',').map((name) => name.trim());
    return { kind: key[1] as 'key', columns: columns.filter((name) => name !== ''), gap: key[3] };
  }
  const repeats = REPEATS.exec(text);
  if (repeats)
    return {
      kind: 'repeats',
      relations: [...(repeats[1] ?? '').matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name),
      aggregate: repeats[2] ?? '',
      gap: repeats[3],
    };
  const right = RIGHT.exec(text);
  return right ? { kind: 'right', aggregate: right[1] ?? '', gap: right[2] } : undefined;
}

function closed({ id, section, own, claims, sql, instead }: OpenCase): GrainCase {
  if (sql === undefined) throw new Error(`${id}: no query`);
  if (claims.length === 0) throw new Error(`${id}: claims nothing`);
  if (claims.some(({ kind }) => kind === 'repeats') && instead === undefined)
    throw new Error(`${id}: an aggregate that repeats needs a query to be told by`);
  return {
    id,
    schema: [...section.schema, ...own.schema].join('\n'),
    rows: [...section.rows, ...own.rows].join('\n'),
    sql,
    claims,
    instead,
  };
}
