/** The template's values: their classes, Python's view of them, and the way in and out. */

export type { Value } from './value.ts';
export { PyFloat, floatRepr } from './float.ts';
export type { Segment, SegmentKind, TemplateSource } from './captured-text.ts';
export { CapturedText, concatTexts } from './captured-text.ts';
export { Tuple } from './tuple.ts';
export { Dict } from './dict.ts';
export { PySet } from './set.ts';
export { PyRange } from './range.ts';
export { PyIterator } from './iterator.ts';
export { DictView } from './view.ts';
export { Namespace } from './namespace.ts';
export type { UndefinedKind, UndefinedOrigin } from './undefined.ts';
export { ParseUndefined, Undefined, makeUndefined } from './undefined.ts';
export type { CallArguments } from './host-object.ts';
export { HostFunction, HostObject, hostFunction, noArguments } from './host-object.ts';
export { repr, str } from './repr.ts';
export { truthy } from './truth.ts';
export { equals } from './equality.ts';
export { fromJs, toJs } from './conversion.ts';
export { objectTypeName, typeName } from './type-name.ts';
export { isText, textOf } from './text.ts';
