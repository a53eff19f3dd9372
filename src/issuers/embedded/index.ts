/** The issuer inside: certmux's own certificate authority. Certificates and revocation lists are signed in this process. */
import type { Authority, AuthoritySigner, Period } from '../../domain/authority.ts';
import { CertError } from '../../domain/errors.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { CrlIssuer, SignOutcome, SignRequest } from '../../domain/ports/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { crlFrame, signedCrlFrame } from '../../pki/crl.ts';
import { parseCsr } from '../../pki/csr.ts';
import { createLeafTemplate, type LeafTemplate } from '../../pki/leaf-template.ts';
import { assembleSigned } from '../../pki/signature.ts';
import { type AuthoritiesOptions, authorityUrls, ensureAuthorities } from './authorities.ts';
import { stageRevocations } from './crl-stage.ts';
import { subjectOf } from './subject.ts';

/** A CRL is valid for a week. It is renewed every day and at every revocation. */
const crlDays = 7;
const dayMs = 86_400_000;

/** Whoever knows of a revocation must find it in the list. */
const onFullDiskToo = { mayUseReserve: true } as const;

interface SigningAuthority {
  readonly authority: Authority;
  readonly certificate: Certificate;
  /** When it and everything above it is valid. */
  readonly period: Period;
  readonly signer: AuthoritySigner;
  /** By profile: everything of a certificate that the profile and the authority decide, encoded once. */
  readonly templates: Map<string, LeafTemplate>;
}

