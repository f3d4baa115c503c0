/** One column of a table. */

import { PySet, Tuple } from '../../../jinja/index.ts';
import type { Value } from '../../../jinja/index.ts';
import { define } from '../host.ts';
import { compareValues } from '../modules/order.ts';
import type { DataType } from './data-type.ts';
import { MappedSequence } from './mapped-sequence.ts';
import type { TableParts } from './table.ts';

export class Column extends MappedSequence {
  readonly index: number;
  readonly name: string;
  readonly dataType: DataType;

  constructor(index: number, name: string, dataType: DataType, read: () => readonly Value[]) {
    super('Column', read, null);
    this.index = index;
    this.name = name;
    this.dataType = dataType;
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return this.index;
      case 'name':
        return this.name;
      case 'data_type':
        return this.dataType;
      case 'values_distinct':
        return define(name, '', () => new Tuple([...PySet.of(this.sequence()).values()]));
      case 'values_without_nulls':
        return define(name, '', () => new Tuple(this.#present()));
      case 'values_sorted':
        return define(name, '', () => {
          const present = this.#present();
          const nulls = Array<Value>(this.length() - present.length).fill(null);
          return [...present.sort(compareValues), ...nulls];
        });
      case 'values_without_nulls_sorted':
        return define(name, '', () => this.#present().sort(compareValues));
      default:
        return super.getAttribute(name);
    }
  }

  #present(): Value[] {
    return this.sequence().filter((value) => value !== null);
  }
}

export function columnOf(table: TableParts, index: number): Column {
  const { cells, columnNames, columnTypes } = table;
  return new Column(index, columnNames[index] as string, columnTypes[index] as DataType, () =>
    Array.from({ length: cells.rowCount }, (_, row) => cells.value(row, index)),
  );
}
