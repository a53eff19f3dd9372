/** The built console as it is served: its files, in the encodings that browsers take, and what the page has to load. */
import type { Language } from '../../domain/language.ts';

export interface ConsoleFile {
  readonly mediaType: string;
  readonly plain: Uint8Array;
  /** Undefined where it saves nothing. */
  readonly brotli: Uint8Array | undefined;
  readonly gzip: Uint8Array | undefined;
  /** In quotes, as in the header. */
  readonly tag: string;
}

/** A file that the page itself names, with what it must be (`sha384-…`). */
export interface LoadedFile {
  /** Path below `/console/`. */
  readonly path: string;
  readonly integrity: string;
}

export interface ConsoleEntry {
  readonly script: LoadedFile;
  /** Scripts that the first needs at once. */
  readonly preloaded: readonly LoadedFile[];
  /** The texts, which the first script loads before it draws anything. */
  readonly texts: Readonly<Record<Language, LoadedFile>>;
  readonly styles: readonly LoadedFile[];
}

export interface BuiltConsole {
  readonly entry: ConsoleEntry;
  /** By their paths below `/console/`. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

export type ConsoleState =
  | { readonly phase: 'building' }
  | { readonly phase: 'ready'; readonly built: BuiltConsole }
  /** `reason` is what the build wrote. */
  | { readonly phase: 'failed'; readonly reason: string };

export interface ConsoleSource {
  /** How far it is now. Never waits for a build, and starts one where it is needed. */
  state(): Promise<ConsoleState>;
}
