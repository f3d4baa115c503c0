/** The language server as the extension sees it: typed requests and news. Whoever uses it need not know how it is started, or that it was started again. */

import type { CancellationToken, Event } from 'vscode';
import type { Disposable } from './disposal.ts';
import type { Notifications, Requests } from '../../server/src/lsp/protocol.ts';

export interface Server {
  /** Rejects with a `Refusal` whose message can be shown as it is. */
  request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method]['params'],
    token?: CancellationToken,
  ): Promise<Requests[Method]['result']>;
  on<Method extends keyof Notifications>(
    method: Method,
    listen: (params: Notifications[Method]) => void,
  ): Disposable;
  /** Each time it begins to answer: at first, and after each restart. */
  readonly onReady: Event<void>;
  readonly isReady: boolean;
}

/** Something could not be done, in words for the user. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
