/** What a query asks of values: which columns are compared with each other, and which constants stand beside them. */

import { MIRRORED } from '../sql/grain/assume.ts';
import { bindExpression } from '../sql/plan/bind.ts';
import type { BoundStatement } from '../sql/plan/bind.ts';
import type { BoundQuery, ColumnId, Plan, Scalar } from '../sql/plan/plan.ts';
import { inputsOf, scalarsOf } from '../sql/plan/reads.ts';
import { partsOf } from '../sql/plan/scalars.ts';
import type { SqlParser } from '../sql/parser.ts';
import { tableKey, type Table } from './tables.ts';

/** `schema.table.column` */
export type BaseColumn = string;

export function baseColumn(table: string, column: string): BaseColumn {
  return `${table}.${column}`;
}

export interface Hint {
  readonly text: string;
  /** How the constant is compared: the operator as if the column stood at its left. */
  readonly operator: string;
}

export interface Hints {
  /** By column, the constants that it is compared with, in the order of the text. */
  readonly constants: ReadonlyMap<BaseColumn, readonly Hint[]>;
  /** Columns that share values, by one of them. */
  classOf(column: BaseColumn): BaseColumn;
  /** Constants that are read as fields of a document. */
  readonly fields: ReadonlySet<string>;
  /** Columns that are compared with anything. */
  readonly compared: ReadonlySet<BaseColumn>;
  /** The scanned tables, by key. */
  readonly tables: ReadonlySet<string>;
  /** Where a query's column comes from. */
  basesOf(column: ColumnId): ReadonlySet<BaseColumn>;
  readonly readsClock: boolean;
  /** Rows that lead to each other in a circle would never end. */
  readonly isRecursive: boolean;
  /** All constants of the query. */
  readonly texts: ReadonlySet<string>;
}

const COMPARISONS = new Set([
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '~',
  '~*',
  '@>',
  '<@',
  '&&',
  '^@',
]);

const FIELDS = new Set([
  '->',
  '->>',
  '#>',
  '#>>',
  '?',
  'jsonb_extract_path',
  'jsonb_extract_path_text',
  'json_extract_path_text',
]);

const CLOCKS = new Set(['now', 'current_date', 'current_timestamp', 'localtimestamp', 'statement_timestamp']);

/** Of a query that is not understood, rows of all tables are tried. */
export function hintsOf(
  parser: SqlParser,
  statement: BoundStatement | undefined,
  tables: ReadonlyMap<string, Table>,
): Hints {
  const collected = new Collected();
  if (statement) {
    collected.visitQuery(statement.query);
    for (const cte of statement.ctes) collected.visitQuery(cte.query);
  } else for (const key of tables.keys()) collected.tables.add(key);
  collected.link();
  for (const [key, table] of tables) {
    for (const { columns, table: to, to: others } of table.foreignKeys)
      columns.forEach((column, index) => {
        collected.unite(baseColumn(key, column), baseColumn(to, others[index] ?? ''));
      });
    if (table.parent !== undefined)
      for (const { name } of table.columns)
        collected.unite(baseColumn(key, name), baseColumn(table.parent, name));
    addChecks(parser, collected, key, table);
  }
  return collected;
}

/** What CHECK constraints compare. */
function addChecks(parser: SqlParser, collected: Collected, key: string, table: Table): void {
  const columns = table.columns.map(({ name, type }, index) => ({ id: -1 - index, name, type }));
  const bases = new Map(columns.map(({ id, name }) => [id, baseColumn(key, name)]));
  for (const check of table.checks) {
    const scalar = bindExpression(parser, check, columns);
    if (scalar) collected.visitScalar(scalar, bases);
  }
  for (const { name, type, checks } of table.columns)
    for (const check of checks) {
      const scalar = bindExpression(parser, check, [{ id: -1, name: 'value', type }]);
      if (scalar) collected.visitScalar(scalar, new Map([[-1, baseColumn(key, name)]]));
    }
}

