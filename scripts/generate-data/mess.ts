/**
 * The ways in which sources spoil a value. Which value is spoiled goes by rota (the row's number), not by chance, so
 * that every kind of mess is present at every scale and with every seed.
 */

import type { Cell } from './csv-file.ts';
import type { Arrival } from './size.ts';

/** What sources write where there is no value. */
const sentinels: readonly Cell[] = [null, '', '   ', 'N/A', 'NULL', 'n/a', 'null', ' Null ', 'N/a'];

export function noValue(row: number): Cell {
  return sentinels[row % sentinels.length] ?? null;
}

/** A reference that may be padded. */
export function reference(id: string, row: number): string {
  return row % 41 === 5 ? ` ${id} ` : id;
}

export function padded(text: string, row: number): string {
  switch (row % 7) {
    case 2:
      return ` ${text}`;
    case 4:
      return `${text}  `;
    case 5:
      return `\t${text} `;
    default:
      return text;
  }
}

export function shouted(text: string, row: number): string {
  return row % 5 === 3 ? text.toUpperCase() : text;
}

/** `viewed_product_page` in the spellings of several trackers. */
export function pageTypeText(pageType: string, row: number): string {
  const words = pageType.split('_');
  switch (row % 8) {
    case 1:
      return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
    case 3:
      return pageType.toUpperCase();
    case 4:
      return ` ${pageType} `;
    case 6:
      return words.join('-');
    case 7:
      return `  ${words.join(' ')}`;
    default:
      return pageType;
  }
}

/** Cents as text. Parentheses and signs after the currency come only with the batches, as do values nobody can read. */
export function amountText(cents: number, row: number, arrival: Arrival): Cell {
  const plain = (Math.abs(cents) / 100).toFixed(2);
  const grouped = plain.replace(/\B(?=(\d{3})+\.)/g, ',');
  if (arrival > 0 && row % 31 === 11) return unreadable[row % unreadable.length] ?? null;
  if (cents < 0) return negativeText(plain, grouped, row, arrival);
  switch (row % 6) {
    case 1:
      return `$${plain}`;
    case 2:
      return grouped;
    case 3:
      return `$${grouped}`;
    case 4:
      return ` ${plain} `;
    default:
      return plain;
  }
}

const unreadable: readonly Cell[] = ['TBD', 'N/A', '12,34.5', null, 'see invoice', '1.2.3', '€ 40,00', '--5'];

function negativeText(plain: string, grouped: string, row: number, arrival: Arrival): string {
  if (arrival === 0) return row % 2 === 0 ? `-${plain}` : `-${grouped}`;
  switch (row % 5) {
    case 0:
      return `(${grouped})`;
    case 1:
      return `($${grouped})`;
    case 2:
      return `-$${grouped}`;
    case 3:
      return `$(${plain})`;
    default:
      return `$-${plain}`;
  }
}
