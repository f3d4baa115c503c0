/** A page's end of the conversation with its host: requests that are answered, news that is listened to, and what only an editor can do. */

import type { Location, Notifications, Requests } from '../../../server/src/lsp/protocol.ts';
import type { FromPage, PageArgument, PageName, ToPage } from '../messages.ts';

/** What a page begins with. `state` is what it last gave to `remember`. */
export interface Opening {
  readonly page: PageName;
  readonly argument: PageArgument;
  readonly state: unknown;
}

export interface Host {
  /** Rejects with the server's words when it refuses. */
  request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method]['params'],
  ): Promise<Requests[Method]['result']>;
  onNotification<Method extends keyof Notifications>(
    method: Method,
    listen: (params: Notifications[Method]) => void,
  ): void;
  /** Called when the editor shows another resource. */
  onFocus(listen: (focus: { readonly folder: string; readonly uniqueId: string }) => void): void;
  open(location: Location, where?: 'beside'): void;
  copy(text: string): void;
  save(name: string, text: string): void;
  showText(title: string, language: 'sql' | 'json' | 'plaintext', text: string): void;
  command(command: string, argument: unknown): void;
  remember(state: unknown): void;
}

/** Calls `start` each time the host opens the page with something to show: once, and again when another thing is shown in the same page. */
export function connect(start: (host: Host, opening: Opening) => void): void {
  const post = messenger();
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, ((params: unknown) => void)[]>();
  const focusListeners: ((focus: { folder: string; uniqueId: string }) => void)[] = [];
  let lastId = 0;

  const host: Host = {
    request(method, params) {
      lastId += 1;
      const id = lastId;
      post({ kind: 'request', id, method, params });
      // The protocol's types say what the answer to a method is; the message itself cannot.
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      });
    },
    onNotification(method, listen) {
      const known = listeners.get(method) ?? [];
      known.push(listen as (params: unknown) => void);
      listeners.set(method, known);
    },
    onFocus(listen) {
      focusListeners.push(listen);
    },
    open(location, where) {
      post(where === 'beside' ? { kind: 'open', location, beside: true } : { kind: 'open', location });
    },
    copy(text) {
      post({ kind: 'copy', text });
    },
    save(name, text) {
      post({ kind: 'save', name, text });
    },
    showText(title, language, text) {
      post({ kind: 'show-text', title, language, text });
    },
    command(command, argument) {
      post({ kind: 'command', command, argument });
    },
    remember(state) {
      post({ kind: 'remember', state });
    },
  };

  const receive = (message: ToPage): void => {
    switch (message.kind) {
      case 'start':
        listeners.clear();
        focusListeners.length = 0;
        start(host, message);
        return;
      case 'response':
        waiting.get(message.id)?.resolve(message.result);
        waiting.delete(message.id);
        return;
      case 'refusal':
        waiting.get(message.id)?.reject(new Error(message.message));
        waiting.delete(message.id);
        return;
      case 'notification':
        for (const listen of listeners.get(message.method) ?? []) listen(message.params);
        return;
      case 'focus':
        for (const listen of focusListeners) listen(message);
        return;
    }
  };

  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isToPage(event.data)) receive(event.data);
  });
  post({ kind: 'ready' });
}

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** The editor gives each page this function, once. */
function messenger(): (message: FromPage) => void {
  const api = acquireVsCodeApi();
  return (message) => {
    api.postMessage(message);
  };
}

function isToPage(data: unknown): data is ToPage {
  return typeof data === 'object' && data !== null && 'kind' in data;
}
