/** The Jinja engine's public face: parse, read facts, render, map. */

export * from './values/index.ts';
export type { Signature } from './arguments.ts';
export { bindArguments, missingArguments, signature } from './arguments.ts';
export type { ErrorFrame, TemplateErrorKind } from './errors.ts';
export {
  TemplateError,
  compilationError,
  limitError,
  lookupError,
  runtimeError,
  typeError,
  undefinedError,
  valueError,
} from './errors.ts';
export type * from './tree.ts';
export type { Dialect, Template, TemplateDiagnostic, TemplateDiagnosticCode } from './template.ts';
export type { Crossing, Mapping, Origin, OriginPlace, Rendered, RenderedRange } from './mapping.ts';
export { originOf, renderedRanges, toCapturedText, toRendered } from './mapping.ts';
export type {
  ConfigEntry,
  ConfigFact,
  DefinitionFact,
  DispatchFact,
  DocFact,
  Literal,
  MacroCallFact,
  NamedCallFact,
  RefFact,
  SourceFact,
  TemplateFacts,
} from './facts.ts';
export { templateFacts, unquoted } from './facts.ts';
export type { MacroDefinition, MacroFile } from './macro-file.ts';
export { parseMacroFile } from './macro-file.ts';
export type { ParseOptions } from './parse-template.ts';
export { hasJinja, parseTemplate } from './parse-template.ts';
export { renderTemplate } from './render.ts';
export { renderNative } from './native.ts';
export { bindMacro, returnFunction } from './macro-binding.ts';
export { ReturnSignal } from './compile/frame.ts';
export { callValue, isCallable } from './call.ts';
export { getAttribute, getItem } from './lookup.ts';
export { contains, entriesOf, iterable, iterate, iteratorOf, lengthOf, toList } from './values/iteration.ts';
export type { JsonOptions } from './json.ts';
export { fromJson, toJson } from './json.ts';
export { evaluateLiteral } from './literal-eval.ts';
export type { RenderDeadline, RenderLimits, StopSignal } from './budget.ts';
export { RenderBudget, setRenderDeadline } from './budget.ts';
export { spend } from './meter.ts';
export { MAX_TEXT } from './values/repr.ts';
export { isSpace, strippedRange } from './values/text.ts';
export type { Context, RenderOptions } from './render-options.ts';
export { layeredContext } from './render-options.ts';
