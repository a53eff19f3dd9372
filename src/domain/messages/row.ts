/** One row of the message catalogue: the error code it stands for and its text in each language. */
import type { ErrorCode } from '../errors.ts';

export interface Row<P> {
  readonly code: ErrorCode;
  readonly en: (params: P) => string;
  readonly zh: (params: P) => string;
}

export function row<P>(code: ErrorCode, en: (params: P) => string, zh: (params: P) => string): Row<P> {
  return { code, en, zh };
}

export type None = Readonly<Record<string, never>>;
