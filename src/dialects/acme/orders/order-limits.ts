/** What limits count of orders, and which orders they let through. */
import { hash } from 'node:crypto';
import type { Credential } from '../../../domain/account.ts';
import { CertError } from '../../../domain/errors.ts';
import type { Identifier } from '../../../domain/identifier.ts';
import { replacedFromWire } from '../certificates/cert-id.ts';
import { directoryOf } from '../directory.ts';
import type { Services } from '../services.ts';

/** The same names for the same account, whichever of its ACME accounts orders them. */
export function keyOfNames({ accountId }: Credential, names: readonly Identifier[]): string {
  const values = names.map(({ value }) => value).toSorted();
  return hash('sha256', `${accountId} ${values.join(' ')}`);
}

/**
 * Reports whether the order renews a certificate whose window has opened: that is what everybody wants, and no limit is for it. One that
 * replaces a certificate too early is an order like others. Nothing is looked up where nothing is limited.
 * @param replaces as the client sent it
 */
export async function isDueRenewal(
  services: Services,
  directory: string,
  replaces: string | undefined,
): Promise<boolean> {
  const { newOrdersPerAccount, certificatesPerNames } = directoryOf(services, directory).limits;
  const isLimited = newOrdersPerAccount !== undefined || certificatesPerNames !== undefined;
  if (replaces === undefined || !isLimited) return false;
  try {
    const { start } = await services.certificates.renewalWindow(replacedFromWire(replaces));
    return start <= services.clock.now();
  } catch (thrown) {
    // The order itself is refused for it, in words of its own.
    if (thrown instanceof CertError && thrown.code === 'notFound') return false;
    throw thrown;
  }
}
