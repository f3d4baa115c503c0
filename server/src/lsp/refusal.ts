/** A request that cannot be answered, with the sentence that tells the user why and what to do. */

import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

export class RefusedError extends ResponseError<undefined> {
  constructor(message: string) {
    super(LSPErrorCodes.RequestFailed, message);
  }
}
