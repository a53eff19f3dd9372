/** Rows of what goes with orders at upstreams. */

import { type AcmeUpstreamAccount, acmeUpstreamAccountId } from '../../domain/acme-upstream-account.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import type { PublishedProof } from '../../domain/published-proof.ts';
import type { UpstreamSpending } from '../../domain/upstream-budget.ts';
import type { UpstreamExchange } from '../../domain/upstream-exchange.ts';
import { codecOf, type RowOf } from '../codec.ts';
import {
  blob,
  converted,
  date,
  derived,
  fromJson,
  fromMs,
  id,
  int32,
  json,
  jsonOf,
  mapped,
  nullable,
  text,
  toJson,
} from '../fields.ts';

export const upstreamSpendings = codecOf<UpstreamSpending>()('upstream_spendings', {
  account: text('account'),
  budget: text('budget'),
  subject: text('subject'),
  issuanceId: id('issuance_id', 'issuance'),
  spentAt: date('spent_at'),
});

export const upstreamExchanges = codecOf<UpstreamExchange>()('upstream_exchanges', {
  id: id('id', 'upstreamExchange'),
  account: text('account'),
  issuanceId: nullable(id('issuance_id', 'issuance')),
  at: date('at'),
  method: text('method'),
  url: text('url'),
  asked: text('asked'),
  status: nullable(int32('status')),
  answer: text('answer'),
  isActing: mapped('acting_at', 'integer or null', {
    write: ({ isActing, at }: UpstreamExchange) => (isActing ? at.getTime() : null),
    read: (stored) => stored !== null,
  }),
});

export const acmeUpstreamAccounts = codecOf<AcmeUpstreamAccount>()(
  'acme_upstream_accounts',
  {
    account: text('account'),
    directory: text('directory'),
    sealedKey: blob('sealed_key'),
    nextSealedKey: nullable(blob('next_sealed_key')),
    url: nullable(text('url')),
    contacts: json('contacts_json'),
    externalKeyId: nullable(text('external_key_id')),
    sealedExternalKey: nullable(blob('sealed_external_key')),
    registeredAt: nullable(date('registered_at')),
  },
  { id: derived('id', 'text', acmeUpstreamAccountId) },
);

type Responded = AcmeUpstreamOrder['respondedTo'];

const respondedJson = {
  write: (responded: Responded): string => toJson(responded.map(({ url, at }) => ({ url, at: at.getTime() }))),
  read: (stored: string): Responded =>
    fromJson<readonly { readonly url: string; readonly at: number }[]>(stored).map(({ url, at }) => ({
      url,
      at: fromMs(at),
    })),
};

export const acmeUpstreamOrders = codecOf<AcmeUpstreamOrder>()('acme_upstream_orders', {
  issuanceId: id('issuance_id', 'issuance'),
  account: text('account'),
  directory: text('directory'),
  step: text('step'),
  orderUrl: nullable(text('order_url')),
  finalizeUrl: nullable(text('finalize_url')),
  authorizationUrls: json('authorization_urls_json'),
  certificateUrl: nullable(text('certificate_url')),
  replaces: nullable(text('replaces')),
  profile: nullable(text('profile')),
  respondedTo: jsonOf('responded_json', respondedJson),
  finalizedAt: nullable(date('finalized_at')),
  finalizeRefusals: int32('finalize_refusals'),
  placedAt: nullable(date('placed_at')),
  expiresAt: nullable(date('expires_at')),
  endedOrders: int32('ended_orders'),
  lastProblem: nullable(text('last_problem')),
});

/** A name with its labels in reverse: what is below it follows it. A token has no dots. */
export function reversedPlace(place: string): string {
  return place.split('.').toReversed().join('.');
}

export const publishedProofs = codecOf<PublishedProof>()('published_proofs', {
  kind: text('kind'),
  place: converted('reversed_place', 'text', { write: reversedPlace, read: reversedPlace }),
  value: text('value'),
  issuanceId: id('issuance_id', 'issuance'),
  until: date('until'),
});

export type UpstreamSpendingRow = RowOf<typeof upstreamSpendings>;
export type UpstreamExchangeRow = RowOf<typeof upstreamExchanges>;
export type AcmeUpstreamAccountRow = RowOf<typeof acmeUpstreamAccounts>;
export type AcmeUpstreamOrderRow = RowOf<typeof acmeUpstreamOrders>;
export type PublishedProofRow = RowOf<typeof publishedProofs>;
