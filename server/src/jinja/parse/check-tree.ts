/** The faults that Jinja2 finds when it compiles: unknown filters and tests, and misplaced names and loop controls. */

import { decides } from '../constant.ts';
import { findFilter, findTest } from '../filters/registry.ts';
import type {
  ArgumentsNode,
  BlockNode,
  Expression,
  MacroNode,
  CallBlockNode,
  Span,
  Statement,
} from '../tree.ts';
import { textRepr } from '../values/repr.ts';
import type { Node } from '../walk.ts';
import { forEachChild } from '../walk.ts';
import type { Fault, TokenStream } from './token-stream.ts';
import { mentionsFreeName } from './free-names.ts';

/** What surrounds a node. `isSoft`: inside an `if`, where an unknown filter is an error only when it runs. */
interface Surroundings {
  readonly isSoft: boolean;
  readonly inLoop: boolean;
}

export function checkTree(body: readonly Statement[], stream: TokenStream): void {
  const check = new TreeCheck(stream);
  if (stream.hasBlocks) check.blockNames(body);
  check.statements(body, outermost);
  check.blocks();
  check.pythonsFaults();
}

const outermost: Surroundings = { isSoft: false, inLoop: false };

class TreeCheck {
  readonly #stream: TokenStream;
  /** Loops around this place, within which `loop` may not be assigned. */
  #loops = 0;
  /** The blocks on the way: functions of their own, which Jinja2 compiles behind everything else. */
  readonly #blocks: BlockNode[] = [];
  /** What Jinja2 writes down without a word and Python's own compiler then refuses. */
  readonly #pythonsFaults: Fault[] = [];

  constructor(stream: TokenStream) {
    this.#stream = stream;
  }

  blocks(): void {
    this.#loops = 0;
    // The list grows while blocks inside blocks are met.
    for (const block of this.#blocks) this.statements(block.body, outermost);
  }

  pythonsFaults(): void {
    for (const fault of this.#pythonsFaults) this.#stream.report(fault);
  }

  blockNames(body: readonly Node[]): void {
    const names = new Set<string>();
    const visit = (node: Node): void => {
      if (node.type === 'block') {
        const { text, start, end } = node.name;
        if (text !== '' && names.has(text)) {
          const message = `block ${textRepr(text)} defined twice`;
          this.#stream.report({
            message,
            start,
            end,
            lineAt: node.start,
            pythonClass: 'TemplateAssertionError',
          });
        }
        names.add(text);
      }
      forEachChild(node, visit);
    };
    body.forEach(visit);
  }

  statements(statements: readonly Statement[], around: Surroundings): void {
    for (const statement of statements) this.#statement(statement, around);
  }

