/** Port for front doors: requests that may be sent twice, and do once what they do. */
import type { Caller } from '../caller.ts';

/** For so long the same key means the same request. */
export const idempotencyWindowMs = 86_400_000;

export interface KeyedRequest {
  /** As the client made it up. */
  readonly key: string;
  /** A keyed hash of what is requested: the request may hold a password. */
  readonly fingerprint: string;
}

/** A request that holds its key, until it is answered or released. */
export interface HeldKey {
  readonly id: string;
  readonly requestId: string;
}

export type KeyState =
  /** The caller's to do now. */
  | { readonly kind: 'held'; readonly held: HeldKey }
  /** Done before. `answer` is what was kept of it. */
  | { readonly kind: 'answered'; readonly answer: string; readonly requestId: string }
  /** Another request with the key is being answered. */
  | { readonly kind: 'underWay' };

export interface IdempotencyKeys {
  /**
   * Takes the key for this request, or answers what became of it. Keys are of a caller in an account: nobody meets somebody else's.
   * @param instead the request whose kept answer counts no longer: the key is taken in its place
   * @throws {CertError} conflict for a key of another request, and for one whose request took effect and whose answer was lost
   */
  begin(caller: Caller, request: KeyedRequest, instead?: string): Promise<KeyState>;
  /** Keeps the answer. It lies sealed, since it may hold a secret that is shown once. */
  keep(caller: Caller, held: HeldKey, answer: string): Promise<void>;
  /**
   * Lets go of a key whose request was refused.
   * @param isUndone false where it may have taken effect: whoever comes with the key next finds out
   */
  release(caller: Caller, held: HeldKey, isUndone: boolean): Promise<void>;
}
