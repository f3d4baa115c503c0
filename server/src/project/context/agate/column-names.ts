/** The names agate gives columns: letters for nameless ones, numbers behind repeated ones. */

/** `a` … `z`, `aa`, `bb`, … */
export function letterName(index: number): string {
  return String.fromCharCode(97 + (index % 26)).repeat(Math.floor(index / 26) + 1);
}

/** agate's: the second `a` becomes `a_2`, or the next that is free. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const wanted = name === '' ? letterName(index) : name;
    let unique = wanted;
    for (let number = 2; taken.has(unique); number++) unique = `${wanted}_${number}`;
    taken.add(unique);
    return unique;
  });
}

/** dbt's, before agate sees the names of a result: it counts, and does not look whether the new name is free. */
export function resultNames(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
