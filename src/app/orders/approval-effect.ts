/**
 * What a request for approval changes: the certificate that stands, and the one that would be issued, by the very plan that signing would
 * make now. So an approver sees what will be issued, and not what somebody says about it.
 */
import type { Approval } from '../../domain/approval.ts';
import { type Caller, seesAllAccounts } from '../../domain/caller.ts';
import type { Certificate } from '../../domain/certificate.ts';
import {
  type ApprovalEffect,
  type CertificateTerms,
  type EndedCertificate,
  mostEnded,
} from '../../domain/certificate-terms.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import { isCertifiable } from '../../domain/organization.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCsr } from '../../pki/csr.ts';
import { keyAlgorithmName, spkiSha256 } from '../../pki/public-key.ts';
import { type AppContext, profileOf } from '../context.ts';
import { plannedValidity } from '../issuing/may-be-issued.ts';
import { lastIssued } from './reissue-order.ts';

const dayMs = 86_400_000;

export async function effectOf(
  context: AppContext,
  caller: Caller,
  { order, approval }: { readonly order: Order; readonly approval: Approval },
): Promise<Omit<ApprovalEffect, 'why'>> {
  const { read } = context.database;
  const issuance = await read.issuances.get(approval.issuanceId);
  if (issuance === undefined) throw refuse('internal', {}, { cause: new Error(`${approval.id} is of no issuance`) });
  const { revocation } = approval;
  if (revocation !== null) {
    const one = revocation.certificateId ?? issuance.certificateId;
    const certificate = one === null ? undefined : await read.certificates.get(one);
    const before = certificate === undefined ? null : await termsOfIssued(context, order, certificate);
    return { before, after: null, price: null, ends: await endedBy(context, caller, { order, approval }) };
  }
  const standing = await standingBefore(read, order, issuance);
  const issued = issuance.certificateId === null ? undefined : await read.certificates.get(issuance.certificateId);
  return {
    before: standing === undefined ? null : await termsOfIssued(context, standing.order, standing.certificate),
    after:
      issued === undefined
        ? await termsOfRequest(context, order, issuance)
        : await termsOfIssued(context, order, issued),
    price: { minor: issuance.chargedMinor, currency: order.currency },
    ends: [],
  };
}

interface Standing {
  readonly order: Order;
  readonly certificate: Certificate;
}

/** The newest certificate from before the request, duplicates aside; of a first one, that of the order that it renews. */
async function standingBefore(read: Stores, order: Order, issuance: Issuance): Promise<Standing | undefined> {
  const renewed = order.renewalOf === null ? undefined : await read.orders.get(order.renewalOf);
  const earlier =
    (await issuedBefore(read, order, issuance)) ??
    (renewed === undefined ? undefined : await lastIssued(read, renewed));
  if (earlier == null || earlier.certificateId === null) return undefined;
  const certificate = await read.certificates.get(earlier.certificateId);
  if (certificate === undefined) return undefined;
  return { order: earlier.orderId === order.id || renewed === undefined ? order : renewed, certificate };
}

async function issuedBefore(read: Stores, { id }: Order, { number }: Issuance): Promise<Issuance | undefined> {
  const all = await read.issuances.listOfOrder(id);
  return all.findLast((one) => one.state === 'issued' && one.kind !== 'duplicate' && one.number < number);
}

async function termsOfIssued(context: AppContext, order: Order, certificate: Certificate): Promise<CertificateTerms> {
  const { number: certificateNumber, names, notBefore, notAfter } = certificate;
  const read = readable(certificate);
  const name = read?.subject.attributes.find(({ type }) => type === 'O')?.value;
  const { profileId } = (await context.database.read.issuances.get(certificate.issuanceId)) ?? { profileId: null };
  return {
    certificateNumber,
    names,
    key: read === undefined ? null : { kind: read.keyName, sha256: read.spkiSha256 },
    validity: validityOf({ notBefore, notAfter }),
    organization: name === undefined ? null : { name, isVerified: await isVerified(context, order, profileId) },
  };
}

/** Undefined for one that cannot be read: an upstream's of long ago. */
function readable({ der }: Certificate) {
  try {
    return parseCertificate(der);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

async function termsOfRequest(context: AppContext, order: Order, issuance: Issuance): Promise<CertificateTerms> {
  const { names, csr, profileId } = issuance;
  const { level } = profileOf(context, profileId);
  const key = csr === null ? null : parseCsr(csr).publicKey;
  const plan = await plannedValidity(context, context.database.read, { order, issuance });
  const name = level === 'dv' ? undefined : order.organization?.name;
  return {
    certificateNumber: null,
    names: names.map(({ identifier }) => identifier.value),
    key: key && { kind: keyAlgorithmName(key.algorithm), sha256: spkiSha256(key.spkiDer) },
    validity: plan === undefined ? null : validityOf(plan),
    organization: name === undefined ? null : { name, isVerified: await isVerified(context, order, profileId) },
  };
}

/** RFC 5280 §4.1.2.5: the last second counts. With at most two decimals, for certificates of some hours. */
function validityOf({ notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>) {
  const days = (notAfter.getTime() + 1000 - notBefore.getTime()) / dayMs;
  return { days: Number(days.toFixed(2)), notAfter };
}

async function isVerified(context: AppContext, { organizationId }: Order, profileId: string | null): Promise<boolean> {
  const organization = organizationId && (await context.database.read.organizations.get(organizationId));
  const level = profileId === null ? undefined : context.profiles.get(profileId)?.level;
  if (!organization || level === undefined || level === 'dv') return false;
  return isCertifiable(organization, level, context.clock.now());
}

async function endedBy(
  { database, clock }: AppContext,
  caller: Caller,
  { order, approval: { revocation } }: { readonly order: Order; readonly approval: Approval },
): Promise<readonly EndedCertificate[]> {
  const withheld = seesAllAccounts(caller) ? undefined : (false as const);
  const query = { accountId: order.accountId, orderId: order.id, limit: mostEnded, ...withDefined({ withheld }) };
  const all = await database.read.certificates.list(query);
  const now = clock.now();
  return all
    .filter(({ id }) => revocation?.certificateId == null || id === revocation.certificateId)
    .filter(({ state, notAfter }) => state === 'valid' && notAfter >= now)
    .map(({ number, serial, names, notAfter }) => ({ number, serial, names, notAfter }));
}
