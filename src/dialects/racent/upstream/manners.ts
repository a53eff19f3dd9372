/** How this vendor sells, as the contract shows it. */
import type { UpstreamManners } from '../../../domain/ports/upstream.ts';

export const manners: UpstreamManners = {
  title: 'Racent',
  modes: ['relay'],
  // CNAME_CSR_HASH answers a TXT record for products of DigiCert's family (2.4); DNS_CSR_HASH is in no document (2.3).
  relayed: ['dnsCname', 'httpFile', 'httpsFile', 'email'],
  // certIdByrefId (2.3): a reference that it does not know was not taken.
  lostPurchases: 'search',
  referenceField: 'refId',
  // Said nowhere. Its calls take seconds, and it is no distributed system that anybody has seen.
  settlesSeconds: 300,
  takesCsr: true,
  takesWildcards: true,
  // supportIp of a product (2.3): of which kind is not said.
  takesAddresses: ['ipv4', 'ipv6'],
  mostNames: 250,
  // productList (2.3): supportWildcard, supportStandard, supportIp, supportSan, maxDomain, defaultProtectDomain.
  listsLimits: true,
  // replace (2.3): the names must be those of the first CSR.
  reissues: 'sameNames',
  duplicates: null,
  provesFirst: false,
  // Clients look every 15 s and more at first, and every 6 or 12 hours later (2.3, end).
  pollSeconds: { first: 15, longest: 3600 },
  // cancel (2.3): an issued order within 30 days.
  cancelDays: 30,
  source: 'contract racent 2.1 to 2.4',
};
