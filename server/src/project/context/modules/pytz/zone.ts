/** The zones of pytz: a tzinfo whose offset is fixed once it belongs to a datetime. */

import { TemplateError, typeName, valueError } from '../../../../jinja/index.ts';
import type { Value } from '../../../../jinja/index.ts';
import { typeError } from '../../../../jinja/index.ts';
import { define } from '../../host.ts';
import { floorDivide } from '../integers.ts';
import { DateTime } from '../datetime/date-time.ts';
import { TimeDelta } from '../datetime/time-delta.ts';
import { TimeZone } from '../datetime/time-zone.ts';
import type { ZoneRules, ZoneState } from './zone-rules.ts';

/** What localize does with a time that comes twice or never: take one of the two, or refuse. */
export type DstChoice = boolean | null;

/** A tzinfo with pytz's `localize` and `normalize`. */
export abstract class PytzZone extends TimeZone {
  /** Null for an offset without a name. */
  abstract readonly zone: string | null;

  /** The datetime whose wall clock shows the naive one. */
  abstract localize(naive: DateTime, isDst: DstChoice): DateTime;

  /** The same moment, with the offset that the zone has then. */
  normalize(moment: DateTime): DateTime {
    const offset = moment.offset;
    if (offset === null) throw valueError('Naive time - no tzinfo set');
    return this.fromUtc(DateTime.fromWall(moment.wallMicros - offset.micros, null));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case 'zone':
        return this.zone;
      case 'localize':
        return define(name, 'dt,is_dst=', (args) => {
          const moment = momentArgument(args.value('dt'));
          if (moment.zone !== null) throw valueError('Not naive datetime (tzinfo is already set)');
          return this.localize(moment, choiceOf(args.get('is_dst')));
        });
      case 'normalize':
        return define(name, 'dt,is_dst=', (args) => this.normalize(momentArgument(args.value('dt'))));
      default:
        return super.getAttribute(name);
    }
  }
}

function choiceOf(value: Value | undefined): DstChoice {
  return value === null ? null : value === true || value === 1;
}

function momentArgument(value: Value): DateTime {
  if (value instanceof DateTime) return value;
  throw typeError(`a datetime is needed, not a ${typeName(value)}`);
}

/** `pytz.utc`, the zones that never changed, and `FixedOffset`. */
export class StaticZone extends PytzZone {
  readonly typeName = 'pytz.tzinfo.StaticTzInfo';
  readonly zone: string | null;
  readonly #offset: TimeDelta;
  readonly #abbreviation: string | null;
  readonly #text: string;

  constructor(zone: string | null, offset: TimeDelta, abbreviation: string | null, text: string) {
    super();
    this.zone = zone;
    this.#offset = offset;
    this.#abbreviation = abbreviation;
    this.#text = text;
  }

  override utcOffset(): TimeDelta {
    return this.#offset;
  }

  override dst(): TimeDelta {
    return new TimeDelta(0n);
  }

  override zoneName(): string | null {
    return this.#abbreviation;
  }

  override fromUtc(moment: DateTime): DateTime {
    return moment.plus(this.#offset).with({ zone: this });
  }

  override localize(naive: DateTime): DateTime {
    return naive.with({ zone: this });
  }

  override toStr(): string {
    return this.zone ?? this.#text;
  }

  override toRepr(): string {
    return this.#text;
  }
}

/** All the states of one zone share this. */
interface Family {
  readonly rules: ZoneRules;
  readonly members: Map<ZoneState, ChangingZone>;
}

/** A zone in one of its states. What `pytz.timezone` gives is in the oldest, local mean time. */
export class ChangingZone extends PytzZone {
  readonly typeName = 'pytz.tzinfo.DstTzInfo';
  readonly #family: Family;
  readonly #state: ZoneState;

  constructor(family: Family, state: ZoneState) {
    super();
    this.#family = family;
    this.#state = state;
  }

