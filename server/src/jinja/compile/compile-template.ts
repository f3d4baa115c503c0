/** A template to a closure that renders it; compiled once. */

import type { Template } from '../template.ts';
import type { Execute, Frame } from './frame.ts';
import type { Scope } from './scope.ts';
import { enterScope } from './scope.ts';
import { compileBody } from './statements.ts';
import { FrameLayout, Symbols } from './symbols.ts';

export interface CompiledTemplate {
  readonly layout: FrameLayout;
  readonly enter: (frame: Frame) => void;
  readonly body: Execute;
}

const texts = new WeakMap<Template, CompiledTemplate>();
const natives = new WeakMap<Template, CompiledTemplate>();

/** For text, or natively for values. The template must have no diagnostics. */
export function compileTemplate(template: Template, isNative: boolean): CompiledTemplate {
  const memo = isNative ? natives : texts;
  let compiled = memo.get(template);
  if (!compiled) {
    const symbols = new Symbols(new FrameLayout());
    symbols.statements(template.body);
    const scope: Scope = { symbols, source: template, isNative, hasSlices: template.hasSlices };
    compiled = { layout: symbols.layout, enter: enterScope(scope), body: compileBody(template.body, scope) };
    memo.set(template, compiled);
  }
  return compiled;
}
