/** Text of a confirmation mail for an order's issuance, or for a domain that is validated before any order. */
import type { Account } from '../../domain/account.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import { domainConfirmationMail, orderConfirmationMail } from '../../domain/messages/mails/confirmation.ts';
import type { Mail } from '../../domain/messages/mails/mail.ts';
import type { Product } from '../../domain/product.ts';
import type { ProofPurpose } from './proof-event.ts';

export interface ConfirmationFacts {
  /** The one that stands for the mail. */
  readonly confirmation: Confirmation;
  readonly purpose: ProofPurpose;
  /** The names to confirm. */
  readonly names: readonly string[];
  readonly account: Account;
  /** Null: a domain, before any order. */
  readonly product: Product | null;
  /** The secret link. */
  readonly url: string;
  /** URL at which the reader stops the mail. */
  readonly stopUrl: string;
}

export function confirmationText({
  confirmation,
  purpose,
  names,
  account,
  product,
  url,
  stopUrl,
}: ConfirmationFacts): Mail {
  const { requestedAt, requestedFrom, expiresAt } = confirmation;
  const facts = { account: account.name, requestedAt, requestedFrom, expiresAt, url, stopUrl };
  if ('domain' in purpose) return domainConfirmationMail({ ...facts, domain: names[0] ?? '' });
  return orderConfirmationMail({
    ...facts,
    confirms: names,
    names: purpose.issuance.names.map(({ identifier }) => identifier.value),
    product: product?.name ?? '',
    orderNumber: purpose.order.number,
  });
}
