/** Points in time as texts write them, told by their nearness to a moment. */

/** Times within this distance of a run come from its clock, give or take what a test adds. Test data is years away. */
const NEAR_MS = 30 * 24 * 3600 * 1000;

const TIME = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?/gu;

/** Replaces every time near the moment (milliseconds since 1970). */
export function replaceTimesNear(
  text: string,
  moment: number,
  replace: (written: string, at: number) => string,
): string {
  return text.replaceAll(TIME, (written) => {
    const at = Date.parse(isoTime(written));
    return Number.isNaN(at) || Math.abs(at - moment) > NEAR_MS ? written : replace(written, at);
  });
}

/** As Date.parse reads it on every platform; a time without a zone is taken as UTC, and so is a date. */
function isoTime(written: string): string {
  if (written.length === 10) return written;
  const time = written.replace(' ', 'T');
  if (/(Z|[+-]\d\d:?\d\d)$/u.test(time.slice(10))) return time;
  return /[+-]\d\d$/u.test(time.slice(10)) ? `${time}:00` : `${time}Z`;
}

/** The text as it would read had it been written at another moment: times near the one are as near to the other. */
export function shiftTimes(text: string, from: number, to: number): string {
  return replaceTimesNear(text, from, (written, at) => {
    const shifted = new Date(at + to - from).toISOString();
    if (written.length === 10) return shifted.slice(0, 10);
    const fraction = /\.\d+/u.exec(written)?.[0] ?? '';
    const zone = written.endsWith('Z')
      ? 'Z'
      : (/[+-]\d\d(:?\d\d)?$/u.exec(written.slice(10))?.[0].replace(/\d/gu, '0') ?? '');
    return `${shifted.slice(0, 10)}${written[10] ?? ' '}${shifted.slice(11, 19)}${fraction}${zone.replace('-', '+')}`;
  });
}
