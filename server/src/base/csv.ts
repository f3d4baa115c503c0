/** CSV as Python's csv module reads it: quotes double, line breaks may stand inside quotes. */

export interface Csv {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Blank lines are skipped; nothing is converted. */
export function parseCsv(text: string, delimiter = ','): Csv {
  const records = [...csvRecords(text, delimiter)];
  return { header: records[0] ?? [], rows: records.slice(1) };
}

function* csvRecords(text: string, delimiter: string): IterableIterator<string[]> {
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      const [field, next] = csvField(text, at, delimiter);
      record.push(field);
      at = next;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    if (record.length > 1 || record[0] !== '') yield record;
  }
}

/** One field and the offset after it. */
function csvField(text: string, start: number, delimiter: string): [field: string, next: number] {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
    return [text.slice(start, end), end];
  }
  let field = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [field + text.slice(at), text.length];
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      at = quote + 1;
      break;
    }
    field += '"';
    at = quote + 2;
  }
  // What follows a closing quote belongs to the field, as Python reads it.
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r')
    field += text[at++] ?? '';
  return [field, at];
}
