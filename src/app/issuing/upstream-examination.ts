/**
 * Reads a certificate that an upstream sent. Serial, validity, names and key are what stands in it, never what was planned; it
 * must be for the key of the CSR and for exactly the requested names, and its chain must build.
 */
import { CertError, type Reason, reason, renderReason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { CertificateFault } from '../../domain/messages/faults.ts';
import { clockToleranceMs } from '../../domain/ports/clock-guard.ts';
import type { IssuedCertificate } from '../../domain/ports/issuer.ts';
import { type Certificate, parseCertificate, thumbprint } from '../../pki/certificate.ts';
import { findChainFlaw, orderChain } from '../../pki/chain.ts';
import { keyHashOf } from '../../pki/csr.ts';
import type { IssuedContent } from './store-certificate.ts';

/** `content` undefined: it cannot even be read. `misfit` undefined: it is what was ordered. */
export type Examination = { readonly der: Uint8Array; readonly chain: readonly Uint8Array[] } & (
  | { readonly content: IssuedContent; readonly misfit: Reason | undefined }
  | { readonly content: undefined; readonly misfit: Reason }
);

/** Verifies signatures: not inside a transaction. */
export async function examine(
  issuance: Pick<Issuance, 'issuerId' | 'csr' | 'names'>,
  { der, chain }: Pick<IssuedCertificate, 'der'> & { readonly chain: readonly Uint8Array[] },
  now: Date,
): Promise<Examination> {
  const unfit = (detail: CertificateFault) => reason('certificateUnfit', { issuer: issuance.issuerId, detail });
  const read = readAll(der, chain);
  if ('fault' in read) return { der, chain, content: undefined, misfit: unfit(read) };
  const { leaf, above } = read;
  const content: IssuedContent = {
    authorityId: null,
    issuerHash: thumbprint(leaf.issuer.der, 'sha256'),
    serial: leaf.serialHex,
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    names: leaf.names.map((name) => name.toLowerCase()),
    keyHash: leaf.spkiSha256,
    der,
    upstreamChain: above.map((one) => one.der),
  };
  const fault = faultOf(issuance, leaf) ?? (await faultOfChain(leaf, above, now));
  return { der, chain, content, misfit: fault === undefined ? undefined : unfit(fault) };
}

/** The leaf, and what is above it in order; or what cannot be read. */
function readAll(
  der: Uint8Array,
  chain: readonly Uint8Array[],
): { readonly leaf: Certificate; readonly above: readonly Certificate[] } | CertificateFault {
  try {
    const leaf = parseCertificate(der);
    const [, ...above] = orderChain([leaf, ...chain.map(parseCertificate).filter(({ isCa }) => isCa)]);
    return { leaf, above };
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
    return { fault: 'unreadable', en: renderReason(thrown.reason, 'en'), zh: renderReason(thrown.reason, 'zh') };
  }
}

function faultOf({ csr, names }: Pick<Issuance, 'csr' | 'names'>, leaf: Certificate): CertificateFault | undefined {
  if (leaf.isCa) return { fault: 'isCa' };
  if (csr === null || leaf.spkiSha256 !== keyHashOf(csr)) return { fault: 'anotherKey' };
  const wanted = new Set(names.map(({ identifier }) => identifier.value));
  const certified = new Set(leaf.names.map((name) => name.toLowerCase()));
  const missing = [...wanted].filter((name) => !certified.has(name));
  if (missing.length > 0) return { fault: 'missingNames', names: missing.join(', ') };
  const further = [...[...certified].filter((name) => !wanted.has(name)), ...leaf.otherNameKinds];
  return further.length > 0 ? { fault: 'furtherNames', names: further.join(', ') } : undefined;
}

/** A clock of theirs that is a little ahead of ours is no flaw. */
async function faultOfChain(
  leaf: Certificate,
  above: readonly Certificate[],
  now: Date,
): Promise<CertificateFault | undefined> {
  if (above.length === 0) return { fault: 'noIssuer' };
  const aheadMs = leaf.notBefore.getTime() - now.getTime();
  const at = aheadMs > 0 && aheadMs <= clockToleranceMs ? leaf.notBefore : now;
  return findChainFlaw([leaf, ...above], at);
}
