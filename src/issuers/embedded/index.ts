/** The issuer inside: certmux's own certificate authority. Certificates and revocation lists are signed in this process. */
import { type AuthoritySigner, publishesLists } from '../../domain/authority.ts';
import { defaultListSettings, listEveryMs } from '../../domain/crl-times.ts';
import { CertError } from '../../domain/errors.ts';
import type { AuthorityKeeper } from '../../domain/ports/authority-keeper.ts';
import type { RollingIssuer, SignOutcome, SignRequest } from '../../domain/ports/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import { defaultRolloverSettings } from '../../domain/rollover.ts';
import { parseCsr } from '../../pki/csr.ts';
import { createLeafTemplate, type LeafTemplate, leafSettingsOf } from '../../pki/leaf-template.ts';
import { type CertificateLint, createCertificateLint } from '../../pki/lint/index.ts';
import { type AuthoritiesOptions, authorityUrls, ensureAuthorities } from './authorities.ts';
import { chosenOf, objectionOfAuthorities } from './authority-choice.ts';
import { keyIdOf, openAuthoritySet, type SigningAuthority } from './authority-set.ts';
import { createCrlPublisher } from './crl-publisher.ts';
import { createLintedSigner } from './linted-signer.ts';
import { newSerial } from './new-serial.ts';
import { createRollover } from './rollover.ts';
import { subjectOf } from './subject.ts';

export async function createEmbeddedIssuer(options: AuthoritiesOptions): Promise<AuthorityKeeper & RollingIssuer> {
  const { issuerId, database, clock, random, pkiUrl, lists = defaultListSettings } = options;
  await ensureAuthorities(options);
  const authorities = await openAuthoritySet(options);
  const linted = createLintedSigner(options);

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
    organization: options.organization,
    chooseAuthority: (csr, _, { names = [], until } = {}) =>
      chosenOf(authorities, { csr, names, until, now: clock.now() })?.authority.id,
    objectionTo: (wanted) => objectionOfAuthorities(authorities, wanted, clock.now()),
    validityOf: (authorityId) => authorities.known(authorityId).period,
    keepsPlan(authorityId) {
      const { closedAt, revokedAt } = authorities.known(authorityId).authority;
      return closedAt === null && revokedAt === null;
    },
    sign,
    authorityIds: () =>
      authorities
        .all()
        .filter(({ authority }) => publishesLists(authority))
        .map(({ authority }) => authority.id),
    publishCrl: createCrlPublisher({ database, clock, authorities, lists, linted }),
    newSerial: (stores, authorityId) => newSerial({ random, stores }, authorities.known(authorityId).authority),
    makeKey: (id, keyKind) => options.keyStore.create(id, keyKind),
    signerOf: (id) => options.keyStore.signer(id),
    refresh: authorities.refresh,
    forgetKey: options.keyStore.forget,
    listEveryMs: (authorityId) => listEveryMs(authorities.known(authorityId).authority, lists),
    ...createRollover(options, { authorities, lists, settings: options.rollover ?? defaultRolloverSettings }),
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
    ...leafSettingsOf(profile),
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
