/** Issuers at ACME CAs, put together from their settings. */
import type { AcmeExchange, AcmeFetch } from '../../dialects/acme/client/face.ts';
import { acmeUrn } from '../../dialects/acme/client/failure.ts';
import type { KeySealer } from '../../domain/ports/key-sealer.ts';
import type { Preparations } from '../../domain/ports/preparations.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../domain/ports/system.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
import { createEvidence, type Evidence } from '../evidence.ts';
import { type AcmeAccount, type AcmeAccountSettings, createAcmeAccount } from './account.ts';
import type { AcmeIssuerContext } from './context.ts';
import { type AcmeIssuer, createAcmeIssuer } from './issuer.ts';
import type { AcmeCa } from './presets.ts';

/** One issuer of the configuration, with what its files contain. */
export interface AcmeIssuerSettings
  extends Pick<AcmeIssuerContext, 'id' | 'mode' | 'ca' | 'directory' | 'profile' | 'preferredChain'> {
  readonly terms: UpstreamTerms;
  readonly account: AcmeAccountSettings;
}

export interface AcmeServices {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly keySealer: KeySealer;
  readonly preparations: Preparations;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
}

export type { AcmeIssuer } from './issuer.ts';

interface SharedAccount {
  readonly account: AcmeAccount;
  readonly evidence: Evidence;
}

/** Issuers with the same account at the same directory share it, with its nonces. */
export function createAcmeIssuers(
  issuers: readonly { readonly settings: AcmeIssuerSettings; readonly fetch: AcmeFetch }[],
  services: AcmeServices,
): readonly AcmeIssuer[] {
  const accounts = new Map<string, SharedAccount>();
  return issuers.map(({ settings, fetch }) => {
    const { account: name, directory } = settings.account;
    const key = `${directory} ${name}`;
    const shared = accounts.get(key) ?? openAccount(settings.account, { ...services, ca: settings.ca, fetch });
    accounts.set(key, shared);
    return issuerWith(settings, services, shared);
  });
}

function openAccount(
  settings: AcmeAccountSettings,
  services: AcmeServices & { readonly ca: AcmeCa; readonly fetch: AcmeFetch },
): SharedAccount {
  const { database, keySealer, clock, ca, fetch } = services;
  const evidence = createEvidence({
    ...services,
    account: settings.account,
    write: (work) => database.write((tx) => work(tx)),
  });
  const account = createAcmeAccount({
    settings,
    ca,
    keySealer,
    rows: {
      read: database.read.acmeUpstreamAccounts,
      write: (work) => database.write((tx) => work(tx.acmeUpstreamAccounts)),
    },
    client: { fetch, clock, onExchange: (exchange) => noteFailed(evidence, exchange) },
  });
  return { account, evidence };
}

/** A nonce that is refused is everyday life, and the call is made again at once. */
function noteFailed({ note }: Evidence, { at, method, url, payload, status, body }: AcmeExchange): void {
  const hasFailed = (status === null || status >= 400) && !body.includes(`${acmeUrn}badNonce`);
  if (hasFailed) note({ at, method, url, asked: payload ?? '', status, answer: body, isActing: false });
}

function issuerWith(
  settings: AcmeIssuerSettings,
  { database, preparations, clock, log }: AcmeServices,
  { account, evidence }: SharedAccount,
): AcmeIssuer {
  const { id, terms, mode, ca, directory, profile, preferredChain } = settings;
  const issuer = createAcmeIssuer({
    ...{ id, terms, mode, ca, directory, profile, preferredChain, account, preparations, clock, log },
    rows: { read: database.read, write: (work) => database.write((tx) => work(tx)) },
  });
  const { recorded } = evidence;
  return {
    ...issuer,
    begin: (request, signal) => recorded(request.issuanceId, () => issuer.begin(request, signal)),
    resume: (request, reference, signal) =>
      recorded(request.issuanceId, () => issuer.resume(request, reference, signal)),
    missingPreparation: (request, signal) =>
      recorded(request.issuanceId, () => issuer.missingPreparation(request, signal)),
    cancel: (order, signal) => recorded(order.issuanceId, () => issuer.cancel(order, signal)),
    revoke: (certificate, why, signal) =>
      recorded(certificate.issuanceId, () => issuer.revoke(certificate, why, signal)),
    check: (signal) => recorded(null, () => issuer.check(signal)),
    changeKey: (signal) => recorded(null, () => issuer.changeKey(signal)),
    caaIdentity: (signal) => recorded(null, () => issuer.caaIdentity(signal)),
    renewalInfo: (certificate, signal) =>
      recorded(certificate.issuanceId, () => issuer.renewalInfo(certificate, signal)),
  };
}
