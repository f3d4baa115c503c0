/** Opens the SQL files of a dbt project as Jinja SQL, and gets in nobody's way: see the setting `grainline.claimSqlFiles`. */

import { extensions, languages, window, workspace } from 'vscode';
import type { TextDocument, Uri } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { ProjectFolders } from './project-folders.ts';
import type { Projects } from './projects.ts';
import type { Server } from './server.ts';

/** dbt's own names for the folders of templates; in others, the server says whether a file is one. */
const TEMPLATE_FOLDERS = ['models', 'macros', 'tests', 'snapshots', 'analyses', 'functions'];

export function claimSqlFiles(
  found: ProjectFolders,
  server: Server,
  projects: Projects,
  ownId: string,
): Disposable {
  /** Claimed once while it is open: who then chooses another language has it. */
  const claimed = new Set<string>();
  const claim = async (document: TextDocument): Promise<void> => {
    if (document.languageId !== 'sql' || document.uri.scheme !== 'file') return;
    if (!workspace.getConfiguration('grainline', document.uri).get<boolean>('claimSqlFiles', true)) return;
    if (othersClaim(ownId)) return;
    if (claimed.has(document.uri.toString()) || !(await isTemplate(document.uri))) return;
    claimed.add(document.uri.toString());
    try {
      await languages.setTextDocumentLanguage(document, 'jinja-sql');
    } catch (error) {
      // Its editor was closed meanwhile: it is asked about again when it is shown again.
      if (!document.isClosed) throw error;
    }
  };
  const isTemplate = async (uri: Uri): Promise<boolean> => {
    const project = found.folders.find((folder) => uri.path.startsWith(`${folder.path}/`));
    if (!project) return false;
    const path = uri.path.slice(project.path.length);
    // What was compiled lies in folders of the same names, and is SQL.
    if (path.includes('/target/')) return false;
    if (TEMPLATE_FOLDERS.some((folder) => path.includes(`/${folder}/`))) return true;
    if (!server.isReady || !projects.of(uri)) return false;
    // The server that ends meanwhile is asked again by the next one.
    return (await server.request('grainline/resourceAt', { uri: uri.toString() }).catch(() => null)) !== null;
  };
  /** Only what is shown: a file that is opened for a hover or a search is closed before it could be claimed. */
  const claimShown = (): void => {
    for (const { document } of window.visibleTextEditors) void claim(document);
  };

  claimShown();
  const subscriptions = [
    window.onDidChangeVisibleTextEditors(claimShown),
    workspace.onDidCloseTextDocument(({ uri }) => {
      // A change of language closes a document and opens it at once.
      setImmediate(() => {
        if (!workspace.textDocuments.some((open) => open.uri.toString() === uri.toString())) {
          claimed.delete(uri.toString());
        }
      });
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('grainline.claimSqlFiles')) claimShown();
    }),
    found.onChange(claimShown),
    projects.onChange(claimShown),
  ];
  return {
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Another extension that knows Jinja SQL decides for itself which files are; two that do would swap them to and fro. */
function othersClaim(ownId: string): boolean {
  return extensions.all.some((extension) => {
    const manifest = extension.packageJSON as { contributes?: { languages?: { id?: string }[] } };
    return (
      extension.id !== ownId &&
      (manifest.contributes?.languages ?? []).some((language) => language.id === 'jinja-sql')
    );
  });
}
