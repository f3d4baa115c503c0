/** Plans back to SQL in which the identity of every row that a query hides is a column beside the others. */

import type { Node } from 'libpg-query';
import { quoteIdentifier } from '../identifiers.ts';
import { ScalarPrinter, NotDeparsable, columnText } from './deparse-scalar.ts';
import type { NodePrinter } from './deparser.ts';
import { frameText, withAlias } from './deparse-written.ts';
import { measuredIn, rowsOf, type Identity, type Rows } from './deparse-rows.ts';
import {
  planColumns,
  type Aggregate,
  type BoundQuery,
  type ColumnId,
  type Computed,
  type Distinct,
  type FunctionScan,
  type Join,
  type Limit,
  type NamedScan,
  type Plan,
  type Recursive,
  type Scalar,
  type Scan,
  type SetOperation,
  type SortKey,
  type Values,
  type Window,
  type WindowCall,
} from './plan.ts';
import { columnsRead, scalarsOf } from './reads.ts';
import { columnsIn } from './scalars.ts';

/** A plan's SQL, and which of its columns tell rows. */
export interface Deparsed {
  readonly sql: string;
  readonly rows: Rows;
}

export interface DeparseOptions {
  readonly print: NodePrinter;
  /** Whether a row of the plan's input is the same in all rows that it makes one of. */
  isFixed(plan: Aggregate | Distinct, identity: Identity): boolean;
}

/** What the plans around one read of it, and how it sees a recursive query that it is part of. */
interface Around {
  readonly read: ReadonlySet<ColumnId>;
  readonly recursion: Recursion | undefined;
}

interface Recursion {
  readonly name: string;
}

/** A select before it is text: its expressions can still be taken elsewhere. */
interface Shown {
  readonly items: readonly (readonly [name: string, expression: string])[];
  readonly from: string;
  readonly rows: Rows;
}

export class PlanPrinter {
  readonly #options: DeparseOptions;
  readonly scalars: ScalarPrinter;
  #names = 0;
  #around: Around = { read: new Set(), recursion: undefined };

  constructor(options: DeparseOptions) {
    this.#options = options;
    this.scalars = new ScalarPrinter(options.print, (query) => this.subquery(query));
  }

  /** The query's output, under names of its own and in its order. */
  output(query: BoundQuery): string {
    const { items, from } = this.#outputOf(query, this.#around);
    const shown = query.output.map(({ id, name }, index) => {
      const text = items.find(([own]) => own === columnText(id))?.[1] ?? columnText(id);
      return `${text} as ${quoteIdentifier(name === '' ? `column${String(index)}` : name)}`;
    });
    return `select ${shown.join(', ')} ${from}`;
  }

  /** A query inside an expression. */
  subquery(query: BoundQuery): string {
    const { items, from } = this.#outputOf(query, this.#around);
    const shown = query.output.map(
      ({ id }) => items.find(([own]) => own === columnText(id))?.[1] ?? columnText(id),
    );
    return `select ${shown.join(', ')} ${from}`;
  }

  /** `read`: the columns that somebody above it wants to see. */
  plan(plan: Plan, read: ReadonlySet<ColumnId> = new Set()): Deparsed {
    return this.#plan(plan, { ...this.#around, read });
  }

  name(letter: string): string {
    return `${letter}${String(++this.#names)}`;
  }

