/** Reasons of a revocation as people and programs write them. */
import { type RevocationReason, revocationReasons } from './certificate.ts';

const reasons = Object.keys(revocationReasons) as RevocationReason[];

/**
 * Spellings that differ from the names of RFC 5280 §5.3.1 in more than case and signs: other forms of the word in vendors' APIs and
 * their clients. Of each only the letters, in small ones.
 */
const otherSpellings: Readonly<Record<string, RevocationReason>> = {
  keycompromised: 'keyCompromise',
  affiliationchange: 'affiliationChanged',
  supersede: 'superseded',
  // ITU-T X.509 of 1997, and AWS after it.
  superceded: 'superseded',
  cessationofoperations: 'cessationOfOperation',
  privilegeswithdrawn: 'privilegeWithdrawn',
};

/** Words that libraries put in front: `CRLReason.keyCompromise`, `REVOCATION_REASON_SUPERSEDED`, `RVK_UNSPECIFIED`. */
const prefix = /^(?:crl|revocation|revoke|revoked|reason|code|rvk)+(?=.)/;

/**
 * The reason that the text names, or its number in RFC 5280 §5.3.1. Undefined for one that a subscriber may not give (BR §7.2.2),
 * and for any other text.
 */
export function revocationReasonOf(text: string): RevocationReason | undefined {
  const code = text.trim();
  if (/^\d{1,2}$/.test(code)) return reasons.find((reason) => revocationReasons[reason] === Number(code));
  return reasonNamedBy(code);
}

/**
 * The reason that a free text names: in any case of letters, with any signs between words, with a prefix or without. Not by number:
 * what a customer counts there is not known, and a key is blocked for one of them.
 */
export function reasonNamedBy(text: string): RevocationReason | undefined {
  const letters = text.toLowerCase().replaceAll(/[^a-z]/g, '');
  return named(letters) ?? named(letters.replace(prefix, ''));
}

function named(letters: string): RevocationReason | undefined {
  const found = reasons.find((reason) => reason.toLowerCase() === letters);
  return found ?? (Object.hasOwn(otherSpellings, letters) ? otherSpellings[letters] : undefined);
}
