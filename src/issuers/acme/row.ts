/** The row of an order at an ACME CA, which is written before each request that could act. */
import { certIdOf } from '../../dialects/acme/client/cert-id.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { AcmeIssuerContext } from './context.ts';

/** Of an issuance of which nothing was sent to this CA. */
export function newRow(
  { terms, directory, ca, profile }: Pick<AcmeIssuerContext, 'terms' | 'directory' | 'ca' | 'profile'>,
  { issuanceId, predecessor, names }: UpstreamRequest,
): AcmeUpstreamOrder {
  const replaces = predecessor === null || !ca.takesReplaces ? undefined : certIdOf(parseCertificate(predecessor.der));
  const ofAddresses = typeof ca.takesAddresses === 'object' ? ca.takesAddresses.profile : null;
  const hasAddress = names.some(({ kind }) => kind === 'ipv4' || kind === 'ipv6');
  return {
    ...withoutOrder,
    issuanceId,
    account: terms.account,
    directory,
    replaces: replaces ?? null,
    profile: (hasAddress ? ofAddresses : null) ?? profile?.name ?? null,
    endedOrders: 0,
    lastProblem: null,
  };
}

/** Whether it was placed where the issuer orders by today's configuration. */
export function isOf(
  { terms, directory }: Pick<AcmeIssuerContext, 'terms' | 'directory'>,
  row: Pick<AcmeUpstreamOrder, 'account' | 'directory'>,
): boolean {
  return row.account === terms.account && row.directory === directory;
}

/** Whether the CA has lost the account that placed it: the one of today was registered afterwards. */
export async function isOfLostAccount(
  { account }: Pick<AcmeIssuerContext, 'account'>,
  { placedAt }: AcmeUpstreamOrder,
  signal: AbortSignal,
): Promise<boolean> {
  const { registeredAt } = await account.open(signal);
  return placedAt !== null && registeredAt !== null && registeredAt > placedAt;
}

const withoutOrder = {
  step: 'order',
  orderUrl: null,
  finalizeUrl: null,
  authorizationUrls: [],
  certificateUrl: null,
  respondedTo: [],
  finalizedAt: null,
  finalizeRefusals: 0,
  placedAt: null,
  expiresAt: null,
} as const satisfies Partial<AcmeUpstreamOrder>;

/** The CA's order is over and nothing was issued by it: another one is placed. */
export function afterEnd(row: AcmeUpstreamOrder, problem: string): AcmeUpstreamOrder {
  return { ...row, ...withoutOrder, endedOrders: row.endedOrders + 1, lastProblem: problem };
}