  static of(rules: ZoneRules): ChangingZone {
    return new ChangingZone({ rules, members: new Map() }, rules.meanTime);
  }

  override get zone(): string {
    return this.#family.rules.entry.name;
  }

  override utcOffset(moment: DateTime | null): TimeDelta | null {
    return this.#ask(moment, (zone) => TimeDelta.ofSeconds(zone.#state.offset));
  }

  override dst(moment: DateTime | null): TimeDelta | null {
    return this.#ask(moment, (zone) => TimeDelta.ofSeconds(zone.#state.dst));
  }

  override zoneName(moment: DateTime | null): string | null {
    return moment === null ? this.zone : this.#ask(moment, (zone) => zone.#state.abbreviation);
  }

  /** A moment that is in this zone has its state; another's wall clock is looked up first. */
  #ask<T>(moment: DateTime | null, answer: (zone: ChangingZone) => T): T | null {
    if (moment === null) return null;
    if (moment.zone === this) return answer(this);
    const { zone } = this.localize(moment.with({ zone: null }), false);
    return zone instanceof ChangingZone ? answer(zone) : null;
  }

  override fromUtc(moment: DateTime): DateTime {
    const zone = this.#memberAt(moment);
    return DateTime.fromWall(moment.wallMicros + BigInt(zone.#state.offset) * 1_000_000n, zone);
  }

  #memberAt(utc: DateTime): ChangingZone {
    const { rules, members } = this.#family;
    const state = rules.at(Number(floorDivide(utc.with({ zone: utcClock }).unixMicros, 1000n)));
    let member = members.get(state);
    if (!member) {
      member = new ChangingZone(this.#family, state);
      members.set(state, member);
    }
    return member;
  }

  override localize(naive: DateTime, isDst: DstChoice): DateTime {
    const possible = this.#possible(naive);
    if (possible.length === 1) return possible[0] as DateTime;
    if (possible.length === 0) return this.#localizeGap(naive, isDst);
    if (isDst === null) throw new TemplateError('value', 'AmbiguousTimeError', naive.toStr());
    const wanted = possible.filter((moment) => (moment.zone as ChangingZone).#state.dst > 0 === isDst);
    const candidates = wanted.length > 0 ? wanted : possible;
    candidates.sort((left, right) => Number(left.unixMicros - right.unixMicros));
    return (isDst ? candidates[0] : candidates.at(-1)) as DateTime;
  }

  #possible(naive: DateTime): DateTime[] {
    const found = new Map<ChangingZone, DateTime>();
    for (const days of [-1n, 1n]) {
      const near = this.#memberAt(DateTime.fromWall(naive.wallMicros + days * 86_400_000_000n, null));
      const moment = this.fromUtc(
        DateTime.fromWall(naive.wallMicros - BigInt(near.#state.offset) * 1_000_000n, null),
      );
      if (moment.wallMicros === naive.wallMicros) found.set(moment.zone as ChangingZone, moment);
    }
    return [...found.values()];
  }

  /** A time that the clocks skip takes the offset from before or after the gap. */
  #localizeGap(naive: DateTime, isDst: DstChoice): DateTime {
    if (isDst === null) throw new TemplateError('value', 'NonExistentTimeError', naive.toStr());
    const hours = isDst ? 6n : -6n;
    const { zone } = this.localize(DateTime.fromWall(naive.wallMicros + hours * 3_600_000_000n, null), isDst);
    return naive.with({ zone });
  }

  override toStr(): string {
    return this.zone;
  }

  override toRepr(): string {
    const { offset, dst, abbreviation } = this.#state;
    const sign = offset > 0 ? '+' : '';
    return `<DstTzInfo '${this.zone}' ${abbreviation}${sign}${TimeDelta.ofSeconds(offset).toStr()} ${dst === 0 ? 'STD' : 'DST'}>`;
  }
}

export const utcClock = new StaticZone('UTC', new TimeDelta(0n), 'UTC', '<UTC>');
