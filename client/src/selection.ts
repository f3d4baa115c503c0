/** How a resource is named in dbt's selection syntax, by its unique id. */

/** Two models of the same name in two packages are told apart by `package:`; a version by its suffix. */
export function selectorOf(uniqueId: string): string {
  const [type = '', project = '', ...rest] = uniqueId.split('.');
  switch (type) {
    case 'source':
      return `source:${[project, ...rest].join('.')}`;
    case 'exposure':
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      return `${type}:${[project, ...rest].join('.')}`;
    // A generic test's id ends in a hash that its name does not have.
    case 'test':
      return rest[0] ?? uniqueId;
    case 'unit_test':
      return `unit_test:${rest.at(-1) ?? uniqueId}`;
    default:
      return rest.join('.');
  }
}

/** `+` before takes what it is made of, `+` after what is made of it. */
export function withNeighbours(uniqueId: string, neighbours: 'parents' | 'children' | 'none'): string {
  const selector = selectorOf(uniqueId);
  if (neighbours === 'parents') return `+${selector}`;
  return neighbours === 'children' ? `${selector}+` : selector;
}

/** The name that a person knows it by. */
export function nameOf(uniqueId: string): string {
  const [type = '', , ...rest] = uniqueId.split('.');
  if (type === 'test') return rest[0] ?? uniqueId;
  return type === 'unit_test' ? (rest.at(-1) ?? uniqueId) : rest.join('.');
}
