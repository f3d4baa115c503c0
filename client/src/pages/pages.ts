/** Where the pages are: rows, lineage and runs have each a view in the panel, and rows and lineage can be opened as editors too. */

import { ViewColumn, commands, window } from 'vscode';
import type { WebviewPanel, WebviewView } from 'vscode';
import type { Disposable } from '../disposal.ts';
import type { PreviewOrder, PreviewState } from '../../../server/src/lsp/protocol.ts';
import type { PageArgument, PageName, ToPage } from '../../webview/messages.ts';
import type { ActiveResource } from '../active-resource.ts';
import type { Projects } from '../projects.ts';
import { Refusal } from '../server.ts';
import type { PageMeans } from './page-host.ts';
import { PageHost } from './page-host.ts';
import { previewStates } from './preview-states.ts';

export interface Pages extends Disposable {
  showGrid(order: PreviewOrder, state: PreviewState): Promise<void>;
  /** The rows that the view shows, in an editor, where they stay when others are previewed. */
  openGrid(): Promise<void>;
  showLineage(folder: string, uniqueId: string | undefined): Promise<void>;
  openLineage(folder: string, uniqueId: string | undefined): void;
  showRun(folder: string, runId: string | undefined): Promise<void>;
}

/** A preview's order is kept: after a reload its rows are fetched anew. */
interface Kept {
  readonly argument: PageArgument;
  readonly order?: PreviewOrder;
}

const VIEWS: Readonly<Record<PageName, string>> = {
  grid: 'grainline.gridView',
  lineage: 'grainline.lineageView',
  run: 'grainline.runView',
};

