/** An issuer that orders at an ACME CA: the capabilities of the port, over the steps of an order. */

import { certIdOf } from '../../dialects/acme/client/cert-id.ts';
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import { type Certificate, revocationReasons } from '../../domain/certificate.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import { isIp } from '../../domain/identifier.ts';
import type {
  CaaNamedIssuer,
  CancellingIssuer,
  CheckingIssuer,
  KeyChangingIssuer,
  PersistentIssuer,
  PersistentNames,
  PreparedIssuer,
  RenewalInformingIssuer,
  RevokingIssuer,
  Suited,
  UpstreamOutcome,
  UpstreamRequest,
  UpstreamWait,
} from '../../domain/ports/issuer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { type Csr, parseCsr } from '../../pki/csr.ts';
import { namesInCsr } from '../../pki/csr-names.ts';
import { caDomains } from './ca-domains.ts';
import { cancelOrder } from './cancel.ts';
import { checkAccount } from './check.ts';
import type { AcmeIssuerContext } from './context.ts';
import { driveOrder } from './order-steps.ts';
import { missingPreparation } from './preparation.ts';
import { verdictOn } from './problem-kinds.ts';
import { momentIn } from './renewal.ts';
import { isOf, newRow } from './row.ts';

export type AcmeIssuer = PreparedIssuer &
  PersistentIssuer &
  CheckingIssuer &
  KeyChangingIssuer &
  CaaNamedIssuer &
  CancellingIssuer &
  RevokingIssuer &
  RenewalInformingIssuer;

