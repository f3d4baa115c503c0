/** Collects what is wrong with a project while the rest of it is still read. */

import type { Diagnostic, Place, Severity, Suggestion } from '../base/diagnostic.ts';
import type { SourceFile } from './files.ts';
import type { Range } from '../base/text.ts';

export class Problems {
  readonly #found: Diagnostic[] = [];
  readonly #conceal: (message: string) => string;

  /** `conceal` takes out of a message what it must not show. */
  constructor(conceal: (message: string) => string = (message) => message) {
    this.#conceal = conceal;
  }

  error(
    code: string,
    message: string,
    place?: Place,
    related?: Diagnostic['related'],
    suggestion?: Suggestion,
  ): void {
    this.#add(code, 'error', message, place, related, suggestion);
  }

  warning(code: string, message: string, place?: Place, suggestion?: Suggestion): void {
    this.#add(code, 'warning', message, place, undefined, suggestion);
  }

  addAll(diagnostics: readonly Diagnostic[]): void {
    this.#found.push(...diagnostics);
  }

  /** What `work` gives, and what it finds, which is kept among the rest as well. */
  during<Result>(work: () => Result): { readonly result: Result; readonly found: readonly Diagnostic[] } {
    const before = this.#found.length;
    const result = work();
    return { result, found: this.#found.slice(before) };
  }

  all(): readonly Diagnostic[] {
    return this.#found;
  }

  #add(
    code: string,
    severity: Severity,
    message: string,
    place: Place | undefined,
    related: Diagnostic['related'],
    suggestion: Suggestion | undefined,
  ): void {
    this.#found.push({
      code,
      severity,
      message: this.#conceal(message),
      ...(place ? { place } : {}),
      ...(related && related.length > 0 ? { related } : {}),
      ...(suggestion ? { suggestion } : {}),
    });
  }
}

export function placeIn(file: SourceFile, range: Range = { start: 0, end: 0 }): Place {
  return { path: file.path, range };
}
