/** A list as the text of a Postgres array, to be given as a parameter. */

export function arrayParameter(items: readonly (string | number)[]): string {
  const quoted = items.map(
    (item) => `"${String(item).replaceAll(/["\\]/g, (character) => `\\${character}`)}"`,
  );
  return `{${quoted.join(',')}}`;
}
