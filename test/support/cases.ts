/**
 * Test cases that read like a specification, in Markdown.
 *
 * Each `## title` is a test. Its first fenced block is the input, each further one an expectation, told apart by the words behind the fence
 * (` ```sql compiled `). Blocks before the first title are shared by all tests of the file. With UPDATE=1 the expectations are rewritten to
 * what comes out.
 */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

export interface Block {
  /** What stands behind the fence: `sql compiled`. */
  readonly name: string;
  /** Without the last newline. */
  readonly text: string;
  /** Lines of the file that the text takes: `[from, to)`, zero-based, fences excluded. */
  readonly from: number;
  readonly to: number;
}

export interface Case {
  readonly title: string;
  readonly shared: readonly Block[];
  readonly input: Block;
  readonly expected: readonly Block[];
}

/** Gives what comes out for one expectation of a case; `name` is the expectation's. */
export type Answer = (of: Case, name: string) => string | Promise<string>;

/** Registers a test for each case of each Markdown file in the folder. */
export function testCases(folder: string, answer: Answer): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  if (names.length === 0) throw new Error(`No cases in ${folder}.`);
  for (const name of names.sort()) testCaseFile(join(folder, name), answer);
}

export function testCaseFile(path: string, answer: Answer): void {
  const text = readFileSync(path, 'utf8');
  const answers = new Map<Block, string>();
  describe(path, () => {
    for (const one of parseCases(text)) {
      test(one.title, async () => {
        for (const block of one.expected) {
          const out = await answer(one, block.name);
          answers.set(block, out);
          if (!updating()) assert.equal(out, block.text);
        }
      });
    }
    if (updating()) {
      after(() => {
        writeFileSync(path, rewriteCases(text, answers));
      });
    }
  });
}

/** Throws on a case that asks for nothing, on two of one title, and on a fence that is never closed. */
export function parseCases(text: string): readonly Case[] {
  const shared: Block[] = [];
  const sections: { readonly title: string; readonly blocks: Block[] }[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const title = /^## +(.*?)\s*$/u.exec(line)?.[1];
    if (title !== undefined) {
      if (sections.some((section) => section.title === title))
        throw new Error(`Two cases are called "${title}".`);
      sections.push({ title, blocks: [] });
      continue;
    }
    const fence = /^(`{3,})(.*)$/u.exec(line);
    if (!fence) continue;
    const [, ticks = '', name = ''] = fence;
    const to = lines.indexOf(ticks, index + 1);
    if (to < 0) throw new Error(`The fence in line ${index + 1} is never closed.`);
    const block = { name: name.trim(), text: lines.slice(index + 1, to).join('\n'), from: index + 1, to };
    (sections.at(-1)?.blocks ?? shared).push(block);
    index = to;
  }
  return sections.map(({ title, blocks: [input, ...expected] }) => {
    if (!input || expected.length === 0)
      throw new Error(`The case "${title}" expects nothing: add a second block.`);
    return { title, shared, input, expected };
  });
}

/** The file with each answered block's text replaced, and fences long enough for what is in them. */
export function rewriteCases(text: string, answers: ReadonlyMap<Block, string>): string {
  const lines = text.split('\n');
  for (const [block, answer] of [...answers].sort(([a], [b]) => b.from - a.from)) {
    const longest = Math.max(2, ...[...answer.matchAll(/^`{3,}/gmu)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(
      Math.max(longest + 1, /^`+/u.exec(lines[block.from - 1] ?? '')?.[0].length ?? 3),
    );
    const body = answer === '' ? [] : answer.split('\n');
    lines.splice(block.from - 1, block.to - block.from + 2, `${fence}${block.name}`, ...body, fence);
  }
  return lines.join('\n');
}

function updating(): boolean {
  return process.env.UPDATE === '1';
}
