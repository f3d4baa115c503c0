/** Written by scripts/pin-postgres.mjs from package-lock.json: the servers that were tested, and what their archives hash to. */

export interface PublishedServer {
  readonly version: string;
  /** As npm writes it: `sha512-` and the hash in base 64. */
  readonly integrity: string;
}

/** By the platform in the package's name. */
export const PUBLISHED: Readonly<Record<string, PublishedServer>> = {
  'darwin-arm64': {
    version: '18.4.0-beta.17',
    integrity:
      'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
  },
  'darwin-x64': {
    version: '18.4.0-beta.17',
    integrity:
      'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
  },
  'linux-arm64': {
    version: '18.4.0-beta.17',
    integrity:
      'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
  },
  'linux-x64': {
    version: '18.4.0-beta.17',
    integrity:
      'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  },
  'windows-x64': {
    version: '18.4.0-beta.17',
    integrity:
      'sha512-AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==',
  },
};
