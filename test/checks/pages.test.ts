/** Each diagnostic has a page, and each page tells the truth: what it calls wrong is found there, what it calls right is silent. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { CHECKS } from '../../server/src/checks/checks.ts';
import { VERDICTS } from '../../server/src/ide/grain/verdicts.ts';
import { assertAnnotations, project as withSettings } from '../support/fixture-project.ts';
import { parseFixture, printFixture } from '../support/fixture.ts';
import { diagnose, placed } from './diagnose.ts';
import { diagnoseOnServer, SERVER_CODES } from './diagnose-on-server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = join(ROOT, 'docs/diagnostics');
const isUpdating = process.env.UPDATE === '1';

interface Page {
  readonly code: string;
  readonly title: string;
  /** As written behind the code: `warning`, `error, on tests a warning`. */
  readonly severity: string;
  readonly wrong: readonly Example[];
  readonly right: readonly Example[];
}

interface Example {
  readonly text: string;
  /** What stands behind `--select` after the fence's `fixture`. */
  readonly select: string | undefined;
}

const codes = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.slice(0, -'.md'.length))
  .sort();
const pages = codes.map((code) => parsePage(code, readFileSync(join(PAGES, `${code}.md`), 'utf8')));

function parsePage(code: string, text: string): Page {
  const head = /^# (.+)\n\n`([a-z-]+)` · (.+)\n/u.exec(text);
  assert.ok(head, `${code}.md must begin with "# Title", a blank line and "\`code\` · severity"`);
  assert.equal(head[2], code, `${code}.md names another code`);
  const section = (title: string): Example[] => {
    const body = text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0];
    assert.ok(body, `${code}.md has no section "${title}"`);
    const fences = [...body.matchAll(/^```fixture(?: --select (.+))?\n([\s\S]*?)^```$/gmu)];
    assert.ok(fences.length > 0, `${code}.md has no fixture under "${title}"`);
    return fences.map(([, select, fixture = '']) => ({ text: fixture, select }));
  };
  assert.match(text, /\n## What to do\n\n\S/u, `${code}.md does not say what to do`);
  return {
    code,
    title: head[1] ?? '',
    severity: head[3] ?? '',
    wrong: section('Wrong'),
    right: section('Right'),
  };
}

for (const page of pages) {
  describe(`the page of ${page.code}`, () => {
    page.wrong.forEach((example, index) => {
      test(`shows the fault, example ${index + 1}`, async () => {
        const fixture = withSettings(example.text);
        const found = await diagnosed(page, example);
        if (isUpdating) updateExample(page, example, found);
        assert.ok(found.length > 0, 'nothing is found');
        for (const { code, severity, message } of found) {
          assert.equal(code, page.code, message);
          assert.ok(
            page.severity.includes(severity),
            `the page does not say that it may be of severity ${severity}`,
          );
        }
        if (!isUpdating) assertAnnotations(fixture, placed(found));
      });
    });
    page.right.forEach((example, index) => {
      test(`shows the same without the fault, example ${index + 1}`, async () => {
        assert.deepEqual(await diagnosed(page, example), []);
      });
    });
  });
}

function diagnosed(
  { code }: Page,
  { text, select }: Example,
): Promise<readonly Diagnostic[]> | readonly Diagnostic[] {
  return SERVER_CODES.has(code) ? diagnoseOnServer(text) : diagnose(withSettings(text), select);
}

/** Writes the carets where the faults are found now; whoever updates looks whether they are in the right place. */
function updateExample({ code }: Page, { text }: Example, found: readonly Diagnostic[]): void {
  const path = join(PAGES, `${code}.md`);
  const fixture = parseFixture(text);
  const inFixture = placed(found).filter((annotation) => fixture.files.has(annotation.path));
  const printed = printFixture({ ...fixture, annotations: inFixture });
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(text, () => printed),
  );
}

describe('the pages', () => {
  test('are one for each code that the product reports', () => {
    assert.deepEqual(
      reportedCodes(),
      pages.map(({ code }) => code),
    );
  });

  test('have the titles and severities of the table of checks', () => {
    for (const { code, title, severity } of [...CHECKS, ...VERDICTS]) {
      const page = pages.find((candidate) => candidate.code === code);
      assert.equal(page?.title, title);
      assert.ok(page.severity.startsWith(severity), `${code} is of severity ${severity}`);
    }
  });

  test('are listed in the index', () => {
    const rows = pages.map(
      ({ code, severity, title }) => `- [\`${code}\`](${code}.md), ${severity}: ${title}`,
    );
    const index = `# Diagnostics\n\nWhat \`grainline check\` and the editor report, each with examples that are run as tests.\n\n${rows.join('\n')}\n`;
    const path = join(PAGES, 'README.md');
    if (isUpdating) writeFileSync(path, index);
    assert.equal(readFileSync(path, 'utf8'), index);
  });
});

/** Every literal code in the sources, in order. */
function reportedCodes(): string[] {
  const codes = new Set<string>();
  const sources = join(ROOT, 'server/src');
  for (const path of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    // The Jinja engine's own codes become `template-syntax` when a project reports them.
    if (!path.endsWith('.ts') || /^jinja[\\/]/u.test(path)) continue;
    const text = readFileSync(join(sources, path), 'utf8');
    for (const [, call, code] of text.matchAll(
      /(problems\.(?:error|warning)\(|report\(|\bcode: )\s*'([a-z]+(?:-[a-z]+)*)'/gu,
    )) {
      // In a check, what is given to report() is the message: a sentence, never one word.
      if (call !== undefined && code !== undefined) codes.add(code);
    }
    for (const [, code] of text.matchAll(/\? '(unknown-[a-z]+)'/gu)) if (code !== undefined) codes.add(code);
    for (const [, code] of text.matchAll(/: '(unknown-[a-z]+)',/gu)) if (code !== undefined) codes.add(code);
  }
  return [...codes].sort();
}
