/** sql-formatter, loaded when somebody first formats. */

import type { FormattingStyle } from './style.ts';

/** Formats SQL without Jinja; undefined where it cannot read it. */
export type SqlFormatter = (text: string, style: FormattingStyle) => string | undefined;

/** Blanks of one level in what it gives. */
export const FORMATTER_INDENT = 4;

let loading: Promise<SqlFormatter> | undefined;

export function loadFormatter(): Promise<SqlFormatter> {
  loading ??= load();
  return loading;
}

async function load(): Promise<SqlFormatter> {
  const { formatDialect, postgresql } = await import('sql-formatter');
  return (text, style) => {
    try {
      return formatDialect(text, {
        dialect: postgresql,
        tabWidth: FORMATTER_INDENT,
        expressionWidth: style.lineLength,
        keywordCase: style.keywords,
        functionCase: style.functions,
        dataTypeCase: style.types,
        identifierCase: style.identifiers,
      });
    } catch {
      // It throws plain errors at what it cannot read, and it is asked about any text.
      return undefined;
    }
  };
}
