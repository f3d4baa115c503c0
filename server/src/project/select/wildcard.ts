/** Shell-style patterns as Python's fnmatch and pathlib's glob read them: `*`, `?`, `[seq]`, `[!seq]`, and `**` between slashes. */

const compiled = new Map<string, RegExp>();
const CACHE_SIZE = 256;

/** Whether the whole text matches the pattern; case counts, and `*` crosses dots and slashes. */
export function matchesWildcard(text: string, pattern: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    if (compiled.size >= CACHE_SIZE) compiled.clear();
    expression = new RegExp(`^(?:${translate(pattern)})$`, 'su');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

export function hasWildcard(text: string): boolean {
  return /[*?[\]]/.test(text);
}

function translate(pattern: string): string {
  let result = '';
  for (let at = 0; at < pattern.length;) {
    const char = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
    at += char.length;
    if (char === '*') {
      result += '.*';
    } else if (char === '?') {
      result += '.';
    } else if (char === '[') {
      const end = endOfSet(pattern, at);
      if (end < 0) {
        result += '\\[';
      } else {
        result += translateSet(pattern.slice(at, end));
        at = end + 1;
      }
    } else {
      result += escape(char);
    }
  }
  return result;
}

/** The offset of the bracket that closes the set opened before `at`; one directly after the opening is a member. */
function endOfSet(pattern: string, at: number): number {
  let from = at;
  if (pattern[from] === '!') from += 1;
  if (pattern[from] === ']') from += 1;
  return pattern.indexOf(']', from);
}

function translateSet(body: string): string {
  const negated = body.startsWith('!');
  const members = Array.from(negated ? body.slice(1) : body);
  let result = '';
  for (let at = 0; at < members.length; at += 1) {
    const low = members[at] ?? '';
    const high = members[at + 2];
    if (members[at + 1] === '-' && high !== undefined) {
      // A range that runs backwards holds nothing.
      if (low <= high) result += `${escapeInSet(low)}-${escapeInSet(high)}`;
      at += 2;
    } else {
      result += escapeInSet(low);
    }
  }
  if (result === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${result}]`;
}

function escape(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function escapeInSet(char: string): string {
  return /[\\\]^[-]/.test(char) ? `\\${char}` : char;
}

/**
 * Whether a relative path matches a glob, part by part: `*` stays within a part, a part `**` stands for any number of
 * folders. `**` at the end means the folders themselves.
 */
export function matchesGlob(path: readonly string[], pattern: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return path.length === 0;
  if (part === '**') {
    for (let skipped = 0; skipped <= path.length; skipped += 1) {
      if (matchesGlob(path.slice(skipped), rest)) return true;
    }
    return false;
  }
  const [name, ...below] = path;
  return name !== undefined && matchesWildcard(name, part) && matchesGlob(below, rest);
}
