/** Sending a mail again that a moment ago went out. */
import { CertError } from '../../domain/errors.ts';

/** Whoever asks too soon, or too often, has a mail already: nothing more is sent, and that is no error in this API. */
export async function unlessTooSoon(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (thrown) {
    if (!(thrown instanceof CertError && thrown.code === 'rateLimited')) throw thrown;
  }
}