export async function createEmbeddedIssuer(options: AuthoritiesOptions): Promise<CrlIssuer> {
  const { issuerId, keyStore, database, clock, pkiUrl } = options;
  const authorities = new Map<string, SigningAuthority>();
  const made = await ensureAuthorities(options);
  for (const authority of made) {
    authorities.set(authority.id, {
      authority,
      certificate: parseCertificate(authority.certificate),
      period: chainPeriod(authority, made),
      signer: await keyStore.signer(authority.id),
      templates: new Map(),
    });
  }
  const intermediates = [...authorities.values()].filter(({ authority }) => authority.role === 'intermediate');

  function find(id: string | null): SigningAuthority {
    const found = authorities.get(id ?? '');
    if (found === undefined) throw new Error(`the issuer ${issuerId} has no authority ${id}`);
    return found;
  }

  /** The newest intermediate of the subscriber's own key type, so that the whole chain is of one type. */
  function chooseAuthority(csr: Uint8Array): AuthorityId {
    const wanted = parseCsr(csr).publicKey.type === 'rsa' ? 'rsa' : 'P-256';
    const fitting = intermediates.filter(({ authority }) => authority.keyKind === wanted);
    const newest = fitting.reduce<SigningAuthority | undefined>(
      (best, next) => (best === undefined || next.authority.notAfter > best.authority.notAfter ? next : best),
      undefined,
    );
    if (newest === undefined) throw new Error(`the issuer ${issuerId} has no intermediate for ${wanted}`);
    return newest.authority.id;
  }

  // The plan fixes serial, validity and authority, so doing it again signs the same certificate for the same row.
  async function sign(request: SignRequest): Promise<SignOutcome> {
    const signing = find(request.plan.authorityId);
    const template = templateFor(signing, request.profile, pkiUrl);
    const { serial, notBefore, notAfter } = request.plan;
    const organization =
      request.profile.level === 'dv' ? undefined : subjectOf(request.organization, request.profile.level);
    try {
      const tbs = template.tbs({
        serial: Buffer.from(serial, 'hex'),
        notBefore,
        notAfter,
        spkiDer: parseCsr(request.csr).publicKey.spkiDer,
        names: request.names,
        ...(organization === undefined ? {} : { organization }),
      });
      const signature = await signing.signer.sign(tbs);
      return { kind: 'issued', der: assembleSigned(tbs, signing.signer.algorithm, signature), chain: null };
    } catch (thrown) {
      // A subject that X.509 cannot hold will not fit at the next try either.
      if (thrown instanceof CertError) return { kind: 'refused', reason: thrown.reason };
      throw thrown;
    }
  }

  async function publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<number> {
    const { certificate, signer } = find(authorityId);
    for (;;) {
      const thisUpdate = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
      const nextUpdate = new Date(thisUpdate.getTime() + crlDays * dayMs);
      // Lists are made daily, so a whole list's life is more than enough to show that a certificate was revoked before it ended.
      const endedAfter = new Date(thisUpdate.getTime() - crlDays * dayMs);
      // A revocation that comes meanwhile and is not in it has queued another list.
      const stage = () => database.write((tx) => stageRevocations(tx, authorityId, endedAfter), onFullDiskToo);
      while (!(await stage())) signal.throwIfAborted();
      const { number, revision, pieces, entries } = await database.read.crls.next(authorityId);
      const entriesSize = pieces.reduce((size, { length }) => size + length, 0);
      const frame = crlFrame(
        {
          issuerName: certificate.subject.der,
          issuerKeyId: keyIdOf(certificate),
          signatureAlgorithm: signer.algorithm,
          number,
          thisUpdate,
          nextUpdate,
        },
        entriesSize,
      );
      const signature = await signer.signParts([frame.before, ...pieces, frame.after]);
      const { head, tail } = signedCrlFrame(frame, { algorithm: signer.algorithm, signature, entriesSize });
      const sizeBytes = head.length + entriesSize + tail.length;
      const crl = { authorityId, number, head, tail, sizeBytes, thisUpdate, nextUpdate };
      const isPut = await database.write(async (tx) => {
        if (!(await tx.crls.put(crl, revision))) return false;
        await tx.events.append({
          kind: 'crl.published',
          accountId: null,
          actor: 'system',
          subject: authorityId,
          data: { number, entries, nextUpdate },
          requestId: null,
          at: thisUpdate,
        });
        return true;
      }, onFullDiskToo);
      if (isPut) return entries;
      // Another node has staged something meanwhile, or was faster: its list may be from before the revocation that this one is for.
      signal.throwIfAborted();
    }
  }

  return {
    id: issuerId,
    caaDomains: options.caaDomains,
    chooseAuthority,
    validityOf: (authorityId) => find(authorityId).period,
    sign,
    authorityIds: [...authorities.values()].map(({ authority }) => authority.id),
    publishCrl,
  };
}

/** A chain is valid while each of its certificates is (RFC 5280 §6.1.3). */
function chainPeriod({ certificate, parentId }: Authority, all: readonly Authority[]): Period {
  const { notBefore: from, notAfter: until } = parseCertificate(certificate);
  const parent = all.find(({ id }) => id === parentId);
  if (parent === undefined) return { from, until };
  const above = chainPeriod(parent, all);
  return { from: above.from > from ? above.from : from, until: above.until < until ? above.until : until };
}

function templateFor(signing: SigningAuthority, profile: Profile, pkiUrl: string): LeafTemplate {
  const known = signing.templates.get(profile.id);
  if (known !== undefined) return known;
  const urls = authorityUrls(pkiUrl, signing.authority.id);
  const template = createLeafTemplate({
    issuerName: signing.certificate.subject.der,
    issuerKeyId: keyIdOf(signing.certificate),
    signatureAlgorithm: signing.signer.algorithm,
    validationLevel: profile.level,
    policies: profile.policyOids,
    includesCommonName: profile.includesCommonName,
    includesSubjectKeyId: profile.includesSubjectKeyId,
    caIssuersUrl: urls.certificate,
    crlUrl: urls.crl,
  });
  signing.templates.set(profile.id, template);
  return template;
}

function keyIdOf(certificate: Certificate): Buffer {
  return Buffer.from(certificate.subjectKeyId ?? '', 'hex');
}
