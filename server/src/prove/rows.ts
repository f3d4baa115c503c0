/** Small sets of rows that are likely to break a claim: much is equal, joins with all, ties, and NULL where it may be. Same seed, same rows. */

import { quoteIdentifier } from '../sql/identifiers.ts';
import { baseColumn, type BaseColumn, type Hint, type Hints } from './hints.ts';
import { Seeded } from './seeded.ts';
import { tableKey, type Table, type TableColumn } from './tables.ts';
import { familyOf, oddValues, pool } from './values.ts';

export interface Row {
  readonly table: string;
  readonly insert: string;
}

/** The tables that rows are made for, parents before their children. */
export function tablesToFill(
  tables: ReadonlyMap<string, Table>,
  scanned: ReadonlySet<string>,
): readonly Table[] {
  const order: Table[] = [];
  const seen = new Set<string>();
  const visit = (key: string): void => {
    const table = tables.get(key);
    if (!table || seen.has(key)) return;
    seen.add(key);
    for (const { table: to } of table.foreignKeys) visit(to);
    order.push(table);
    for (const [other, { parent }] of tables) if (parent === key) visit(other);
  };
  for (const key of scanned) visit(key);
  return order;
}

export interface RowPlan {
  readonly tables: readonly Table[];
  readonly hints: Hints;
  /** Columns that are to be equal in many rows. */
  readonly equal: ReadonlySet<BaseColumn>;
}

type Made = Readonly<Record<string, string>>;

type Mode = 'first' | 'cycle' | 'random';

export function rowsOf(plan: RowPlan, attempt: number, seed: number): readonly Row[] {
  const random = new Seeded(seed * 7919 + attempt * 104_729 + 1);
  const made = new Map<string, Made[]>();
  const rows: Row[] = [];
  for (const table of plan.tables) {
    const key = tableKey(table.schema, table.name);
    const own = new TableRows(plan, table, attempt, random, made).make();
    made.set(key, own);
    for (const row of own) rows.push({ table: key, insert: insertText(table, row) });
  }
  return rows;
}

function insertText({ schema, name, columns }: Table, row: Made): string {
  const given = columns.filter((column) => row[column.name] !== undefined);
  const target = schema === 'public' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  if (given.length === 0) return `insert into ${target} default values`;
  const names = given.map((column) => quoted(column.name)).join(', ');
  const values = given.map((column) => row[column.name] ?? 'null').join(', ');
  return `insert into ${target} (${names}) overriding system value values (${values})`;
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : quoteIdentifier(name);
}

const RESERVED = new Set([
  'all', 'and', 'any', 'array', 'as', 'asc', 'case', 'cast', 'check', 'collate', 'column', 'constraint', 'create', 'default', 'desc', 'distinct', 'do',
  'else', 'end', 'except', 'false', 'fetch', 'for', 'foreign', 'from', 'grant', 'group', 'having', 'in', 'into', 'lateral', 'leading', 'limit', 'not', 'null',
  'offset', 'on', 'only', 'or', 'order', 'primary', 'references', 'returning', 'select', 'session_user', 'some', 'table', 'then', 'to', 'trailing', 'true',
  'union', 'unique', 'user', 'using', 'variadic', 'when', 'where', 'window', 'with', 'left', 'right', 'full', 'inner', 'outer', 'join', 'cross', 'natural',
  'current_date', 'current_user', 'analyse', 'analyze', 'both', 'deferrable', 'initially', 'intersect', 'localtime', 'placing', 'symmetric', 'is', 'like',
]); // prettier-ignore

const CHAINS: Partial<Record<string, readonly string[]>> = {
  number: ['1', '2', '3', '4'],
  text: [`'a'`, `'b'`, `'c'`, `'d'`],
};

class TableRows {
  readonly #plan: RowPlan;
  readonly #table: Table;
  readonly #key: string;
  readonly #attempt: number;
  readonly #random: Seeded;
  readonly #made: ReadonlyMap<string, Made[]>;

