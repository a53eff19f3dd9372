/** The issuer inside: certmux's own certificate authority. Certificates and revocation lists are signed in this process. */
import { type AuthoritySigner, publishesLists, signsLeaves } from '../../domain/authority.ts';
import { CertError } from '../../domain/errors.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { CrlIssuer, SignOutcome, SignRequest } from '../../domain/ports/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import { parseCsr } from '../../pki/csr.ts';
import { createLeafTemplate, type LeafTemplate } from '../../pki/leaf-template.ts';
import { type CertificateLint, createCertificateLint } from '../../pki/lint/index.ts';
import { type AuthoritiesOptions, authorityUrls, ensureAuthorities } from './authorities.ts';
import { keyIdOf, openAuthoritySet, type SigningAuthority } from './authority-set.ts';
import { createCrlPublisher } from './crl-publisher.ts';
import { createLintedSigner } from './linted-signer.ts';
import { subjectOf } from './subject.ts';

export async function createEmbeddedIssuer(options: AuthoritiesOptions): Promise<CrlIssuer> {
  const { issuerId, database, clock, pkiUrl } = options;
  await ensureAuthorities(options);
  const authorities = await openAuthoritySet(options);
  const linted = createLintedSigner(options);

  /** The newest intermediate of the subscriber's own key type, so that the whole chain is of one type. */
  function chooseAuthority(csr: Uint8Array): AuthorityId {
    const wanted = parseCsr(csr).publicKey.type === 'rsa' ? 'rsa' : 'P-256';
    const fitting = authorities
      .all()
      .filter(({ authority }) => authority.keyKind === wanted && signsLeaves(authority, clock.now()));
    const newest = fitting.reduce<SigningAuthority | undefined>(
      (best, next) => (best === undefined || next.authority.notAfter > best.authority.notAfter ? next : best),
      undefined,
    );
    if (newest === undefined) throw new Error(`the issuer ${issuerId} has no intermediate for ${wanted}`);
    return newest.authority.id;
  }

  // The plan fixes serial, validity and authority, so doing it again signs the same certificate for the same row.
  async function sign(request: SignRequest): Promise<SignOutcome> {
    const signing = await authorities.find(request.plan.authorityId);
    const signer = await signing.signer();
    const template = templateFor(signing, signer, { profile: request.profile, pkiUrl });
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
      const der = await linted.certificate(tbs, {
        signer,
        lint: lintFor(signing, request.profile),
        authority: signing.authority.id,
        kind: 'leaf',
        subject: request.names[0]?.value ?? '',
      });
      return { kind: 'issued', der, chain: null };
    } catch (thrown) {
      // A subject that X.509 cannot hold will not fit at the next try either, nor what lint has found.
      if (thrown instanceof CertError) return { kind: 'refused', reason: thrown.reason };
      throw thrown;
    }
  }

  return {
    id: issuerId,
    caaDomains: options.caaDomains,
    chooseAuthority,
    validityOf: (authorityId) => authorities.known(authorityId).period,
    sign,
    authorityIds: () =>
      authorities
        .all()
        .filter(({ authority }) => publishesLists(authority))
        .map(({ authority }) => authority.id),
    publishCrl: createCrlPublisher({ database, clock, authorities, linted }),
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

function lintFor({ linted, lints }: SigningAuthority, profile: Profile): CertificateLint {
  const key = `${profile.id} ${profile.maxValidityDays}`;
  const known = lints.get(key);
  if (known !== undefined) return known;
  const lint = createCertificateLint({ kind: 'leaf', issuer: linted, profile });
  lints.set(key, lint);
  return lint;
}
