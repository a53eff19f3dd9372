/** What is revoked a second time: that it is revoked already is an answer, not a failure. */
import { CertError } from '../domain/errors.ts';

/**
 * The result of `revoke`, or what `look` finds where the server refuses because it is revoked already.
 * @param isRevoked what `look` found
 */
export async function revokedOrAlready<Done, Found>(steps: {
  revoke(): Promise<Done>;
  look(): Promise<Found>;
  isRevoked(found: Found): boolean;
}): Promise<{ readonly done: Done } | { readonly already: Found }> {
  try {
    return { done: await steps.revoke() };
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.code !== 'wrongState') throw thrown;
    // Whoever may revoke may look.
    const already = await steps.look();
    if (!steps.isRevoked(already)) throw thrown;
    return { already };
  }
}
