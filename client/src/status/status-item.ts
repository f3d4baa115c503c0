/** The item in the status bar: target, what runs, and whether something needs the user. */

import { MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { Projects } from '../projects.ts';
import type { Server } from '../server.ts';
import { statusWords } from './words.ts';

/** For “read 3 minutes ago”; drawn again on news anyway. */
const MINUTE_MS = 60_000;

export function statusItem(server: Server, projects: Projects): Disposable {
  const item = window.createStatusBarItem('grainline.status', StatusBarAlignment.Left, 50);
  item.name = 'Grainline';
  item.command = 'grainline.showStatus';
  const runs = new Map<string, Map<string, 'waiting' | 'done'>>();

  const draw = (): void => {
    const project = projects.current;
    if (!project) {
      item.hide();
      return;
    }
    const nodes = project.running ? runs.get(project.running.runId) : undefined;
    const done = [...(nodes?.values() ?? [])].filter((state) => state === 'done').length;
    const words = statusWords(project, nodes && { done, all: nodes.size }, Date.now());
    item.text = words.text;
    item.tooltip = new MarkdownString(words.detail, true);
    item.accessibilityInformation = {
      label: `Grainline: ${words.detail.replaceAll(/\$\([^)]*\)|\*/gu, '')}`,
    };
    item.backgroundColor = words.isProblem ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };

  const timer = setInterval(draw, MINUTE_MS);
  const subscriptions = [
    item,
    projects.onChange(draw),
    server.on('grainline/run', ({ runId, begun, nodes, state }) => {
      const known = runs.get(runId) ?? new Map<string, 'waiting' | 'done'>();
      for (const node of [...(begun?.nodes ?? []), ...(nodes ?? [])]) {
        known.set(node.uniqueId, node.status === 'queued' || node.status === 'running' ? 'waiting' : 'done');
      }
      if (state === 'done' || state === 'failed' || state === 'cancelled') runs.delete(runId);
      else runs.set(runId, known);
      draw();
    }),
  ];
  draw();
  return {
    dispose() {
      clearInterval(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