export function createAcmeIssuer(context: AcmeIssuerContext): AcmeIssuer {
  const { id, terms, mode, ca, account, rows } = context;

  async function resume(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamOutcome> {
    const found = await rows.read.acmeUpstreamOrders.get(request.issuanceId);
    // Killed between the intent and the first row: nothing was sent.
    if (found === undefined) return begin(request, signal);
    if (isOf(context, found)) return driveOrder(context, request, found, signal);
    // A pool gave it to another issuer before, which may be of another account at the same CA.
    if (found.account !== terms.account && found.finalizedAt === null) return begin(request, signal);
    const isNamed = found.account !== terms.account;
    const placeOf = (directory: string, account: string) => (isNamed ? `${directory} (${account})` : directory);
    const elsewhere = {
      issuer: id,
      directory: placeOf(found.directory, found.account),
      configured: placeOf(context.directory, terms.account),
    };
    return waits(context, { turn: 'operator', reason: reason('caElsewhere', elsewhere) }, found.orderUrl);
  }

  async function begin(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamOutcome> {
    const row = newRow(context, request);
    await rows.write((tx) => tx.acmeUpstreamOrders.put(row));
    return driveOrder(context, request, row, signal);
  }

  return {
    id,
    upstream: terms,
    mode,
    ca: { title: ca.title, url: context.directory },
    begin,
    resume: (request, _reference, signal) => resume(request, signal),
    objectionTo: (request) => objectionTo(context, request),

    async isUncommitted(issuanceId) {
      const row = await rows.read.acmeUpstreamOrders.get(issuanceId);
      // Also of another account: by the configuration of that time it may have been this issuer's.
      return row === undefined || row.finalizedAt === null;
    },

    persistentNames: (signal) => persistentNames(context, signal),
    missingPreparation: (request, signal) => missingPreparation(context, request, signal),

    check: (signal) => checkAccount(context, signal),

    async changeKey(signal) {
      const { url, client } = await account.changeKey(signal);
      return { accountUrl: url, thumbprint: client.keyThumbprint };
    },

    async caaIdentity(signal) {
      const { client, url } = await account.open(signal);
      return { domains: await caDomains(context, client, signal), accountUrl: url };
    },

    cancel: ({ issuanceId }, signal) => cancelOrder(context, issuanceId, signal),

    async revoke({ der }, why, signal) {
      const { client } = await account.open(signal);
      try {
        await client.revoke(der, revocationReasons[why], signal);
      } catch (thrown) {
        if (thrown instanceof AcmeFailure && verdictOn(thrown.failed).kind === 'alreadyDone') return;
        throw thrown;
      }
    },

    async renewalInfo(certificate: Certificate, signal) {
      const certId = certIdOf(parseCertificate(certificate.der));
      if (certId === undefined) return null;
      const { client } = await account.open(signal);
      const answer = await client.renewalInfo(certId, signal).catch((thrown: unknown) => {
        // A certificate that it does not know any more, or never did, is renewed as planned.
        if (thrown instanceof AcmeFailure && (thrown.failed.status === 404 || thrown.failed.kind === 'unreadable')) {
          return null;
        }
        throw thrown;
      });
      if (answer === null) return null;
      const { start, end } = answer.shown;
      // A window that was over before there was a certificate is not its own: each that follows would be replaced at once as well.
      if (end <= certificate.notBefore) return null;
      const now = context.clock.now();
      const retryAt = answer.retryAfter ?? new Date(now.getTime() + usualLookMs);
      return { from: momentIn({ start, end }, certificate.serial), until: end, retryAt };
    },
  };

  function waits({ clock }: AcmeIssuerContext, wait: UpstreamWait, reference: string | null): UpstreamOutcome {
    return { kind: 'pending', reference, retryAt: new Date(clock.now().getTime() + waitMs), waits: wait };
  }
}

/** Registers nothing: whoever looks at a record does not make an account. */
async function persistentNames(context: AcmeIssuerContext, signal: AbortSignal): Promise<PersistentNames> {
  const { account, ca } = context;
  const accountUrl = await account.url();
  if (accountUrl === null) return { issuers: ca.caaIdentities, accountUrl };
  try {
    const { client } = await account.open(signal);
    return { issuers: await caDomains(context, client, signal), accountUrl };
  } catch {
    // A CA that is away now: what is known of it, if that is anything.
    return { issuers: ca.caaIdentities, accountUrl };
  }
}

const waitMs = 3_600_000;
const usualLookMs = 6 * 3_600_000;

/** What this CA never certifies (`presets.ts`). */
function objectionTo({ id, ca }: AcmeIssuerContext, { names, csr }: Pick<Suited, 'names' | 'csr'>): Reason | undefined {
  const wildcard = names.find(({ kind }) => kind === 'wildcard');
  if (wildcard !== undefined && !ca.takesWildcards) {
    return reason('caTakesNoWildcard', { issuer: id, name: wildcard.value });
  }
  const address = names.find(isIp);
  if (address !== undefined && ca.takesAddresses === false) {
    return reason('caTakesNoAddress', { issuer: id, name: address.value });
  }
  if (csr === null) return undefined;
  const parsed = parseCsr(csr);
  const { publicKey } = parsed;
  const otherNames = objectionToCsrNames(id, parsed, names);
  if (otherNames !== undefined) return otherNames;
  if (ca.keyTypes === null) return undefined;
  const type = publicKey.algorithm.type === 'rsa' ? 'rsa' : 'ec';
  if (ca.keyTypes.includes(type)) return undefined;
  return reason('caTakesNoKey', {
    issuer: id,
    key: publicKey.algorithm.type.toUpperCase(),
    taken: ca.keyTypes.map((one) => one.toUpperCase()).join(', '),
  });
}

/** RFC 8555 §7.4: the CSR must ask for exactly the identifiers of the order. Other front doors take the names from the order alone. */
function objectionToCsrNames(issuer: string, csr: Csr, names: UpstreamRequest['names']): Reason | undefined {
  const asked = new Set(namesInCsr(csr, 'csr').map(({ value }) => value));
  const ordered = new Set(names.map(({ value }) => value));
  const missing = [...ordered].filter((name) => !asked.has(name)).join(', ');
  const further = [...asked].filter((name) => !ordered.has(name)).join(', ');
  return missing === '' && further === '' ? undefined : reason('caWantsNamesInCsr', { issuer, missing, further });
}
