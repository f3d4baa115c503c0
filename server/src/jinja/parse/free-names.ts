/** Whether a body reads a name before it binds it: Jinja2's test for the special names `loop`, `caller`, `varargs` and `kwargs`. */

import type { Expression, Span, Statement } from '../tree.ts';
import type { TemplateSource } from '../values/captured-text.ts';
import type { Node } from '../walk.ts';
import { forEachChild } from '../walk.ts';

export function readsFreeName(
  node: Span & { readonly body: readonly Statement[] },
  name: string,
  { text }: TemplateSource,
): boolean {
  // Most bodies do not have the word at all, and the text says so at once.
  return text.slice(node.start, node.end).includes(name) && mentionsFreeName(node.body, name);
}

export function mentionsFreeName(body: readonly Statement[], name: string): boolean {
  const search = new Search(name);
  for (const statement of body) search.visit(statement);
  return search.isRead === true;
}

class Search {
  readonly #name: string;
  /** Undefined until the name is met. */
  isRead: boolean | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  visit(node: Node): void {
    if (this.isRead !== undefined) return;
    switch (node.type) {
      case 'text':
      case 'const':
      // A block is looked at when it becomes a function.
      case 'block':
        return;
      case 'name':
        if (node.name === this.#name) this.isRead = true;
        return;
      case 'set':
      case 'set-block':
      case 'for':
        this.#bind(node.target);
        break;
      case 'with':
        for (const { target } of node.bindings) this.#bind(target);
        break;
      case 'macro':
      case 'call-block':
        if (node.type === 'call-block') this.visit(node.call);
        if (!this.#isDecided() && node.parameters.some(({ name }) => name.text === this.#name)) {
          this.isRead = false;
        }
        break;
      default:
        break;
    }
    forEachChild(node, (child) => {
      this.visit(child);
    });
  }

  #isDecided(): boolean {
    return this.isRead !== undefined;
  }

  /** Jinja2 looks at a target before the value, so `set x = x` binds. */
  #bind(target: Expression): void {
    if (this.isRead !== undefined) return;
    if (target.type === 'tuple') for (const item of target.items) this.#bind(item);
    if (target.type === 'name' && target.name === this.#name) this.isRead = false;
  }
}
