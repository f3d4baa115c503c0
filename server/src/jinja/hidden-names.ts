/** The attributes of Python's objects that begin with two underscores: where one exists, the sandbox says so instead of finding nothing. */

/** What all of Python's objects have. */
const objectNames = dunders(
  'class delattr dir doc eq format ge getattribute getstate gt hash init init_subclass le lt ne new reduce reduce_ex ' +
    'repr setattr sizeof str subclasshook',
);

/** And its functions. */
const functionNames = dunders(
  'annotations builtins call closure code defaults dict func get globals kwdefaults module name qualname self wrapped',
);

const arithmetic =
  'abs add bool divmod float floor floordiv getnewargs int mul neg pos pow radd rdivmod rfloordiv rmul rpow rsub rtruediv ' +
  'round sub truediv trunc mod rmod';
const sequence = 'add contains getitem getnewargs iter len mul rmul';
const bits = 'and lshift or rand rlshift ror rrshift rshift rxor xor invert index ceil';
const setLike = 'and contains iter len or rand ror rsub rxor sub xor';

/** And each type besides. */
const typeNames: Readonly<Record<string, ReadonlySet<string>>> = {
  str: dunders(`${sequence} mod rmod`),
  Markup: dunders(`${sequence} mod rmod html html_format module radd slots`),
  bytes: dunders(`${sequence} mod rmod bytes`),
  int: dunders(`${arithmetic} ${bits}`),
  bool: dunders(`${arithmetic} ${bits}`),
  float: dunders(`${arithmetic} ceil getformat`),
  list: dunders('add class_getitem contains delitem getitem iadd imul iter len mul reversed rmul setitem'),
  dict: dunders('class_getitem contains delitem getitem ior iter len or reversed ror setitem'),
  tuple: dunders(`${sequence} class_getitem`),
  set: dunders(`${setLike} class_getitem iand ior isub ixor`),
  NoneType: dunders('bool'),
  Undefined: dunders(
    `add radd sub rsub mul rmul div rdiv truediv rtruediv floordiv rfloordiv mod rmod pos neg call getitem int float complex ` +
      'pow rpow len iter aiter bool getattr slots module',
  ),
  range: dunders('bool contains getitem iter len reversed'),
  generator: dunders('del iter name next qualname'),
  dict_keys: dunders(`${setLike} reversed`),
  dict_items: dunders(`${setLike} reversed`),
  dict_values: dunders('iter len reversed'),
};

function dunders(words: string): ReadonlySet<string> {
  return new Set(words.split(' ').map((word) => `__${word}__`));
}

/** `type` as Python names it. */
export function isDunderOf(type: string, isFunction: boolean, name: string): boolean {
  if (objectNames.has(name) || (isFunction && functionNames.has(name))) return true;
  return Object.hasOwn(typeNames, type) && typeNames[type]?.has(name) === true;
}