  #outputOf(query: BoundQuery, around: Around): Shown {
    return this.#shown(query.plan, { ...around, read: new Set(query.output.map(({ id }) => id)) });
  }

  /** A projection's own expressions, so that a constant's type is still open. */
  #shown(plan: Plan, around: Around): Shown {
    if (plan.kind !== 'project') {
      const { sql, rows } = this.#plan(plan, around);
      return { items: [], from: `from (${sql}) q`, rows };
    }
    const input = this.#plan(plan.input, below(around, plan));
    const items = plan.columns.map(
      ({ id, expression }) => [columnText(id), this.#scalar(expression, around)] as const,
    );
    return { items, from: `from (${input.sql}) q`, rows: this.#projected(input.rows, plan.columns) };
  }

  #projected(rows: Rows, columns: readonly Computed[]): Rows {
    const measured = new Map(rows.measured);
    for (const { id, expression } of columns) measured.set(id, measuredIn(rows, expression));
    return { ...rows, measured };
  }

  #scalar(scalar: Scalar, around: Around): string {
    const before = this.#around;
    this.#around = { ...around, read: new Set() };
    try {
      return this.scalars.text(scalar);
    } finally {
      this.#around = before;
    }
  }

  #keys(keys: readonly SortKey[], around: Around): string {
    const before = this.#around;
    this.#around = { ...around, read: new Set() };
    try {
      return this.scalars.sortKeys(keys);
    } finally {
      this.#around = before;
    }
  }

  #plan(plan: Plan, around: Around): Deparsed {
    switch (plan.kind) {
      case 'one row':
        return { sql: 'select', rows: { all: [], own: [], measured: new Map() } };
      case 'scan':
        return this.#scan(plan);
      case 'named':
        return this.#named(plan, around);
      case 'function':
        return this.#function(plan, around);
      case 'values':
        return this.#values(plan, around);
      case 'filter': {
        const input = this.#plan(plan.input, below(around, plan));
        return {
          ...input,
          sql: `select * from (${input.sql}) q where ${this.#scalar(plan.predicate, around)}`,
        };
      }
      case 'join':
        return this.#join(plan, around);
      case 'project': {
        const { items, from, rows } = this.#shown(plan, around);
        const columns = [...items.map(([name, text]) => `${text} as ${name}`), ...rows.all.map(columnOf)];
        return { sql: `select ${columns.join(', ')} ${from}`, rows };
      }
      case 'expand': {
        const input = this.#plan(plan.input, below(around, plan));
        const columns = plan.columns.map(
          ({ id, expression }) => `${this.#scalar(expression, around)} as ${columnText(id)}`,
        );
        const row = this.#identity(plan);
        const own = [...input.rows.own, row];
        return {
          sql: `select *, row_number() over () as ${row.column} from (select *, ${columns.join(', ')} from (${input.sql}) q) q`,
          rows: {
            all: [...input.rows.all, row],
            own,
            measured: new Map([...input.rows.measured, ...plan.columns.map(({ id }) => [id, own] as const)]),
          },
        };
      }
      case 'aggregate':
        return this.#aggregate(plan, around);
      case 'window':
        return this.#window(plan, around);
      case 'distinct':
        return this.#distinct(plan, around);
      case 'distinct on': {
        const input = this.#plan(plan.input, below(around, plan));
        const on = plan.on.map((scalar) => this.#scalar(scalar, around)).join(', ');
        const order = plan.order.length > 0 ? ` order by ${this.#keys(plan.order, around)}` : '';
        return { ...input, sql: `select distinct on (${on}) * from (${input.sql}) q${order}` };
      }
      case 'sort': {
        const input = this.#plan(plan.input, below(around, plan));
        return { ...input, sql: `select * from (${input.sql}) q order by ${this.#keys(plan.order, around)}` };
      }
      case 'limit':
        return this.#limit(plan, around);
      case 'set':
        return this.#set(plan, around);
      case 'recursive':
        return this.#recursive(plan, around);
      case 'recursion': {
        if (!around.recursion) throw new NotDeparsable('a recursive query is read outside of itself');
        const columns = plan.columns.map(({ id }, index) => `x${String(index)} as ${columnText(id)}`);
        const row = this.#identity(plan);
        return {
          sql: `select ${columns.join(', ')}, row_number() over () as ${row.column} from ${around.recursion.name}`,
          rows: rowsOf(row, plan.columns),
        };
      }
    }
  }

  #identity(plan: Plan): Identity {
    return { column: this.name('r'), plan };
  }

  #scan(plan: Scan): Deparsed {
    const { relation, columns, only } = plan;
    const row = this.#identity(plan);
    const own = columns.map(
      ({ id, name }, index) =>
        `${quoteIdentifier(relation.columns[index]?.name ?? name)} as ${columnText(id)}`,
    );
    const from = `${only ? 'only ' : ''}${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
    const shown = [...own, `row_number() over () as ${row.column}`];
    return { sql: `select ${shown.join(', ')} from ${from}`, rows: rowsOf(row, columns) };
  }

  /** Its rows are those of its query, told as they are there. */
  #named({ of, columns }: NamedScan, around: Around): Deparsed {
    const { items, from, rows } = this.#outputOf(of.query, { ...around, recursion: around.recursion });
    const measured = new Map<ColumnId, readonly Identity[]>();
    const shown = of.query.output.map(({ id }, index) => {
      const own = columns[index]?.id ?? id;
      const told = rows.measured.get(id);
      if (told) measured.set(own, told);
      const text = items.find(([name]) => name === columnText(id))?.[1] ?? columnText(id);
      return `${text} as ${columnText(own)}`;
    });
    const sql = `select ${[...shown, ...rows.all.map(columnOf)].join(', ')} ${from}`;
    return { sql, rows: { ...rows, measured } };
  }

  #function(plan: FunctionScan, around: Around): Deparsed {
    const row = this.#identity(plan);
    const alias = this.name('f');
    const before = this.#around;
    this.#around = { ...around, read: new Set() };
    let text: string;
    try {
      text = this.scalars.written(withAlias(plan, alias), plan.calls);
    } finally {
      this.#around = before;
    }
    const isRecord = 'RangeFunction' in plan.node && plan.node.RangeFunction.coldeflist !== undefined;
    const shown = isRecord
      ? plan.columns.map(({ id, name }) => `${quoteIdentifier(name)} as ${columnText(id)}`).join(', ')
      : '*';
    return {
      sql: `select ${shown}, row_number() over () as ${row.column} from ${text}`,
      rows: rowsOf(row, plan.columns),
    };
  }

  #values(plan: Values, around: Around): Deparsed {
    const row = this.#identity(plan);
    const rows = plan.rows.map((cells) => `(${cells.map((cell) => this.#scalar(cell, around)).join(', ')})`);
    const names = plan.columns.map(({ id }) => columnText(id)).join(', ');
    return {
      sql: `select *, row_number() over () as ${row.column} from (values ${rows.join(', ')}) v(${names})`,
      rows: rowsOf(row, plan.columns),
    };
  }

  #join(plan: Join, around: Around): Deparsed {
    const own = below(around, plan);
    const right = this.#plan(plan.right, own);
    const left = this.#plan(plan.left, { ...own, read: columnsRead(plan.right, new Set(own.read)) });
    const on = plan.predicate ? this.#scalar(plan.predicate, around) : 'true';
    const merged = plan.merged.map(
      ({ id, expression }) => `${this.#scalar(expression, around)} as ${columnText(id)}, `,
    );
    // A full join cannot have a lateral side, and needs none.
    const lateral = plan.join === 'inner' || plan.join === 'left' ? 'lateral ' : '';
    const rows: Rows = {
      all: [...left.rows.all, ...right.rows.all],
      own: [...left.rows.own, ...right.rows.own],
      measured: new Map([...left.rows.measured, ...right.rows.measured]),
    };
    return {
      sql: `select ${merged.join('')}q.*, p.* from (${left.sql}) q ${plan.join} join ${lateral}(${right.sql}) p on ${on}`,
      rows: this.#projected(rows, plan.merged),
    };
  }

  #aggregate(plan: Aggregate, around: Around): Deparsed {
    const input = this.#plan(plan.input, below(around, plan));
    const row = this.#identity(plan);
    const kept = input.rows.all.filter((identity) => this.#options.isFixed(plan, identity));
    const seen = new Set(plan.groups.map(({ id }) => id));
    const told = planColumns(plan.input).filter(({ id }) => around.read.has(id) && !seen.has(id));
    const items = [
      ...plan.groups.map(({ id }) => columnText(id)),
      ...plan.calls.map((call) => `${this.#call(call.node, [...call.arguments, ...(call.filter ? [call.filter] : []), ...call.order.map((key) => key.expression)], around)} as ${columnText(call.id)}`), // prettier-ignore
      ...plan.grouping.map(
        ({ id, of }) =>
          `grouping(${of.map((place) => groupText(plan, place)).join(', ')}) as ${columnText(id)}`,
      ),
      ...told.map(({ id }) => `any_value(${columnText(id)}) as ${columnText(id)}`),
      ...kept.map(({ column }) => `any_value(${column}) as ${column}`),
    ];
    const sql = `select ${items.join(', ')} from (${this.grouped(plan, input.sql, around)}) q${groupBy(plan)}`;
    const isKept = (identities: readonly Identity[] | undefined): identities is readonly Identity[] =>
      identities?.every((identity) => kept.includes(identity)) === true;
    const measured = new Map<ColumnId, readonly Identity[]>();
    for (const { id } of told) measured.set(id, [row]);
    for (const [id, identities] of input.rows.measured)
      if (isKept(identities) && (seen.has(id) || measured.has(id))) measured.set(id, identities);
    plan.groups.forEach(({ id, expression }, place) => {
      const own = measuredIn(input.rows, expression);
      const isCommon = plan.sets?.every((set) => set.includes(place)) ?? true;
      measured.set(id, isCommon && own.length > 0 && isKept(own) ? own : [row]);
    });
    for (const { id } of [...plan.calls, ...plan.grouping]) measured.set(id, [row]);
    return {
      sql: `select *, row_number() over () as ${row.column} from (${sql}) q`,
      rows: { all: [...kept, row], own: [row], measured },
    };
  }

  /** The input with the groups' expressions as columns. */
  grouped(plan: Aggregate, input: string, around: Around = this.#around): string {
    const added = plan.groups.filter(
      ({ id, expression }) => expression.kind !== 'column' || expression.column !== id,
    );
    const columns = added.map(
      ({ id, expression }) => `, ${this.#scalar(expression, around)} as ${columnText(id)}`,
    );
    return `select q.*${columns.join('')} from (${input}) q`;
  }

  #call(node: Node, parts: readonly Scalar[], around: Around): string {
    const before = this.#around;
    this.#around = { ...around, read: new Set() };
    try {
      return this.scalars.written(node, parts);
    } finally {
      this.#around = before;
    }
  }

  #window(plan: Window, around: Around): Deparsed {
    const input = this.#plan(plan.input, below(around, plan));
    const calls = plan.calls.map((call) => `${this.#windowCall(call, around)} as ${columnText(call.id)}`);
    const measured = new Map(input.rows.measured);
    for (const { id } of plan.calls) measured.set(id, input.rows.own);
    return {
      sql: `select q.*, ${calls.join(', ')} from (${input.sql}) q`,
      rows: { ...input.rows, measured },
    };
  }

  #windowCall(call: WindowCall, around: Around): string {
    if (!('FuncCall' in call.node)) throw new NotDeparsable('a window function is no call');
    const { over, ...rest } = call.node.FuncCall;
    const text = this.#call(
      { FuncCall: rest },
      [...call.arguments, ...(call.filter ? [call.filter] : [])],
      around,
    );
    const partition = call.partition.map((scalar) => this.#scalar(scalar, around)).join(', ');
    const order = this.#keys(call.order, around);
    const frame = frameText(this.#options.print, call, over);
    const parts = [partition && `partition by ${partition}`, order && `order by ${order}`, frame];
    return `${text} over (${parts.filter((part) => part !== '').join(' ')})`;
  }

  #distinct(plan: Distinct, around: Around): Deparsed {
    const { rows, sql } = this.#plan(plan.input, below(around, plan));
    const kept = rows.all.filter((identity) => this.#options.isFixed(plan, identity));
    const columns = [...plan.columns.map(columnText), ...kept.map(columnOf)];
    const row = this.#identity(plan);
    const measured = new Map<ColumnId, readonly Identity[]>();
    for (const id of plan.columns) {
      const own = rows.measured.get(id);
      measured.set(id, own?.every((identity) => kept.includes(identity)) === true ? own : [row]);
    }
    return {
      sql: `select *, row_number() over () as ${row.column} from (select distinct ${columns.join(', ')} from (${sql}) q) q`,
      rows: { all: [...kept, row], own: [row], measured },
    };
  }

  #limit(plan: Limit, around: Around): Deparsed {
    const isSorted = plan.input.kind === 'sort';
    const input = this.#plan(plan.input, below(around, plan));
    const start = isSorted ? input.sql : `select * from (${input.sql}) q`;
    const offset = plan.offset ? ` offset ${this.#scalar(plan.offset, around)}` : '';
    const count = plan.count ? this.#scalar(plan.count, around) : undefined;
    if (plan.withTies)
      return { ...input, sql: `${start}${offset} fetch first ${count ?? '(1)'} rows with ties` };
    return { ...input, sql: `${start}${count === undefined ? '' : ` limit ${count}`}${offset}` };
  }

  #set(plan: SetOperation, around: Around): Deparsed {
    const left = this.#outputOf(plan.left, around);
    const right = this.#outputOf(plan.right, around);
    const row = this.#identity(plan);
    const measured = new Map<ColumnId, readonly Identity[]>(plan.columns.map(({ id }) => [id, [row]]));
    const all: Identity[] = [row];
    const added: [string[], string[]] = [[], []];
    if (plan.all && plan.operation === 'union') {
      const known = new Map<string, Identity>();
      plan.columns.forEach(({ id }, index) => {
        const texts = [branchRow('l', plan.left, left, index), branchRow('r', plan.right, right, index)];
        const key = texts.join('|');
        let identity = known.get(key);
        if (!identity) {
          identity = this.#identity(plan);
          known.set(key, identity);
          all.push(identity);
          for (const [side, text] of texts.entries()) added[side as 0].push(`${text} as ${identity.column}`);
        }
        measured.set(id, [identity]);
      });
    }
    const branch = (query: BoundQuery, { items, from }: Shown, more: readonly string[]): string => {
      const shown = query.output.map(({ id }, index) => {
        const text = items.find(([name]) => name === columnText(id))?.[1] ?? columnText(id);
        return `${text} as ${columnText(plan.columns[index]?.id ?? id)}`;
      });
      return `select ${[...shown, ...more].join(', ')} ${from}`;
    };
    const both = [branch(plan.left, left, added[0]), branch(plan.right, right, added[1])];
    const operation = `${plan.operation}${plan.all ? ' all' : ''}`;
    return {
      sql: `select *, row_number() over () as ${row.column} from ((${both.join(`) ${operation} (`)})) q`,
      rows: { all, own: [row], measured },
    };
  }

  #recursive(plan: Recursive, around: Around): Deparsed {
    const name = this.name('w');
    const row = this.#identity(plan);
    const start = this.#outputOf(plan.start, around);
    const step = this.#outputOf(plan.step, { ...around, recursion: { name } });
    const side = (query: BoundQuery, { items, from }: Shown): string => {
      const shown = query.output.map(
        ({ id }) => items.find(([own]) => own === columnText(id))?.[1] ?? columnText(id),
      );
      return `select ${shown.join(', ')} ${from}`;
    };
    const names = plan.columns.map((_, index) => `x${String(index)}`).join(', ');
    const shown = plan.columns.map(({ id }, index) => `x${String(index)} as ${columnText(id)}, `);
    return {
      sql:
        `with recursive ${name}(${names}) as ((${side(plan.start, start)}) union ${plan.all ? 'all ' : ''}(${side(plan.step, step)})) ` +
        `select ${shown.join('')}row_number() over () as ${row.column} from ${name}`,
      rows: rowsOf(row, plan.columns),
    };
  }
}

