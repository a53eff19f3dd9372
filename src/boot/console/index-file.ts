/** `console.json` of a build: what it was made from, what the page loads, and its files. Written by the build, read by the server. */
import type { ConsoleEntry } from '../../http/console/state.ts';

export const indexFileName = 'console.json';

export interface ConsoleIndex {
  /** See `consoleStamp`. */
  readonly stamp: string;
  readonly entry: ConsoleEntry;
  readonly files: readonly IndexedFile[];
}

export interface IndexedFile {
  /** Path in the build's folder, and below `/console/`. */
  readonly path: string;
  readonly mediaType: string;
  readonly tag: string;
  /** Names of the same file in these encodings; absent where it would be no smaller. */
  readonly brotli?: string;
  readonly gzip?: string;
}

/** Where a build lies in a checkout: beside the packages, so that it is never committed, and goes when they go. */
export const cacheFolder = ['node_modules', '.cache', 'certmux-console'] as const;