export function openPages(means: PageMeans, projects: Projects, active: ActiveResource): Pages {
  const views = new Map<PageName, PageHost>();
  const lineages = new Set<PageHost>();
  const subscriptions: Disposable[] = [];
  /** For a view that is shown for the first time: it asks once it is there. */
  const waiting = new Map<PageName, () => void>();

  const previews = previewStates(means.server);
  const newest = (state: PreviewState) => (): readonly ToPage[] => [
    { kind: 'notification', method: 'grainline/preview', params: previews.newest(state) },
  ];
  const keep = (key: string, kept: Kept): void => {
    void means.memory.update(key, kept);
  };
  const followed = (): PageArgument | undefined => {
    const { resource } = active;
    if (resource) return { folder: resource.folder, uniqueId: resource.uniqueId };
    return projects.current && { folder: projects.current.folder };
  };

  /** What a page shows that nobody gave anything to: what it showed before, or the project at hand. */
  const restore = async (host: PageHost, name: PageName, key: string): Promise<void> => {
    const kept = means.memory.get<Kept>(key);
    if (name === 'grid') {
      if (!kept?.order) return;
      try {
        const state = await means.server.request('grainline/openPreview', kept.order);
        host.show(gridArgument(kept.order, state), newest(state));
      } catch (error) {
        // The project is still being read, or gone: the page stays empty until rows are asked for.
        if (!(error instanceof Refusal)) throw error;
      }
      return;
    }
    const argument = name === 'lineage' ? (followed() ?? kept?.argument) : (kept?.argument ?? followed());
    if (argument) host.show(argument);
  };

  const resolveView = (name: PageName, view: WebviewView): void => {
    const host = new PageHost(view.webview, name, VIEWS[name], means);
    views.set(name, host);
    if (name === 'lineage') lineages.add(host);
    view.onDidDispose(() => {
      host.dispose();
      views.delete(name);
      lineages.delete(host);
    });
    const asked = waiting.get(name);
    waiting.delete(name);
    if (asked) asked();
    else {
      whenReady(() => void restore(host, name, VIEWS[name]));
    }
  };

  const whenReady = (act: () => void): void => {
    if (means.server.isReady) act();
    else {
      const once = means.server.onReady(() => {
        once.dispose();
        act();
      });
    }
  };

  /** Brings a view to the front and shows this in it. */
  const showInView = async (
    name: PageName,
    kept: Kept,
    focus: 'take focus' | 'leave focus',
    opening?: () => readonly ToPage[],
  ): Promise<void> => {
    keep(VIEWS[name], kept);
    const show = (): void => views.get(name)?.show(kept.argument, opening);
    if (views.has(name)) show();
    else waiting.set(name, show);
    await commands.executeCommand(`${VIEWS[name]}.focus`, { preserveFocus: focus === 'leave focus' });
  };

  const openPanel = (name: PageName, title: string, kept: Kept, opening?: () => readonly ToPage[]): void => {
    const panel = window.createWebviewPanel(
      `grainline.${name}`,
      title,
      { viewColumn: ViewColumn.Active },
      { retainContextWhenHidden: true },
    );
    adopt(panel, name).show(kept.argument, opening);
    keep(panelKey(name, title), kept);
  };
  const adopt = (panel: WebviewPanel, name: PageName): PageHost => {
    const host = new PageHost(panel.webview, name, panelKey(name, panel.title), means);
    if (name === 'lineage') lineages.add(host);
    panel.onDidDispose(() => {
      host.dispose();
      lineages.delete(host);
    });
    return host;
  };

  for (const name of ['grid', 'lineage', 'run'] as const) {
    subscriptions.push(
      window.registerWebviewViewProvider(
        VIEWS[name],
        {
          resolveWebviewView(view) {
            resolveView(name, view);
          },
        },
        { webviewOptions: { retainContextWhenHidden: true } },
      ),
      window.registerWebviewPanelSerializer(`grainline.${name}`, {
        deserializeWebviewPanel(panel) {
          const host = adopt(panel, name);
          whenReady(() => void restore(host, name, panelKey(name, panel.title)));
          return Promise.resolve();
        },
      }),
    );
  }
  subscriptions.push(
    previews,
    active.onChange((resource) => {
      if (!resource) return;
      for (const host of lineages) {
        if (host.argument) host.post({ kind: 'focus', folder: resource.folder, uniqueId: resource.uniqueId });
        else host.show({ folder: resource.folder, uniqueId: resource.uniqueId });
      }
    }),
    projects.onChange((project) => {
      if (!project || project.phase === 'loading') return;
      for (const name of ['lineage', 'run'] as const) {
        const host = views.get(name);
        if (host && !host.argument) host.show(followed() ?? { folder: project.folder });
      }
    }),
  );

  return {
    async showGrid(order, state) {
      const argument = gridArgument(order, state);
      await showInView('grid', { argument, order }, 'take focus', newest(state));
    },
    async openGrid() {
      const kept = means.memory.get<Kept>(VIEWS.grid);
      if (!kept?.order) throw new Refusal('No rows are shown yet: preview a model first.');
      const state = await means.server.request('grainline/openPreview', kept.order);
      const argument = gridArgument(kept.order, state);
      openPanel('grid', state.title, { argument, order: kept.order }, newest(state));
    },
    async showLineage(folder, uniqueId) {
      const argument = { folder, ...(uniqueId !== undefined && { uniqueId }) };
      await showInView('lineage', { argument }, 'take focus');
    },
    openLineage(folder, uniqueId) {
      const argument = { folder, ...(uniqueId !== undefined && { uniqueId }) };
      openPanel('lineage', 'Lineage', { argument });
    },
    async showRun(folder, runId) {
      const argument = { folder, ...(runId !== undefined && { runId }) };
      await showInView('run', { argument }, 'leave focus');
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      for (const host of views.values()) host.dispose();
    },
  };
}

/** With the order the page can fetch more, or again; it closes the preview before once the next one has rows. */
function gridArgument(order: PreviewOrder, { folder, previewId }: PreviewState): PageArgument {
  return { folder, previewId, order };
}

function panelKey(name: PageName, title: string): string {
  return `grainline.${name}.panel.${title}`;
}
