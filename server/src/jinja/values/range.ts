/** Python's range, bounded as Jinja2's sandbox bounds it. */

import { overflowError, valueError } from '../errors.ts';
import { HostObject } from './host-object.ts';
import { equals } from './equality.ts';
import type { Value } from './value.ts';

const MAX_RANGE = 100_000;

export class PyRange extends HostObject {
  readonly typeName = 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly size: number;

  constructor(start: number, stop: number, step: number) {
    super();
    if (step === 0) throw valueError('range() arg 3 must not be zero');
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = Math.max(0, Math.ceil((stop - start) / step));
  }

  /** The `range` of templates: refuses more elements than the sandbox allows. */
  static bounded(start: number, stop: number, step: number): PyRange {
    const range = new PyRange(start, stop, step);
    if (range.size > MAX_RANGE) {
      throw overflowError(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
    }
    return range;
  }

  at(index: number): number {
    return this.start + index * this.step;
  }

  override getAttribute(name: string): Value | undefined {
    return name === 'start' || name === 'stop' || name === 'step' ? this[name] : undefined;
  }

  override length(): number {
    return this.size;
  }

  override *iterate(): Iterator<Value> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }

  override contains(item: Value): boolean {
    for (let index = 0; index < this.size; index++) if (equals(item, this.at(index))) return true;
    return false;
  }

  override equals(other: Value): boolean {
    if (!(other instanceof PyRange) || other.size !== this.size) return false;
    if (this.size === 0) return true;
    return this.start === other.start && (this.size === 1 || this.step === other.step);
  }

  override hashKey(): string {
    if (this.size === 0) return 'range:empty';
    return this.size === 1 ? `range:${this.start}` : `range:${this.size},${this.start},${this.step}`;
  }

  override toRepr(): string {
    const step = this.step === 1 ? '' : `, ${this.step}`;
    return `range(${this.start}, ${this.stop}${step})`;
  }
}
