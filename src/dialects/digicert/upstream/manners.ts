/** How this vendor sells, as the contract shows it. */
import type { UpstreamManners } from '../../../domain/ports/upstream.ts';

export const manners: UpstreamManners = {
  title: 'DigiCert CertCentral',
  // Validated domains and organizations issue in the call (2.2, variant 5); DV orders have a random value to place (6.1).
  modes: ['standing', 'relay'],
  // Of the whole order: one value proves all its names (6.1), and one method is theirs (3.1, dcv-method).
  relayed: ['dnsTxt', 'dnsCname', 'httpFile', 'email'],
  // GET /order/alternate (3.1); of reissues and duplicates the lists show the CSR (4.3).
  lostPurchases: 'search',
  referenceField: 'alternative_order_id',
  // Said nowhere.
  settlesSeconds: 300,
  takesCsr: true,
  takesWildcards: true,
  // In no document of the contract.
  takesAddresses: [],
  mostNames: 250,
  reissues: 'anyNames',
  // The names must equal the original (3.1).
  duplicates: 'sameNames',
  provesFirst: false,
  // 100 requests in 5 s and 1000 in 5 min for a key (1).
  pollSeconds: { first: 15, longest: 3600 },
  cancelDays: null,
  source: 'contract digicert 1 to 6',
};
