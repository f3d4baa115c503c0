/** When a zone's clocks show what: from the runtime's own copy of the IANA database. */

import type { ZoneEntry } from './zone-names.ts';

/** What a zone's clocks do at a moment; offsets in seconds. */
export interface ZoneState {
  readonly offset: number;
  /** The part of the offset that is daylight saving; negative where winter time is the exception. */
  readonly dst: number;
  readonly abbreviation: string;
}

/** Irish law has its standard time in summer, and subtracts an hour in winter. */
const NEGATIVE = new Set(['Europe/Dublin', 'Eire']);

export class ZoneRules {
  readonly entry: ZoneEntry;
  readonly #format: Intl.DateTimeFormat;
  readonly #standard = new Map<number, number>();
  readonly #states = new Map<string, ZoneState>();

  constructor(entry: ZoneEntry) {
    this.entry = entry;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: entry.name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The state at a Unix time in milliseconds; equal states are the same object. */
  at(unix: number): ZoneState {
    const offset = this.#offsetAt(unix);
    const dst = offset - this.#standardOffset(new Date(unix).getUTCFullYear());
    return this.#state(offset, NEGATIVE.has(this.entry.name) ? Math.min(0, dst) : Math.max(0, dst));
  }

  /** Local mean time, from before the zone had a standard. */
  get meanTime(): ZoneState {
    // Zones named after their rules never had another time.
    if (/^[A-Z]{3}\d[A-Z]{3}$/u.test(this.entry.name)) return this.at(0);
    const seconds = this.#offsetAt(Date.UTC(1800, 0, 1));
    // Where nobody lived there was no time of day.
    return {
      offset: Math.floor((seconds + 30) / 60) * 60,
      dst: 0,
      abbreviation: seconds === 0 ? '-00' : 'LMT',
    };
  }

  #state(offset: number, dst: number): ZoneState {
    const key = `${offset} ${dst}`;
    let state = this.#states.get(key);
    if (!state) {
      state = { offset, dst, abbreviation: this.#abbreviation(offset, dst) };
      this.#states.set(key, state);
    }
    return state;
  }

  #abbreviation(offset: number, dst: number): string {
    const { abbreviations } = this.entry;
    if (abbreviations) {
      const isLower = NEGATIVE.has(this.entry.name) ? dst < 0 : dst === 0;
      return isLower ? abbreviations.standard : abbreviations.daylight;
    }
    const minutes = Math.floor(Math.abs(offset) / 60);
    const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
    return `${offset < 0 ? '-' : '+'}${hours}${minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0')}`;
  }

  /** The smaller of the offsets in January and July; the larger where winter time is the exception. */
  #standardOffset(year: number): number {
    let offset = this.#standard.get(year);
    if (offset === undefined) {
      const choose = NEGATIVE.has(this.entry.name) ? Math.max : Math.min;
      offset = choose(this.#offsetAt(Date.UTC(year, 0, 1)), this.#offsetAt(Date.UTC(year, 6, 1)));
      this.#standard.set(year, offset);
    }
    return offset;
  }

  #offsetAt(unix: number): number {
    const part = new Map(
      this.#format.formatToParts(new Date(unix)).map(({ type, value }) => [type, Number(value)]),
    );
    const field = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
    const local = new Date(0);
    local.setUTCFullYear(field('year'), field('month') - 1, field('day'));
    local.setUTCHours(field('hour'), field('minute'), field('second'));
    return Math.round((local.getTime() - Math.floor(unix / 1000) * 1000) / 1000);
  }
}
