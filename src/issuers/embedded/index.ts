/** The issuer inside: certmux's own certificate authority. Certificates and revocation lists are signed in this process. */
import { type AuthoritySigner, publishesLists } from '../../domain/authority.ts';
import { CertError } from '../../domain/errors.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { AuthorityKeeper } from '../../domain/ports/authority-keeper.ts';
import type { SignOutcome, SignRequest } from '../../domain/ports/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { crlFrame, signedCrlFrame } from '../../pki/crl.ts';
import { parseCsr } from '../../pki/csr.ts';
import { createLeafTemplate, type LeafTemplate } from '../../pki/leaf-template.ts';
import { assembleSigned } from '../../pki/signature.ts';
import { type AuthoritiesOptions, authorityUrls, ensureAuthorities } from './authorities.ts';
import { chosenOf, objectionOfAuthorities } from './authority-choice.ts';
import { openAuthoritySet, type SigningAuthority } from './authority-set.ts';
import { stageRevocations } from './crl-stage.ts';
import { subjectOf } from './leaf-subject.ts';
import { newSerial } from './new-serial.ts';

/** A CRL is valid for a week. It is renewed every day and at every revocation. */
const crlDays = 7;
const dayMs = 86_400_000;

/** Whoever knows of a revocation must find it in the list. */
const onFullDiskToo = { mayUseReserve: true } as const;

export async function createEmbeddedIssuer(options: AuthoritiesOptions): Promise<AuthorityKeeper> {
  const { issuerId, database, clock, random, pkiUrl } = options;
  await ensureAuthorities(options);
  const authorities = await openAuthoritySet(options);

  // The plan fixes serial, validity and authority, so doing it again signs the same certificate for the same row.
  async function sign(request: SignRequest): Promise<SignOutcome> {
    const signing = await authorities.find(request.plan.authorityId);
    const signer = await signing.signer();
    const template = templateFor(signing, signer, { profile: request.profile, pkiUrl });
    const { serial, notBefore, notAfter } = request.plan;
    const organization = request.profile.level === 'dv' ? undefined : subjectOf(request.organization, request.profile);
    try {
      const tbs = template.tbs({
        serial: Buffer.from(serial, 'hex'),
        notBefore,
        notAfter,
        spkiDer: parseCsr(request.csr).publicKey.spkiDer,
        names: request.names,
        ...(organization === undefined ? {} : { organization }),
      });
      const signature = await signer.sign(tbs);
      return { kind: 'issued', der: assembleSigned(tbs, signer.algorithm, signature), chain: null };
    } catch (thrown) {
      // A subject that X.509 cannot hold will not fit at the next try either.
      if (thrown instanceof CertError) return { kind: 'refused', reason: thrown.reason };
      throw thrown;
    }
  }

  async function publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<number> {
    const { certificate, ...authority } = await authorities.find(authorityId);
    const signer = await authority.signer();
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
    organization: options.organization,
    chooseAuthority: (csr, _, names = []) => chosenOf(authorities, { csr, names, now: clock.now() })?.authority.id,
    objectionTo: (wanted) => objectionOfAuthorities(authorities, wanted, clock.now()),
    validityOf: (authorityId) => authorities.known(authorityId).period,
    sign,
    authorityIds: () =>
      authorities
        .all()
        .filter(({ authority }) => publishesLists(authority))
        .map(({ authority }) => authority.id),
    publishCrl,
    newSerial: (stores, authorityId) => newSerial({ random, stores }, authorities.known(authorityId).authority),
    makeKey: (id, keyKind) => options.keyStore.create(id, keyKind),
    signerOf: (id) => options.keyStore.signer(id),
    refresh: authorities.refresh,
    forgetKey: options.keyStore.forget,
  };
}

function templateFor(
  signing: SigningAuthority,
  signer: AuthoritySigner,
  { profile, pkiUrl }: { readonly profile: Profile; readonly pkiUrl: string },
): LeafTemplate {
  const known = signing.templates.get(profile.id);
  if (known !== undefined) return known;
  const urls = authorityUrls(pkiUrl, signing.authority.id);
  const template = createLeafTemplate({
    issuerName: signing.certificate.subject.der,
    issuerKeyId: keyIdOf(signing.certificate),
    signatureAlgorithm: signer.algorithm,
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