function below(around: Around, plan: Plan): Around {
  const read = new Set(around.read);
  for (const scalar of scalarsOf(plan)) columnsIn(scalar, read);
  if (plan.kind === 'distinct') for (const id of plan.columns) read.add(id);
  return { ...around, read };
}

function columnOf({ column }: Identity): string {
  return column;
}

/** The row that a branch's column was measured in, as text. */
function branchRow(side: string, query: BoundQuery, { rows }: Shown, index: number): string {
  const column = query.output[index];
  const measured = (column && rows.measured.get(column.id)) ?? rows.own;
  const told = measured.length > 0 ? measured : rows.own;
  return `concat_ws(',', '${side}'${told.map(({ column: name }) => `, coalesce(${name}::text, '-')`).join('')})`;
}

export function groupText({ groups }: Aggregate, place: number): string {
  const group = groups[place];
  return group ? columnText(group.id) : 'null';
}

function groupBy(plan: Aggregate): string {
  const text = (set: readonly number[]): string => set.map((place) => groupText(plan, place)).join(', ');
  if (plan.sets) return ` group by grouping sets (${plan.sets.map((set) => `(${text(set)})`).join(', ')})`;
  return plan.groups.length > 0 ? ` group by ${text([...plan.groups.keys()])}` : ' having true';
}
