/** Looks for a small set of rows that obeys the schema and breaks a claim; what it finds was seen on the server. */

import { FailureError } from '../base/failure.ts';
import type { Cell, Session } from '../warehouse/port.ts';
import type { Claim } from './claims.ts';
import { baseColumn, type BaseColumn, type Hints } from './hints.ts';
import { rowsOf, tablesToFill, type Row } from './rows.ts';
import { tableKey, type Table } from './tables.ts';

export interface Witness {
  /** INSERT statements, in an order in which they can be run on empty tables. */
  readonly rows: readonly string[];
  readonly seen: string;
}

export interface RefuteOptions {
  readonly tries: number;
  readonly milliseconds: number;
  readonly seed: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

export const DEFAULT_REFUTE_OPTIONS: RefuteOptions = {
  tries: 150,
  milliseconds: 1500,
  seed: 1,
  now: () => performance.now(),
};

export interface Refuted {
  readonly witnesses: ReadonlyMap<Claim, Witness>;
  readonly tries: number;
  /** What the server said where a claim could not be asked about at all. */
  readonly failures: ReadonlyMap<Claim, string>;
}

const SAVEPOINT = 'grainline_try';
/** Going back to it takes the settings back as well. */
const BEFORE = 'grainline_search';
/** Of one statement over a few rows; a recursion without end is among them. */
const TIMEOUT_MS = 150;

/** Tries nothing unless all the tables were made in the transaction that is open, which is to be rolled back. */
export async function refute(
  session: Session,
  tables: ReadonlyMap<string, Table>,
  hints: Hints,
  claims: readonly Claim[],
  options: RefuteOptions = DEFAULT_REFUTE_OPTIONS,
): Promise<Refuted> {
  const search = new Search(session, tables, hints, options);
  if (!search.isAllowed) return { witnesses: new Map(), tries: 0, failures: new Map() };
  await session.query(
    `savepoint ${BEFORE}; set constraints all immediate; set local statement_timeout = ${String(TIMEOUT_MS)}; savepoint ${SAVEPOINT}`,
  );
  try {
    return await search.run(claims);
  } finally {
    await session.query(`rollback to savepoint ${BEFORE}`);
  }
}

class Search {
  readonly #session: Session;
  readonly #tables: readonly Table[];
  readonly #hints: Hints;
  readonly #options: RefuteOptions;
  readonly #witnesses = new Map<Claim, Witness>();
  readonly #failures = new Map<Claim, string>();

  constructor(session: Session, tables: ReadonlyMap<string, Table>, hints: Hints, options: RefuteOptions) {
    this.#session = session;
    this.#tables = tablesToFill(tables, hints.tables);
    this.#hints = hints;
    this.#options = options;
  }

  /** Nothing is ever written to a table that was there before. */
  get isAllowed(): boolean {
    return this.#tables.every((table) => table.isScratch);
  }

  async run(claims: readonly Claim[]): Promise<Refuted> {
    const { tries, milliseconds, seed, now } = this.#options;
    const end = now() + milliseconds;
    const open = new Set(claims);
    let attempt = 0;
    for (; attempt < tries && open.size > 0 && now() < end; attempt++) {
      const focus = [...open][attempt % open.size];
      const equal = new Set<BaseColumn>(focus ? this.#bases(focus) : []);
      const rows = rowsOf({ tables: this.#tables, hints: this.#hints, equal }, attempt, seed);
      for (const [claim, found] of await this.#broken(rows, [...open])) {
        const witness = await this.#witness(claim, rows, found);
        if (!witness) continue;
        this.#witnesses.set(claim, witness);
        this.#failures.delete(claim);
        open.delete(claim);
      }
    }
    return { witnesses: this.#witnesses, tries: attempt, failures: this.#failures };
  }

  #bases({ equal }: Claim): readonly BaseColumn[] {
    const scanned = new Set(
      this.#tables.flatMap((table) =>
        table.columns.map((column) => baseColumn(tableKey(table.schema, table.name), column.name)),
      ),
    );
    return equal.flatMap((column) => [...this.#hints.basesOf(column)]).filter((base) => scanned.has(base));
  }

  /** All claims in one question; where that fails, each by itself. */
  async #broken(
    rows: readonly Row[],
    claims: readonly Claim[],
  ): Promise<readonly (readonly [Claim, Cell])[]> {
    const cells = await this.#ask(rows, claims);
    if (cells) return broken(claims, cells);
    if (claims.length === 1) return [];
    const found: (readonly [Claim, Cell])[] = [];
    for (const claim of claims) {
      const own = await this.#ask(rows, [claim]);
      if (own) found.push(...broken([claim], own));
    }
    return found;
  }

  async #ask(rows: readonly Row[], claims: readonly Claim[]): Promise<readonly Cell[] | undefined> {
    const asked = claims.map(({ checks }) => `coalesce(${checks.map((check) => `(${check})`).join(', ')})`);
    const text = `rollback to savepoint ${SAVEPOINT}; ${insertAll(rows)}; select ${asked.join(', ')}`;
    try {
      const { rows: answer } = await this.#session.query(text);
      return answer[0];
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      const [only] = claims;
      if (only && claims.length === 1) this.#failures.set(only, error.message);
      return undefined;
    }
  }

  /** The fewest of the rows that still break it, inserted as anybody would. */
  async #witness(claim: Claim, rows: readonly Row[], found: Cell): Promise<Witness | undefined> {
    let kept = rows;
    let seen = found;
    const isBroken = async (some: readonly Row[]): Promise<boolean> => {
      const answer = await this.#ask(some, [claim]);
      const cell = answer?.[0] ?? null;
      if (cell !== null) seen = cell;
      return cell !== null;
    };
    for (const table of new Set(rows.map((row) => row.table))) {
      const without = kept.filter((row) => row.table !== table);
      if (await isBroken(without)) kept = without;
    }
    for (const row of [...kept].reverse()) {
      const without = kept.filter((other) => other !== row);
      if (await isBroken(without)) kept = without;
    }
    const plain = kept.map((row) => row.insert);
    const text = `rollback to savepoint ${SAVEPOINT}; ${plain.map((insert) => `${insert}; `).join('')}select coalesce(${claim.checks.map((check) => `(${check})`).join(', ')})`;
    try {
      const { rows: answer } = await this.#session.query(text);
      seen = answer[0]?.[0] ?? null;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return undefined;
    }
    return seen === null ? undefined : { rows: plain, seen: claim.told(seen) };
  }
}

function broken(claims: readonly Claim[], cells: readonly Cell[]): readonly (readonly [Claim, Cell])[] {
  return claims.flatMap((claim, index) => {
    const cell = cells[index] ?? null;
    return cell === null ? [] : [[claim, cell] as const];
  });
}

/** Rows that the server refuses are left out. */
function insertAll(rows: readonly Row[]): string {
  const tried = rows.map(({ insert }) => `begin ${insert}; exception when others then null; end;`);
  return `do $grainline$ begin ${tried.join(' ')} end $grainline$`;
}