interface Found {
  readonly bases: Set<BaseColumn>;
  readonly constants: Set<string>;
}

class Collected implements Hints {
  readonly constants = new Map<BaseColumn, Hint[]>();
  readonly fields = new Set<string>();
  readonly compared = new Set<BaseColumn>();
  readonly tables = new Set<string>();
  readonly texts = new Set<string>();
  readsClock = false;
  isRecursive = false;
  readonly #parents = new Map<BaseColumn, BaseColumn>();
  readonly #bases = new Map<ColumnId, BaseColumn>();
  readonly #given = new Map<ColumnId, { scalars: Scalar[]; columns: ColumnId[] }>();
  readonly #seen = new Set<Plan>();
  readonly #scalars: Scalar[] = [];
  readonly #sets: (readonly ColumnId[])[] = [];

  classOf(column: BaseColumn): BaseColumn {
    let at = column;
    for (let up = this.#parents.get(at); up !== undefined && up !== at; up = this.#parents.get(at)) at = up;
    return at;
  }

  unite(one: BaseColumn, other: BaseColumn): void {
    const [left, right] = [this.classOf(one), this.classOf(other)];
    if (left !== right) this.#parents.set(left, right);
  }

  basesOf(column: ColumnId): ReadonlySet<BaseColumn> {
    return this.#found({ kind: 'column', column, node: undefined }).bases;
  }

  visitQuery(query: BoundQuery): void {
    this.#visit(query.plan);
  }

  /** Once all plans are known: an expression may read what was met later. */
  link(): void {
    for (const scalar of this.#scalars) this.visitScalar(scalar, this.#bases);
    for (const set of this.#sets) {
      const bases = set.flatMap((id) => [...this.basesOf(id)]);
      for (const base of bases) this.unite(base, bases[0] ?? base);
    }
  }

  #visit(plan: Plan): void {
    if (this.#seen.has(plan)) return;
    this.#seen.add(plan);
    this.#define(plan);
    for (const scalar of scalarsOf(plan)) {
      this.#scalars.push(scalar);
      this.#visitQueries(scalar);
    }
    for (const below of inputsOf(plan)) this.#visit(below);
    if (plan.kind === 'named') this.#visit(plan.of.query.plan);
  }

  #visitQueries(scalar: Scalar): void {
    if (scalar.kind === 'subquery') this.#visit(scalar.query.plan);
    for (const part of partsOf(scalar)) this.#visitQueries(part);
  }

  #define(plan: Plan): void {
    const give = (id: ColumnId, scalars: readonly Scalar[], columns: readonly ColumnId[] = []): void => {
      this.#given.set(id, { scalars: [...scalars], columns: columns.filter((each) => each !== id) });
    };
    switch (plan.kind) {
      case 'scan': {
        const key = tableKey(plan.relation.schema, plan.relation.name);
        this.tables.add(key);
        for (const { id, name } of plan.columns.map((column, index) => ({
          id: column.id,
          name: plan.relation.columns[index]?.name ?? column.name,
        })))
          this.#bases.set(id, baseColumn(key, name));
        break;
      }
      case 'named':
        plan.columns.forEach(({ id }, index) => {
          give(id, [], [plan.of.query.output[index]?.id ?? id]);
        });
        break;
      case 'set':
      case 'recursive': {
        if (plan.kind === 'recursive') this.isRecursive = true;
        const [left, right] = plan.kind === 'set' ? [plan.left, plan.right] : [plan.start, plan.step];
        plan.columns.forEach(({ id }, index) => {
          const ids = [left.output[index]?.id ?? id, right.output[index]?.id ?? id];
          give(id, [], ids);
          this.#sets.push(ids);
        });
        break;
      }
      case 'function':
        for (const { id, name } of plan.columns) {
          give(id, plan.calls);
          // The columns of a record are fields of the document that it is made of.
          if (plan.columns.length > 1) this.fields.add(name);
        }
        break;
      case 'values':
        plan.columns.forEach(({ id }, index) => {
          give(
            id,
            plan.rows.flatMap((row) => row[index] ?? []),
          );
        });
        break;
      case 'project':
      case 'expand':
        for (const { id, expression } of plan.columns) give(id, [expression]);
        break;
      case 'join':
        for (const { id, expression } of plan.merged) give(id, [expression]);
        break;
      case 'aggregate':
        for (const { id, expression } of plan.groups)
          if (expression.kind !== 'column' || expression.column !== id) give(id, [expression]);
        for (const call of plan.calls) give(call.id, call.arguments);
        break;
      case 'window':
        for (const call of plan.calls) give(call.id, call.arguments);
        break;
      default:
        break;
    }
  }

