/** Numbers as Postgres prints them, compared and added exactly: `numeric` has more digits than a floating point number holds. */

export type Decimal =
  /** `digits` × 10^-scale. */
  | { readonly kind: 'finite'; readonly digits: bigint; readonly scale: number }
  | { readonly kind: 'infinity' | '-infinity' | 'nan' };

const FORM = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?\s*$/u;

/** Undefined for a text that is no number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = FORM.exec(text);
  const [, sign, whole = '', part = '', exponent = '0'] = match ?? [];
  if (match && whole + part !== '') {
    const digits = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n);
    const scale = part.length - Number(exponent);
    return scale >= 0
      ? { kind: 'finite', digits, scale }
      : { kind: 'finite', digits: digits * 10n ** BigInt(-scale), scale: 0 };
  }
  switch (text.trim().toLowerCase()) {
    case 'infinity':
    case '+infinity':
    case 'inf':
      return { kind: 'infinity' };
    case '-infinity':
    case '-inf':
      return { kind: '-infinity' };
    case 'nan':
      return { kind: 'nan' };
    default:
      return undefined;
  }
}

/** As Postgres orders them: NaN equals itself and is greater than everything. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.kind !== 'finite' || right.kind !== 'finite') return rank(left) - rank(right);
  const scale = Math.max(left.scale, right.scale);
  const [a, b] = [scaled(left, scale), scaled(right, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(value: Decimal): number {
  switch (value.kind) {
    case '-infinity':
      return 0;
    case 'finite':
      return 1;
    case 'infinity':
      return 2;
    case 'nan':
      return 3;
  }
}

function scaled(value: { digits: bigint; scale: number }, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}

/** Adds up texts; most numbers are short, and those go through plain integers until they would no longer be exact. */
export class DecimalSum {
  readonly #small = new Map<number, number>();
  #total: { digits: bigint; scale: number } = { digits: 0n, scale: 0 };
  #infinite: 'none' | 'infinity' | '-infinity' | 'nan' = 'none';

  /** Whether the text was a number. */
  add(text: string): boolean {
    return this.#addShort(text) || this.#addAny(text);
  }

  /** Decimal text with as many places as the longest summand had. */
  sum(): string {
    switch (this.#infinite) {
      case 'none':
        return toText(this.#exact());
      case 'nan':
        return 'NaN';
      case 'infinity':
        return 'Infinity';
      case '-infinity':
        return '-Infinity';
    }
  }

  /** Rounded half away from zero to six places more than the sum has. */
  average(count: number): string | null {
    if (count === 0) return null;
    if (this.#infinite !== 'none') return this.sum();
    const { digits, scale } = this.#exact();
    const raised = digits * 10n ** 6n;
    const half = BigInt(count) / 2n;
    const rounded = (raised < 0n ? raised - half : raised + half) / BigInt(count);
    return withoutTrailingZeros(toText({ digits: rounded, scale: scale + 6 }), scale);
  }

  #addShort(text: string): boolean {
    if (text.length > 15) return false;
    const negative = text.startsWith('-');
    let digits = 0;
    let point = -1;
    for (let at = negative ? 1 : 0; at < text.length; at++) {
      const code = text.charCodeAt(at) - 48;
      if (code >= 0 && code <= 9) digits = digits * 10 + code;
      else if (code === -2 && point < 0) point = at;
      else return false;
    }
    if (text.length < (negative ? 2 : 1) + (point < 0 ? 0 : 1)) return false;
    const scale = point < 0 ? 0 : text.length - point - 1;
    const sum = (this.#small.get(scale) ?? 0) + (negative ? -digits : digits);
    if (Number.isSafeInteger(sum)) {
      this.#small.set(scale, sum);
      return true;
    }
    return false;
  }

  #addAny(text: string): boolean {
    const value = parseDecimal(text);
    if (value === undefined) return false;
    if (value.kind === 'finite') this.#total = plus(this.#total, value);
    else if (this.#infinite === 'none' || this.#infinite === value.kind) this.#infinite = value.kind;
    else this.#infinite = 'nan';
    return true;
  }

  #exact(): { digits: bigint; scale: number } {
    let total = this.#total;
    for (const [scale, digits] of this.#small) total = plus(total, { digits: BigInt(digits), scale });
    return total;
  }
}

function plus(
  left: { digits: bigint; scale: number },
  right: { digits: bigint; scale: number },
): { digits: bigint; scale: number } {
  const scale = Math.max(left.scale, right.scale);
  return { digits: scaled(left, scale) + scaled(right, scale), scale };
}

function toText({ digits, scale }: { digits: bigint; scale: number }): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const sign = digits < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

function withoutTrailingZeros(text: string, fewestPlaces: number): string {
  const point = text.indexOf('.');
  let end = text.length;
  while (end > point + 1 + fewestPlaces && text[end - 1] === '0') end -= 1;
  return text.slice(0, end === point + 1 ? point : end);
}
