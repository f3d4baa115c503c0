/** A template to a closure that renders it; compiled once. */

import type { Template } from '../template.ts';
import { selfReference } from './blocks.ts';
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
    const scope: Scope = { symbols, source: template, isNative, hasSlices: template.hasSlices };
    const bindSelf = selfReference(template.body, scope);
    symbols.statements(template.body);
    const enter = enterScope(scope);
    compiled = {
      layout: symbols.layout,
      enter: (frame) => {
        enter(frame);
        bindSelf?.(frame);
      },
      body: compileBody(template.body, scope),
    };
    memo.set(template, compiled);
  }
  return compiled;
}
