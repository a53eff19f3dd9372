/**
 * Which of an order's certificates is that of a purchase. The order shows one, a reissue puts it into the list of reissues, and
 * duplicates have their own list (contract 4.1, 4.3).
 */

import { CertError } from '../../../domain/errors.ts';
import type { Purchase } from '../../../domain/ports/upstream.ts';
import { csrDerOf, keyHashOf } from '../../../pki/csr.ts';
import { firstText, type Loose, looseList, looseObject, looseText } from '../../kit/loose.ts';
import { parseMoment } from '../wire/wire-time.ts';

/** Whether it is for the key of the purchase; undefined where it shows no CSR that can be read. */
export function isForKey(certificate: Loose, { csr }: Purchase): boolean | undefined {
  const shown = firstText(certificate, 'csr');
  if (shown === undefined || csr === null) return undefined;
  try {
    return keyHashOf(csrDerOf(shown)) === keyHashOf(csr);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/** The vendor's clock may be a little behind ours. */
const slackMs = 5_000;

/**
 * Among reissues or duplicates: by its number, by the key, or, where no CSR is shown, by names and time.
 * @param sentAt with it, older ones do not count
 */
export function ownAmong(
  list: readonly Loose[],
  purchase: Purchase,
  { id, sentAt }: { readonly id: string | null; readonly sentAt?: Date | undefined },
): Loose | undefined {
  const byId = id === null ? undefined : list.find((certificate) => firstText(certificate, 'id') === id);
  if (byId !== undefined) return byId;
  const byKey = list.find((certificate) => isForKey(certificate, purchase) === true);
  if (byKey !== undefined) return byKey;
  if (sentAt === undefined) return undefined;
  const silent = list.filter((certificate) => isForKey(certificate, purchase) === undefined);
  return silent.find((certificate) => isSince(certificate, sentAt) && hasNames(certificate, purchase));
}

export function isSince(item: Loose, sentAt: Date): boolean {
  const at = parseMoment(firstText(item, 'date_created', 'date') ?? '');
  return at !== undefined && at.getTime() >= sentAt.getTime() - slackMs;
}

/** The vendor adds the common name to `dns_names`, or does not. */
export function hasNames(certificate: Loose, { names }: Purchase): boolean {
  const shown = new Set(namesOf(certificate));
  return shown.size === names.length && names.every(({ value }) => shown.has(value));
}

export function namesOf(certificate: Loose): readonly string[] {
  const texts = [certificate.common_name, ...looseList(certificate.dns_names)];
  return [...new Set(texts.flatMap((text) => looseText(text)?.toLowerCase() ?? []))];
}

export function certificatesIn(reply: Loose): readonly Loose[] {
  return looseList(reply.certificates).map(looseObject);
}
