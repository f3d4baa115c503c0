/** The Testing view: every test of a project under the file that it is written in, run, cancelled and judged there. */

import {
  Location,
  MarkdownString,
  Position,
  Range,
  TestMessage,
  TestRunProfileKind,
  TestRunRequest,
  Uri,
  tests,
} from 'vscode';
import type { CancellationToken, TestItem, TestRun } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { RunNews, RunNode, TestEntry, TestFile } from '../../../server/src/lsp/protocol.ts';
import type { Projects } from '../projects.ts';
import { selectorOf } from '../selection.ts';
import type { Server } from '../server.ts';
import { Refusal } from '../server.ts';
import { firstRows } from './first-rows.ts';
import { differenceSides, failureMessage } from './message.ts';
import type { TestResults } from './results.ts';

/** A run in the Testing view, and the server's run behind it. */
interface Watched {
  readonly run: TestRun;
  readonly folder: string;
  readonly told: Set<string>;
  /** Messages that still wait for rows. */
  readonly writing: Promise<void>[];
  /** Runs that were begun elsewhere are shown, not kept open for tests that do not come. */
  readonly finish: () => void;
}

export function testExplorer(server: Server, projects: Projects, results: TestResults): Disposable {
  const controller = tests.createTestController('grainline', 'Grainline');
  const items = new Map<string, { item: TestItem; folder: string; test: TestEntry }>();
  const watched = new Map<string, Watched>();
  /** News of a run can overtake the answer that names it. */
  const early = new Map<string, RunNews[]>();

  const fill = (): void => {
    items.clear();
    const many = results.files.size > 1;
    const roots = [...results.files].flatMap(([folder, files]) => {
      const fileItems = files.filter((file) => file.tests.length > 0).map((file) => fileItem(folder, file));
      if (!many) return fileItems;
      const root = controller.createTestItem(
        folder,
        projects.byFolder(folder)?.name ?? folder,
        Uri.parse(folder),
      );
      root.children.replace(fileItems);
      return [root];
    });
    controller.items.replace(roots);
  };
  const fileItem = (folder: string, file: TestFile): TestItem => {
    const parent = controller.createTestItem(`${folder} ${file.uri}`, file.path, Uri.parse(file.uri));
    parent.children.replace(
      file.tests.map((test) => {
        const item = controller.createTestItem(`${folder} ${test.uniqueId}`, test.label, Uri.parse(file.uri));
        item.range = toRange(test.range);
        if (test.of) item.description = test.of.name;
        items.set(item.id, { item, folder, test });
        return item;
      }),
    );
    return parent;
  };

  const start = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
    const chosen = leaves(request.include ?? [...controller.items].map(([, item]) => item)).filter(
      (item) => !(request.exclude ?? []).some((excluded) => isWithin(item, excluded)),
    );
    for (const folder of results.files.keys()) {
      const group = chosen.filter((item) => items.get(item.id)?.folder === folder);
      if (group.length === 0) continue;
      const run = controller.createTestRun(request);
      for (const item of group) run.enqueued(item);
      const all = [...items.values()].filter((entry) => entry.folder === folder).length === group.length;
      try {
        const { runId } = await server.request('grainline/startRun', {
          folder,
          command: 'test',
          select: all ? [] : group.map((item) => selectorOf(items.get(item.id)?.test.uniqueId ?? '')),
        });
        token.onCancellationRequested(() => {
          server.request('grainline/cancelRun', { runId }).catch((error: unknown) => {
            // It has ended meanwhile.
            if (!(error instanceof Refusal)) throw error;
          });
        });
        await new Promise<void>((resolve) => {
          watched.set(runId, { run, folder, told: new Set(), writing: [], finish: resolve });
          for (const news of early.get(runId) ?? []) hear(news);
          early.delete(runId);
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        for (const item of group) run.errored(item, new TestMessage(error.message));
      }
      run.end();
    }
  };

  const hear = (news: RunNews): void => {
    const nodes = [...(news.begun?.nodes ?? []), ...(news.nodes ?? [])];
    const concerned = nodes.filter((node) => items.has(`${news.folder} ${node.uniqueId}`));
    const known = watched.get(news.runId) ?? beginElsewhere(news, concerned);
    if (!known) {
      early.set(news.runId, [...(early.get(news.runId) ?? []), news]);
      if (isEnd(news)) early.delete(news.runId);
      return;
    }
    for (const node of concerned) judge(known, node);
    for (const line of news.log ?? []) known.run.appendOutput(`${line.text.replaceAll('\n', '\r\n')}\r\n`);
    if (isEnd(news)) {
      watched.delete(news.runId);
      void Promise.allSettled(known.writing).then(known.finish);
    }
  };

  /** A build from the palette or the lineage has tests too: their results belong here as well. */
  const beginElsewhere = (news: RunNews, concerned: readonly RunNode[]): Watched | undefined => {
    const isJudged = concerned.some(({ status }) => status !== 'queued' && status !== 'running');
    if (!isJudged || awaited > 0) return undefined;
    const run = controller.createTestRun(new TestRunRequest(), 'Grainline', false);
    const begun: Watched = {
      run,
      folder: news.folder,
      told: new Set(),
      writing: [],
      finish: () => {
        run.end();
      },
    };
    watched.set(news.runId, begun);
    return begun;
  };

  const judge = ({ run, folder, told, writing }: Watched, node: RunNode): void => {
    const entry = items.get(`${folder} ${node.uniqueId}`);
    if (!entry || told.has(node.uniqueId)) return;
    const { item } = entry;
    const time = node.startedAt !== null && node.endedAt !== null ? node.endedAt - node.startedAt : undefined;
    switch (node.status) {
      case 'queued':
        return;
      case 'running':
        run.started(item);
        return;
      case 'pass':
      case 'success':
      case 'warn':
        run.passed(item, time);
        if (node.status === 'warn') run.appendOutput(`${node.message ?? 'warned'}\r\n`, undefined, item);
        break;
      case 'fail':
        writing.push(fail(run, item, folder, node, time));
        break;
      case 'skipped':
      case 'no-op':
        run.skipped(item);
        break;
      case 'error':
      case 'runtime error':
      case 'partial success':
        run.errored(item, placed(new TestMessage(node.message ?? 'It could not be run.'), item, node), time);
        break;
    }
    told.add(node.uniqueId);
  };

  const fail = async (
    run: TestRun,
    item: TestItem,
    folder: string,
    node: RunNode,
    time: number | undefined,
  ): Promise<void> => {
    const { uniqueId } = node;
    const rows = node.difference
      ? undefined
      : await firstRows(server, folder, uniqueId).catch((error: unknown) => {
          // The message is worth more than its rows.
          if (error instanceof Refusal) return undefined;
          throw error;
        });
    const outcome = { message: node.message, failures: node.rows, difference: node.difference };
    const text = new MarkdownString(failureMessage(outcome, rows, { folder, uniqueId }));
    text.isTrusted = { enabledCommands: ['grainline.showFailures'] };
    const message = new TestMessage(text);
    if (node.difference) {
      const { expected, actual } = differenceSides(node.difference);
      message.expectedOutput = expected;
      message.actualOutput = actual;
    }
    run.failed(item, placed(message, item, node), time);
  };

  let awaited = 0;
  controller.createRunProfile(
    'Run',
    TestRunProfileKind.Run,
    async (request, token) => {
      awaited += 1;
      try {
        await start(request, token);
      } finally {
        awaited -= 1;
      }
    },
    true,
  );
  controller.refreshHandler = () => {
    fill();
  };

  const subscriptions = [controller, results.onChange(fill), server.on('grainline/run', hear)];
  return {
    dispose() {
      for (const { run } of watched.values()) run.end();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Where it is written, unless the error is elsewhere. */
function placed(message: TestMessage, item: TestItem, node: RunNode): TestMessage {
  if (node.error) {
    const { uri, range } = node.error.location;
    message.location = new Location(Uri.parse(uri), toRange(range));
  } else if (item.uri && item.range) message.location = new Location(item.uri, item.range);
  return message;
}

function leaves(chosen: readonly TestItem[]): readonly TestItem[] {
  return chosen.flatMap((item) =>
    item.children.size === 0 ? [item] : leaves([...item.children].map(([, child]) => child)),
  );
}

function isWithin(item: TestItem, other: TestItem): boolean {
  return item.id === other.id || (item.parent !== undefined && isWithin(item.parent, other));
}

function isEnd({ state }: RunNews): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

function toRange(range: TestEntry['range']): Range {
  return new Range(
    new Position(range.start.line, range.start.character),
    new Position(range.end.line, range.end.character),
  );
}
