/** Shows and their performances. */

import { TableFiles } from './csv-file.ts';
import type { Cell } from './csv-file.ts';
import { day, firstMonday, hour, isoWithoutZone, minute } from './clock.ts';
import { noValue, padded, reference } from './mess.ts';
import { randomFor } from './random.ts';
import { arrivalOf, countThrough, totalOf } from './size.ts';
import type { World } from './size.ts';

interface Show {
  readonly key: string;
  readonly name: string;
  readonly slug: Cell;
}

/** Names with commas, quotes, accents, a line break and other alphabets: whatever a CSV file can carry. */
const shows: readonly [Show, ...Show[]] = [
  { key: 'wicked', name: 'Wicked', slug: 'wicked' },
  { key: 'hamilton', name: '  Hamilton ', slug: 'Hamilton' },
  { key: 'aladdin', name: 'Aladdin', slug: 'ALADDIN' },
  { key: 'hello_dolly', name: 'Hello, Dolly!', slug: 'hello-dolly' },
  { key: 'les_miserables', name: 'Les Misérables', slug: ' Les_Miserables ' },
  { key: 'weird_al', name: '"Weird Al" Live', slug: 'weird al' },
  { key: 'come_from_away', name: 'Come From\nAway', slug: 'come-from-away' },
  { key: 'six', name: 'SIX', slug: 'SIX' },
  { key: 'zauberfloete', name: 'Die Zauberflöte', slug: 'Zauberfloete' },
  { key: 'lion_king', name: 'The Lion King ', slug: 'N/A' },
  { key: 'hadestown', name: ' Hadestown', slug: 'HADESTOWN' },
  { key: 'sonezaki', name: '曾根崎心中', slug: 'sonezaki' },
  { key: 'the_dead', name: "James Joyce's The Dead", slug: 'The Dead' },
];

export function eventId(row: number): string {
  const company = Math.floor(row / shows.length);
  return `evt_${showAt(row).key}${company === 0 ? '' : `_${company + 1}`}`;
}

export function showtimeId(world: World, row: number): string {
  if (row >= world.showtimes.initial) return `st_inc_${row - world.showtimes.initial + 111}`;
  return `st_${eventId(eventOfShowtime(world, row))}_${Math.floor(row / world.events.initial) + 1}`;
}

/** The event's row. A batch's performances may be of a show that is announced only with a later batch. */
export function eventOfShowtime(world: World, row: number): number {
  const { events, showtimes } = world;
  return row < showtimes.initial ? row % events.initial : row % totalOf(events);
}

export function writeEvents(world: World, directory: string): TableFiles {
  const files = new TableFiles(directory, 'events', ['event_id', 'name', 'slug']);
  for (let row = 0; row < totalOf(world.events); row++) {
    const company = Math.floor(row / shows.length);
    const { name, slug } = showAt(row);
    const suffix = company === 0 ? '' : `, company ${company + 1}`;
    files.write(arrivalOf(world.events, row), [eventId(row), name + suffix, slug]);
  }
  return files;
}

export function writeShowtimes(world: World, directory: string): TableFiles {
  const files = new TableFiles(directory, 'showtimes', ['showtime_id', 'event_id', 'start_at']);
  for (let row = 0; row < totalOf(world.showtimes); row++) {
    const random = randomFor(world.seed, 'showtimes', row);
    const curtain = random.chance(0.3) ? 14 * hour : 19 * hour + 30 * minute;
    const start = firstMonday + (21 + random.below(140)) * day + curtain;
    files.write(arrivalOf(world.showtimes, row), [
      showtimeId(world, row),
      eventReference(world, row),
      row % 53 === 50 ? null : isoWithoutZone(start),
    ]);
  }
  return files;
}

/** Now and then a performance has no show, or one that no load ever brings. */
function eventReference(world: World, row: number): Cell {
  if (row % 37 === 30) return noValue(row);
  if (row % 43 === 40) return 'evt_never_announced';
  const id = eventId(eventOfShowtime(world, row));
  return row < countThrough(world.showtimes, 0) ? reference(id, row) : padded(id, row);
}

function showAt(row: number): Show {
  return shows[row % shows.length] ?? shows[0];
}
