/** A directive that gives an element CSS properties through the object model: the pages' policy forbids `style` attributes. */

import type { ElementPart, PartInfo } from 'lit-html/directive.js';
import { Directive, PartType, directive } from 'lit-html/directive.js';
import { noChange } from 'lit-html';

export type Properties = Readonly<Record<string, string>>;

class PropertiesDirective extends Directive {
  readonly #set = new Map<string, string>();

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('properties() stands in an element, not in a value.');
  }

  override render(_properties: Properties): unknown {
    return noChange;
  }

  override update(part: ElementPart, [properties]: [Properties]): unknown {
    const { style } = part.element as HTMLElement | SVGElement;
    for (const [name, value] of Object.entries(properties)) {
      if (this.#set.get(name) === value) continue;
      this.#set.set(name, value);
      style.setProperty(name, value);
    }
    return noChange;
  }
}

/** `<div ${properties({ '--share': '40%' })}>` */
export const properties = directive(PropertiesDirective);
