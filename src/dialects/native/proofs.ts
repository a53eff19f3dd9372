/**
 * The proofs offered to native callers: Sectigo's request tokens (BR §3.2.2.4.7 and §3.2.2.4.18 with a request token),
 * functions of the CSR and a reference that is never used twice.
 */
import { hash } from 'node:crypto';
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { base32 } from '../../domain/ids.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import type { PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import { csrHashes } from '../../pki/csr.ts';

/** Under `.invalid` (RFC 2606 §2), so that the CNAME leads nowhere that somebody could register. */
const suffix = 'certmux.invalid';

/** The label under which a TXT record is looked for: the same for every order, so that a zone can delegate it once. */
const txtLabel = '_certmux-challenge';

/** 128 bits: what makes a challenge ours (`Binding`), since all else in it is a function of the CSR. */
export function newProofReference(random: Randomness): string {
  return base32(random.bytes(16));
}

/**
 * Challenges of one issuance, for each of its names. An address has no DNS to hold a CNAME: files only.
 * @param issuance its `csr` is null where that comes later, and for domains, which have none: then the reference stands for it
 */
export function challengesOf(issuance: {
  readonly csr: Uint8Array | null;
  readonly proofReference: string;
  readonly publicSuffixes: PublicSuffixes;
}): (identifier: Identifier) => readonly Challenge[] {
  const { md5, sha256 } = hashesOf(issuance);
  const label = `_${md5}`;
  const path = `/.well-known/pki-validation/${md5.toUpperCase()}.txt`;
  const content = `${sha256}\n${suffix}\n${issuance.proofReference}`;
  const target = `${sha256.slice(0, 32)}.${sha256.slice(32)}.${issuance.proofReference}.${suffix}`;
  return (identifier) => {
    const files: readonly Challenge[] = [
      { method: 'httpFile', binding: 'server', path, content },
      { method: 'httpsFile', binding: 'server', path, content },
    ];
    if (isIp(identifier)) return files;
    const base = baseName(identifier);
    const parents = parentsOf(base, issuance.publicSuffixes);
    const at = (first: string) => ({
      host: `${first}.${base}`,
      alternativeHosts: parents.map((parent) => `${first}.${parent}`),
    });
    return [
      ...files,
      { method: 'dnsCname', binding: 'server', ...at(label), target },
      // Another host than the CNAME's, beside which no other record may stand (RFC 1034 §3.6.2).
      { method: 'dnsTxt', binding: 'server', ...at(txtLabel), value: `${sha256}.${issuance.proofReference}` },
      { method: 'email', binding: 'server', addresses: constructedAddresses(identifier, issuance.publicSuffixes) },
    ];
  };
}

/** Nothing but our reference is in what is placed without a CSR, and whoever knows it got it here. */
function hashesOf({ csr, proofReference }: { readonly csr: Uint8Array | null; readonly proofReference: string }) {
  if (csr !== null) return csrHashes(csr);
  const sha256 = hash('sha256', proofReference, 'hex');
  return { md5: sha256.slice(0, 32), sha256 };
}

/** The authorization domain names above the name, up to the registrable domain (BR §1.6.1). */
function parentsOf(name: string, publicSuffixes: PublicSuffixes): string[] {
  const top = publicSuffixes.registrableDomain(name);
  if (top === undefined || top === name) return [];
  const labels = name.slice(0, -(top.length + 1)).split('.');
  return labels.map((_, index) => [...labels.slice(index + 1), top].join('.'));
}