  #statement(node: Statement, around: Surroundings): void {
    const inner: Surroundings = { isSoft: false, inLoop: around.inLoop };
    switch (node.type) {
      case 'text':
        return;
      case 'output':
        for (const expression of node.expressions) this.#expression(expression, around.isSoft);
        return;
      case 'set':
        this.#expression(node.value, around.isSoft);
        return;
      case 'set-block':
        this.statements(node.body, inner);
        if (node.filter) this.#expression(node.filter, false);
        return;
      case 'do':
        this.#expression(node.expression, around.isSoft);
        return;
      case 'if': {
        const soft: Surroundings = { isSoft: true, inLoop: around.inLoop };
        for (const branch of node.branches) {
          this.#expression(branch.test, true);
          this.statements(branch.body, soft);
        }
        this.statements(node.otherwise ?? [], soft);
        return;
      }
      case 'for':
        if (node.test) this.#expression(node.test, false);
        this.#loopNames(node);
        if (!node.recursive) this.#expression(node.iterable, around.isSoft);
        this.#loops++;
        this.statements(node.body, { isSoft: false, inLoop: true });
        this.statements(node.otherwise ?? [], inner);
        this.#loops--;
        if (node.recursive) this.#expression(node.iterable, around.isSoft);
        return;
      case 'with':
        for (const { value } of node.bindings) this.#expression(value, around.isSoft);
        this.statements(node.body, inner);
        return;
      case 'macro':
        this.#adapterName(node);
        this.#signature(node);
        this.statements(node.body, { isSoft: false, inLoop: false });
        return;
      case 'call-block':
        this.#signature(node);
        this.statements(node.body, { isSoft: false, inLoop: false });
        this.#expression(node.call, around.isSoft);
        return;
      case 'filter-block':
        this.statements(node.body, inner);
        this.#expression(node.filter, false);
        return;
      case 'autoescape':
        this.#expression(node.value, around.isSoft);
        this.statements(node.body, inner);
        return;
      case 'block':
        this.#blocks.push(node);
        return;
      case 'scope':
        this.statements(node.body, inner);
        return;
      case 'break':
      case 'continue':
        if (!around.inLoop) this.#outsideLoop(node);
        return;
    }
  }

  #outsideLoop(node: Span & { readonly type: 'break' | 'continue' }): void {
    const message = node.type === 'break' ? "'break' outside loop" : "'continue' not properly in loop";
    this.#pythonsFaults.push({ message, start: node.start, end: node.end, pythonClass: 'SyntaxError' });
  }

  /** All that is assigned anywhere within, before anything of the loop's body is compiled. */
  #loopNames(node: Node): void {
    if (this.#loops > 0) return;
    const visit = (child: Node): void => {
      if (child.type === 'for' || child.type === 'set' || child.type === 'set-block') {
        this.#target(child.target);
      }
      forEachChild(child, visit);
    };
    visit(node);
  }

  #target(target: Expression): void {
    if (target.type === 'tuple') for (const item of target.items) this.#target(item);
    if (target.type === 'name' && target.name === 'loop') {
      const message = "Can't assign to special loop variable in for-loop target";
      this.#stream.report({
        message,
        start: target.start,
        end: target.end,
        pythonClass: 'TemplateAssertionError',
      });
    }
  }

  /** Python must read the name that Jinja2 writes for it. */
  #adapterName({ adapter = '', name: { start, end } }: MacroNode): void {
    if (/^[\p{XID_Continue}.]*$/u.test(adapter)) return;
    const isDifference = /^[\p{XID_Continue}.]+(?:-[\p{XID_Continue}.]+)+$/u.test(adapter);
    const message = isDifference
      ? "cannot assign to expression here. Maybe you meant '==' instead of '='?"
      : 'invalid syntax';
    this.#pythonsFaults.push({ message, start, end, pythonClass: 'SyntaxError' });
  }

  #signature(node: MacroNode | CallBlockNode): void {
    const names = new Set<string>();
    for (const { name } of node.parameters) {
      if (names.has(name.text)) {
        const message = `duplicate argument '${name.text}' in function definition`;
        this.#pythonsFaults.push({ message, start: name.start, end: name.end, pythonClass: 'SyntaxError' });
      }
      names.add(name.text);
    }
    const caller = node.parameters.find((parameter) => parameter.name.text === 'caller');
    if (caller && !caller.default && mentionsFreeName(node.body, 'caller')) {
      const message =
        'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.';
      const { start, end } = caller;
      this.#stream.report({ message, start, end, lineAt: node.start, pythonClass: 'TemplateAssertionError' });
    }
    for (const { default: value } of node.parameters) if (value) this.#expression(value, false);
  }

  #expression(node: Expression, isSoft: boolean): void {
    switch (node.type) {
      case 'const':
      case 'name':
      case 'namespace':
      case 'missing':
        return;
      case 'tuple':
      case 'list':
        for (const item of node.items) this.#expression(item, isSoft);
        return;
      case 'dict':
        for (const { key, value } of node.pairs) {
          this.#expression(key, isSoft);
          this.#expression(value, isSoft);
        }
        return;
      case 'conditional':
        this.#expression(node.test, true);
        this.#expression(node.value, true);
        if (node.otherwise) this.#expression(node.otherwise, true);
        return;
      case 'and':
      case 'or':
        this.#expression(node.left, isSoft);
        if (!decides(node.left, node.type)) this.#expression(node.right, isSoft);
        return;
      case 'binary':
        this.#expression(node.left, isSoft);
        this.#expression(node.right, isSoft);
        return;
      case 'not':
      case 'unary':
        this.#expression(node.operand, isSoft);
        return;
      case 'compare':
        this.#expression(node.left, isSoft);
        for (const { right } of node.operands) this.#expression(right, isSoft);
        return;
      case 'concat':
        for (const part of node.parts) this.#expression(part, isSoft);
        return;
      case 'call':
        this.#expression(node.callee, isSoft);
        this.#arguments(node.args, isSoft);
        return;
      case 'filter':
        if (!isSoft && node.name.text !== '' && !findFilter(node.name.text))
          this.#unknown('filter', node.name);
        if (node.operand) this.#expression(node.operand, isSoft);
        if (node.args) this.#arguments(node.args, isSoft);
        return;
      case 'test':
        if (!isSoft && node.name.text !== '' && !findTest(node.name.text)) this.#unknown('test', node.name);
        this.#expression(node.operand, isSoft);
        if (node.args) this.#arguments(node.args, isSoft);
        return;
      case 'attribute':
        this.#expression(node.object, isSoft);
        return;
      case 'subscript':
        this.#expression(node.object, isSoft);
        this.#expression(node.index, isSoft);
        return;
      case 'slice':
        for (const part of [node.lower, node.upper, node.step]) if (part) this.#expression(part, isSoft);
        return;
    }
  }

  #arguments(args: ArgumentsNode, isSoft: boolean): void {
    for (const argument of args.positional) this.#expression(argument, isSoft);
    for (const { value } of args.keyword) this.#expression(value, isSoft);
    if (args.rest) this.#expression(args.rest, isSoft);
    if (args.keywordRest) this.#expression(args.keywordRest, isSoft);
  }

  #unknown(kind: 'filter' | 'test', name: Span & { readonly text: string }): void {
    this.#stream.report({
      code: `jinja-unknown-${kind}`,
      message: `No ${kind} named '${name.text}'.`,
      start: name.start,
      end: name.end,
      pythonClass: 'TemplateAssertionError',
    });
  }
}
