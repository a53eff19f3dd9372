/** The public suffix list, as the `tldts` package carries it. */

import { getDomain, getPublicSuffix, parse } from 'tldts';
import type { PublicSuffixes } from '../domain/ports/system.ts';

/** Names come canonical, so nothing is extracted, validated or guessed. */
const asIs = { extractHostname: false, validateHostname: false, detectIp: false } as const;

/** Under a private suffix (github.io, …) strangers register names just as under an ICANN one, so both sections count. */
const bothSections = { ...asIs, allowPrivateDomains: true } as const;

export function createPublicSuffixes(): PublicSuffixes {
  return {
    registrableDomain: (name) => getDomain(name, bothSections) ?? undefined,
    isPublicSuffix: (name) => getPublicSuffix(name, bothSections) === name,
    hasKnownSuffix: (name) => parse(name, { ...asIs, allowPrivateDomains: false }).isIcann === true,
  };
}
