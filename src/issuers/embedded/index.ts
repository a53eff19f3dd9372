/** The issuer inside: certmux's own certificate authority. Certificates and revocation lists are signed in this process. */
import { type AuthoritySigner, publishesLists } from '../../domain/authority.ts';
import { defaultListSettings, listEveryMs } from '../../domain/crl-times.ts';
import { CertError } from '../../domain/errors.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { OrganizationDetails } from '../../domain/organization.ts';
import type { RollingIssuer, SignOutcome, SignRequest } from '../../domain/ports/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import { defaultRolloverSettings } from '../../domain/rollover.ts';
import { parseCsr } from '../../pki/csr.ts';
import { createLeafTemplate, type LeafTemplate } from '../../pki/leaf-template.ts';
import type { NameFields } from '../../pki/name.ts';
import { assembleSigned } from '../../pki/signature.ts';
import { type AuthoritiesOptions, authorityUrls, ensureAuthorities } from './authorities.ts';
import { keyIdOf, openAuthoritySet, type SigningAuthority } from './authority-set.ts';
import { authorityFor } from './choice.ts';
import { createCrlPublisher } from './crl-publisher.ts';
import { createRollover } from './rollover.ts';

export async function createEmbeddedIssuer(options: AuthoritiesOptions): Promise<RollingIssuer> {
  const { issuerId, database, clock, pkiUrl, lists = defaultListSettings } = options;
  await ensureAuthorities(options);
  const authorities = await openAuthoritySet(options);

  /** An intermediate of the subscriber's own key type, so that the whole chain is of one type. */
  function chooseAuthority(csr: Uint8Array, _: Profile, until?: Date): AuthorityId {
    const wanted = parseCsr(csr).publicKey.type === 'rsa' ? 'rsa' : 'P-256';
    const ofKind = authorities.all().filter(({ authority }) => authority.keyKind === wanted);
    const chosen = authorityFor(ofKind, { until, now: clock.now() });
    if (chosen === undefined) throw new Error(`the issuer ${issuerId} has no intermediate for ${wanted}`);
    return chosen.authority.id;
  }

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

  return {
    id: issuerId,
    caaDomains: options.caaDomains,
    chooseAuthority,
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
    listEveryMs: (authorityId) => listEveryMs(authorities.known(authorityId).authority, lists),
    publishCrl: createCrlPublisher({ database, clock, authorities, lists }),
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

/** X.520 attributes of the organization. An EV subject also says what it is and where it is registered (EVG §9.2). */
function subjectOf(organization: OrganizationDetails | null, profile: Profile): NameFields {
  if (organization === null) return {};
  const { name, street, city, state, country, postalCode, registrationNumber } = organization;
  const fields = {
    C: country,
    ST: state,
    L: city,
    street,
    postalCode,
    O: name,
    ...(profile.level === 'ev'
      ? { businessCategory: 'Private Organization', jurisdictionC: country, serialNumber: registrationNumber }
      : {}),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