  constructor(
    plan: RowPlan,
    table: Table,
    attempt: number,
    random: Seeded,
    made: ReadonlyMap<string, Made[]>,
  ) {
    this.#plan = plan;
    this.#table = table;
    this.#key = tableKey(table.schema, table.name);
    this.#attempt = attempt;
    this.#random = random;
    this.#made = made;
  }

  make(): Made[] {
    const count = this.#attempt < 2 ? 2 : this.#attempt === 2 ? 3 : this.#random.pick([1, 2, 2, 3, 3, 4]);
    const cycling = this.#cycling();
    const columns = this.#table.columns.filter((column) => !column.generated);
    const plans = columns.map((column) => ({ column, ...this.#columnPlan(column, cycling) }));
    const links = this.#table.foreignKeys.map((link) => ({
      ...link,
      mode: link.columns.some((column) => cycling.has(column)) ? ('cycle' as const) : this.#mode(),
      isNull: this.#nullChance(),
    }));
    const chains = this.#chains();
    const rows: Made[] = [];
    for (let index = 0; index < count; index++) {
      const row: Record<string, string> = {};
      for (const { column, values, mode, nulls } of plans)
        row[column.name] = !column.notNull && this.#random.happens(nulls) ? 'null' : this.#value(values, mode, index); // prettier-ignore
      for (const link of links) {
        const parents = link.table === this.#key ? rows : (this.#made.get(link.table) ?? []);
        const parent = this.#parent(parents, link.mode, index);
        const mayBeNull = link.columns.some((column) => this.#column(column)?.notNull === false);
        const isNull = mayBeNull && (!parent || this.#random.happens(link.isNull));
        link.columns.forEach((column, at) => {
          const value = parent?.[link.to[at] ?? ''];
          if (isNull && this.#column(column)?.notNull === false) row[column] = 'null';
          else if (value !== undefined && this.#column(column)?.generated === false) row[column] = value;
        });
      }
      if (this.#plan.hints.isRecursive && this.#random.happens(0.9))
        for (const chain of chains) this.#straighten(row, chain, index);
      rows.push(row);
    }
    return rows;
  }

  /** Columns of the same values in one table: they lead from row to row. */
  #chains(): readonly (readonly TableColumn[])[] {
    const byClass = new Map<BaseColumn, TableColumn[]>();
    for (const column of this.#table.columns) {
      if (column.generated) continue;
      const own = this.#plan.hints.classOf(baseColumn(this.#key, column.name));
      byClass.set(own, [...(byClass.get(own) ?? []), column]);
    }
    return [...byClass.values()].filter((columns) => columns.length > 1);
  }

  /** A row leads on to a greater value, never back. */
  #straighten(row: Record<string, string>, chain: readonly TableColumn[], index: number): void {
    let last = -1;
    for (const [place, column] of chain.entries()) {
      const values = CHAINS[familyOf(column.type)];
      if (!values) return;
      const step = place === 0 ? index : last + 1 + this.#random.below(2);
      const at = place === 0 && this.#random.happens(0.5) ? this.#random.below(3) : step;
      row[column.name] = values[at] ?? (column.notNull ? (values.at(-1) ?? 'null') : 'null');
      last = at;
    }
  }

  #column(name: string): TableColumn | undefined {
    return this.#table.columns.find((column) => column.name === name);
  }

  /** One column of each key, at least, differs from row to row. */
  #cycling(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { columns: key, isPartial } of this.#table.keys) {
      if (isPartial && this.#attempt % 2 === 1) continue;
      if (key.some((column) => found.has(column))) continue;
      const free = key.filter((column) => !this.#plan.equal.has(baseColumn(this.#key, column)));
      const isLinked = (column: string): boolean =>
        this.#table.foreignKeys.some((link) => link.columns.includes(column));
      const loose = free.filter((column) => !isLinked(column));
      const usual = loose.length > 0 ? loose : free.length > 0 ? free : key;
      const column =
        this.#attempt < 3 ? usual.at(-1) : this.#random.pick(free.length > 0 && this.#random.happens(0.5) ? free : usual); // prettier-ignore
      if (column !== undefined) found.add(column);
    }
    return found;
  }

  #columnPlan(
    column: TableColumn,
    cycling: ReadonlySet<string>,
  ): { readonly values: readonly string[]; readonly mode: Mode; readonly nulls: number } {
    const base = baseColumn(this.#key, column.name);
    const { hints } = this.#plan;
    const isKey = cycling.has(column.name);
    const own: readonly Hint[] = hints.constants.get(base) ?? [];
    const source = {
      type: column.type,
      labels: column.labels,
      hints: own,
      digits: this.#isNumeric(base),
      fields: [...hints.fields],
      readsClock: hints.readsClock,
    };
    const isMeasure = familyOf(column.type) === 'number' && !hints.compared.has(base);
    const usual = isMeasure && !isKey ? ['1', '2', '4', '8'] : pool(source, this.#random);
    const values = this.#isOdd ? this.#odd(usual, column.type) : usual;
    const nulls = this.#attempt === 1 && isKey ? 1 : this.#nullChance();
    if (isKey) return { values: extended(values, column.type), mode: 'cycle', nulls };
    if (this.#plan.equal.has(base) && this.#random.happens(this.#attempt < 10 ? 0.85 : 0.6))
      return { values, mode: 'first', nulls };
    if (isMeasure && this.#attempt < 3) return { values, mode: 'cycle', nulls };
    return { values, mode: this.#mode(), nulls };
  }

  /** Every other time what is rare is tried too: other cases, empty texts, halves, other months. */
  get #isOdd(): boolean {
    return this.#attempt > 4 && this.#attempt % 3 !== 0;
  }

  /** Columns of a type have the same list in one attempt: what is made of several of them may meet. */
  #odd(usual: readonly string[], type: string): readonly string[] {
    const lists = oddValues(type, [...this.#plan.hints.texts]);
    const list = lists[this.#attempt % (lists.length + 1)];
    if (!list || this.#random.happens(0.2)) return usual;
    const from = this.#random.below(list.length);
    return [...list.slice(from), ...list.slice(0, from), ...(this.#random.happens(0.3) ? usual : [])];
  }

  #mode(): Mode {
    if (this.#attempt < 2) return 'first';
    const roll = this.#random.next();
    return roll < 0.4 ? 'first' : roll < 0.65 ? 'cycle' : 'random';
  }

  #nullChance(): number {
    return this.#attempt < 2 || this.#random.happens(0.5) ? 0 : this.#random.pick([0.3, 0.6, 1]);
  }

  #value(values: readonly string[], mode: Mode, index: number): string {
    if (mode === 'first') return values[0] ?? 'null';
    if (mode === 'cycle') return values[index % values.length] ?? 'null';
    return this.#random.pick(values) ?? 'null';
  }

  #parent(rows: readonly Made[], mode: Mode, index: number): Made | undefined {
    if (mode === 'first') return rows[0];
    return mode === 'cycle' ? rows[index % rows.length] : this.#random.pick(rows);
  }

  /** Whether columns of the same values are numbers. */
  #isNumeric(base: BaseColumn): boolean {
    const { hints, tables } = this.#plan;
    const own = hints.classOf(base);
    return tables.some((table) =>
      table.columns.some(
        (column) =>
          familyOf(column.type) === 'number' &&
          hints.classOf(baseColumn(tableKey(table.schema, table.name), column.name)) === own,
      ),
    );
  }
}

/** A key needs as many values as there are rows. */
function extended(values: readonly string[], type: string): readonly string[] {
  if (values.length >= 4) return values;
  const family = familyOf(type);
  if (family === 'number') return [...values, '11', '12', '13'];
  return family === 'text' ? [...values, `'k1'`, `'k2'`, `'k3'`] : values;
}
