/** Text that is no file, such as the SQL of a query: shown in an editor that cannot change it. */

import { Uri, languages, window, workspace } from 'vscode';
import type { Disposable } from '../disposal.ts';

const SCHEME = 'grainline-text';
/** Of those that were shown last, so that an editor that is still open can be drawn again. */
const KEPT = 30;
const ENDING = { sql: '.sql', json: '.json', plaintext: '.txt' } as const;

export interface ShownText extends Disposable {
  show(title: string, language: keyof typeof ENDING, text: string): Promise<void>;
}

export function shownText(): ShownText {
  const texts = new Map<string, string>();
  let last = 0;
  const registration = workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  });
  return {
    async show(title, language, text) {
      last += 1;
      const name = title.replaceAll('/', '∕');
      const uri = Uri.from({ scheme: SCHEME, path: `/${name}${ENDING[language]}`, query: String(last) });
      texts.set(uri.toString(), text);
      for (const key of [...texts.keys()].slice(0, -KEPT)) texts.delete(key);
      const document = await workspace.openTextDocument(uri);
      if (document.languageId !== language) await languages.setTextDocumentLanguage(document, language);
      await window.showTextDocument(document, { preview: true });
    },
    dispose() {
      registration.dispose();
    },
  };
}
