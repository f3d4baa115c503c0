/** Reads a set of source files into what the architecture's tests ask of them: imports, and the globals they name. */

import ts from 'typescript';

/** Path from the repository's root, with `/`, to the file's text. */
export type FileSet = ReadonlyMap<string, string>;

export interface Import {
  /** A path from the root for a relative import, else the specifier as written (`pg`, `node:fs`). */
  readonly target: string;
  readonly relative: boolean;
  /** Gone at run time: `import type`, `export type … from`, `import('x').T`. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** The first line. */
  readonly opening: string;
  readonly imports: readonly Import[];
  /** Names used as values and declared nowhere in the file, with the member when one is named: `process`, `process.env`. */
  readonly globals: ReadonlySet<string>;
}

export function readSources(files: FileSet): readonly SourceFile[] {
  return [...files].map(([path, text]) => readSource(path, text));
}

function readSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const declared = new Set<string>();
  const used = new Set<string>();

  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier && ts.isStringLiteralLike(specifier))
      imports.push(toImport(path, specifier.text, typeOnly));
  };

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && isModuleCall(node.expression)) {
      add(node.arguments[0], false);
    }
    if (isDeclaration(node) && node.name && ts.isIdentifier(node.name)) declared.add(node.name.text);
    if (ts.isIdentifier(node) && isValueUse(node)) used.add(withMember(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);

  const globals = new Set([...used].filter((name) => !declared.has(name.replace(/[.(].*/u, ''))));
  const lines = text.split('\n');
  return {
    path,
    lines: lines.at(-1) === '' ? lines.length - 1 : lines.length,
    opening: lines[0] ?? '',
    imports,
    globals,
  };
}

function toImport(from: string, specifier: string, typeOnly: boolean): Import {
  if (!specifier.startsWith('.')) return { target: specifier, relative: false, typeOnly };
  return { target: new URL(specifier, `file:///${from}`).pathname.slice(1), relative: true, typeOnly };
}

function isModuleCall(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function isDeclaration(node: ts.Node): node is ts.Node & { readonly name?: ts.Node } {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node)
  );
}

/** An identifier that reads a value: not a member's name, a property's key, a label or a type. */
function isValueUse(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isTypeElement(parent) || ts.isClassElement(parent))
    return 'initializer' in parent && parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isLabeledStatement(parent))
    return false;
  return true;
}

/** `Date` as `Date.now` or `Date()`, where it is used so. */
function withMember(node: ts.Identifier): string {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return `${node.text}.${parent.name.text}`;
  if (ts.isNewExpression(parent) && parent.expression === node && !parent.arguments?.length)
    return `${node.text}()`;
  return node.text;
}
