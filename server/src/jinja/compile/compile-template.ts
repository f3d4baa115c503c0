/** A template to a closure that renders it; compiled once. */

import type { Template } from '../template.ts';
import { selfReference } from './blocks.ts';
import type { Execute, Frame } from './frame.ts';
import type { Scope } from './scope.ts';
import { enterFunction } from './scope.ts';
import { compileBody } from './statements.ts';
import { FrameLayout, Symbols } from './symbols.ts';

export interface CompiledTemplate {
  readonly layout: FrameLayout;
  readonly enter: (frame: Frame) => void;
  readonly body: Execute;
}

/** For text, or natively for values. The template must have no diagnostics. */
export function compileTemplate(template: Template, isNative: boolean): CompiledTemplate {
  const { made } = template;
  let compiled = (isNative ? made.native : made.text) as CompiledTemplate | undefined;
  if (!compiled) {
    const symbols = new Symbols(new FrameLayout());
    const scope: Scope = {
      symbols,
      source: template,
      isNative,
      hasSlices: template.hasSlices,
      hasBlocks: template.hasBlocks,
    };
    const bindSelf = template.namesSelf ? selfReference(template, scope) : undefined;
    symbols.statements(template.body);
    const enter = enterFunction(scope);
    compiled = {
      layout: symbols.layout,
      enter: bindSelf
        ? (frame) => {
            enter(frame);
            bindSelf(frame);
          }
        : enter,
      body: compileBody(template.body, scope),
    };
    if (isNative) made.native = compiled;
    else made.text = compiled;
  }
  return compiled;
}