  /** The base columns and the constants that a value is made of. */
  #found(scalar: Scalar, given: ReadonlyMap<ColumnId, BaseColumn> = this.#bases): Found {
    const found: Found = { bases: new Set(), constants: new Set() };
    const seen = new Set<ColumnId>();
    const column = (id: ColumnId): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const base = given.get(id);
      if (base !== undefined) found.bases.add(base);
      const definition = this.#given.get(id);
      definition?.scalars.forEach(visit);
      definition?.columns.forEach(column);
    };
    const visit = (part: Scalar): void => {
      if (part.kind === 'column') column(part.column);
      else if (part.kind === 'constant') {
        if (part.text !== null) found.constants.add(part.text);
      } else if (part.kind === 'subquery') {
        if (part.use !== 'exists') for (const { id } of part.query.output) column(id);
      } else partsOf(part).forEach(visit);
    };
    visit(scalar);
    return found;
  }

  visitScalar(scalar: Scalar, given: ReadonlyMap<ColumnId, BaseColumn>): void {
    const compare = (operator: string, left: Scalar, right: Scalar): void => {
      const [one, other] = [this.#found(left, given), this.#found(right, given)];
      const bases = [...one.bases, ...other.bases];
      for (const base of bases) {
        this.compared.add(base);
        if (one.bases.size > 0 && other.bases.size > 0) this.unite(base, bases[0] ?? base);
      }
      this.#hint(one.bases, [...other.constants, ...(other.bases.size > 0 ? one.constants : [])], operator);
      this.#hint(other.bases, [...one.constants, ...(one.bases.size > 0 ? other.constants : [])], MIRRORED[operator] ?? operator); // prettier-ignore
    };
    if (scalar.kind === 'call') {
      if (CLOCKS.has(scalar.name)) this.readsClock = true;
      const [left, right] = scalar.arguments;
      if (COMPARISONS.has(scalar.name) && left && right) compare(scalar.name, left, right);
      if (FIELDS.has(scalar.name))
        for (const part of scalar.arguments.slice(1))
          for (const text of this.#found(part, given).constants) this.fields.add(text);
      if (scalar.name === 'nullif' && left && right) compare('=', left, right);
    } else if (scalar.kind === 'is distinct') compare('=', scalar.left, scalar.right);
    else if (scalar.kind === 'in') for (const item of scalar.list) compare('=', scalar.argument, item);
    else if (scalar.kind === 'subquery' && scalar.test.length > 0)
      scalar.test.forEach((test, index) => {
        const column = scalar.query.output[index];
        if (column) compare('=', test, { kind: 'column', column: column.id, node: undefined });
      });
    else if (scalar.kind === 'other') {
      const found = this.#found(scalar, given);
      this.#hint(found.bases, [...found.constants], '=');
    }
    if (scalar.kind === 'constant' && scalar.text !== null) this.texts.add(scalar.text);
    for (const part of partsOf(scalar)) this.visitScalar(part, given);
  }

  #hint(bases: ReadonlySet<BaseColumn>, constants: readonly string[], operator: string): void {
    for (const base of bases) {
      const known = this.constants.get(base) ?? [];
      for (const text of constants)
        if (!known.some((hint) => hint.text === text && hint.operator === operator))
          known.push({ text, operator });
      this.constants.set(base, known);
    }
  }
}
