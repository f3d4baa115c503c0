/** JSON laid out for reading, token by token: numbers keep all their digits, which a parsed value would lose. */

export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const TOKEN =
  /\s*(?:("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([{}[\],:]))/uy;

/** Lines of tokens, each line with its indentation as its first token; undefined for a text that is no JSON object or array. */
export function layOutJson(text: string): readonly (readonly Token[])[] | undefined {
  if (!/^\s*[[{]/u.test(text) || !isJson(text)) return undefined;
  const tokens = tokensOf(text);
  const lines: Token[][] = [];
  let line: Token[] = [];
  let depth = 0;
  const breakLine = (): void => {
    lines.push(line);
    line = [{ kind: 'mark', text: '  '.repeat(depth) }];
  };
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    switch (token.text) {
      case '{':
      case '[':
        line.push(token);
        if (next?.text === '}' || next?.text === ']') return;
        depth += 1;
        breakLine();
        return;
      case '}':
      case ']': {
        const before = tokens[index - 1]?.text;
        if (before !== '{' && before !== '[') {
          depth -= 1;
          breakLine();
        }
        line.push(token);
        return;
      }
      case ',':
        line.push(token);
        breakLine();
        return;
      case ':':
        line.push({ kind: 'mark', text: ': ' });
        return;
      default:
        line.push(next?.text === ':' ? { kind: 'key', text: token.text } : token);
    }
  });
  return [...lines, line];
}

export function textOf(lines: readonly (readonly Token[])[]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A text that begins like JSON is still a text.
    return false;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, string, number, word, mark] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}
