/**
 * The texts of the console, as functions and strings. English says which there are; a text that another language lacks, or has too many, is an error
 * of the types.
 */
import type { en } from './en.ts';

export type Texts = Translated<typeof en>;

type Translated<T> = T extends string
  ? string
  : T extends (...parameters: infer P) => string
    ? (...parameters: P) => string
    : { readonly [K in keyof T]: Translated<T[K]> };
