/**
 * The number that the server put into this page, without which the browser takes no style that a script writes. Mantine writes its colours so, and
 * the lock on the page behind a dialog comes from a library that has to be told by itself.
 */
import { setNonce } from 'get-nonce';

export function takeNonce(): string {
  const { nonce = '' } = document.querySelector<HTMLScriptElement>('script[nonce]') ?? {};
  setNonce(nonce);
  return nonce;
}
