/** Which authority signs, and what its certificates and those above it allow. */
import { signsLeaves } from '../../domain/authority.ts';
import { CertError, type Reason, reason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Objection } from '../../domain/may-be-issued.ts';
import type { WantedOfLocal } from '../../domain/ports/issuer.ts';
import { parseCsr } from '../../pki/csr.ts';
import { leafSubjectOf } from '../../pki/leaf-template.ts';
import { formatName } from '../../pki/name.ts';
import { nameOutside } from '../../pki/name-constraints.ts';
import type { AuthoritySet, SigningAuthority } from './authority-set.ts';
import { subjectOf } from './leaf-subject.ts';

/**
 * The one that began to sign last, of those that may sign the names. One of the subscriber's own key type comes first, so that the whole chain
 * is of one type: a client that cannot verify ECDSA needs a chain without any.
 */
export function chosenOf(
  authorities: Pick<AuthoritySet, 'all'>,
  { csr, names, now }: { readonly csr: Uint8Array; readonly names: readonly Identifier[]; readonly now: Date },
): SigningAuthority | undefined {
  const isRsa = parseCsr(csr).publicKey.type === 'rsa';
  const signing = authorities.all().filter(({ authority }) => signsLeaves(authority, now));
  const ranked = signing.toSorted((a, b) => rankOf(b) - rankOf(a));
  return ranked.find((one) => outsideOf(one, { names, subject: empty }) === undefined) ?? ranked[0];

  function rankOf({ authority: { keyKind, signsFrom, createdAt } }: SigningAuthority): number {
    return ((keyKind === 'rsa') === isRsa ? 1e15 : 0) + (signsFrom ?? createdAt).getTime();
  }
}

const empty = new Uint8Array([0x30, 0]);

/**
 * What stands against it: no authority signs now; or the constraints of the one that would, and where the key is not known yet, of each
 * that could.
 */
export function objectionOfAuthorities(
  authorities: Pick<AuthoritySet, 'all' | 'known'>,
  wanted: WantedOfLocal,
  now: Date,
): Objection | undefined {
  const { csr, names, profile, organization, authorityId } = wanted;
  const signing = authorities.all().filter(({ authority }) => signsLeaves(authority, now));
  const planned = authorityId == null ? undefined : authorities.known(authorityId);
  if (planned === undefined && signing.length === 0)
    return { reason: reason('authorityAwaited', {}), turn: 'operator', isPlaced: true };
  const chosen = planned ?? (csr === null ? undefined : chosenOf(authorities, { csr, names, now }));
  const asked = chosen === undefined ? signing : [chosen];
  if (asked.every(({ constraints }) => constraints.length === 0)) return undefined;
  // An OV or EV subject is not known before the organization is.
  const isSubjectKnown = profile.level === 'dv' || organization !== null;
  const subject = isSubjectKnown ? wantedSubject(wanted) : empty;
  if (!(subject instanceof Uint8Array)) return { reason: subject, turn: null };
  const found = asked.map((one) => outsideOf(one, { names, subject }));
  const [first] = found;
  return first === undefined || found.includes(undefined) ? undefined : { reason: first, turn: null };
}

/** The reason instead, for a subject that X.509 cannot hold. */
function wantedSubject({ profile, names, organization }: WantedOfLocal): Uint8Array | Reason {
  try {
    return leafSubjectOf({ ...profile, names, organization: subjectOf(organization, profile) });
  } catch (thrown) {
    if (thrown instanceof CertError) return thrown.reason;
    throw thrown;
  }
}

function outsideOf(
  { constraints }: SigningAuthority,
  wanted: { readonly names: readonly Identifier[]; readonly subject: Uint8Array },
) {
  for (const { certificate, constraints: ofOne } of constraints) {
    const outside = nameOutside(ofOne, wanted);
    if (outside === undefined) continue;
    const { name, by, constraint } = outside;
    const where = { name, constraint, authority: formatName(certificate.subject) };
    return by === 'excluded' ? reason('nameExcludedByAuthority', where) : reason('nameOutsideAuthority', where);
  }
  return undefined;
}
