/** The directory (RFC 8555 §7.1.1) and nonces (§7.2). */
import { termsUrl } from './accounts.ts';
import type { Ca, Call, Reply } from './context.ts';

export function directory({ drawn }: Call, ca: Ca): Reply {
  const { settings } = ca;
  const url = (resource: Parameters<Ca['pathOf']>[0]) => ca.urlOf(ca.pathOf(resource));
  const hasProfiles = Object.keys(settings.profiles).length > 0 && !drawn.takes('noProfiles');
  const meta = {
    termsOfService: termsUrl(ca),
    caaIdentities: settings.caaIdentities,
    externalAccountRequired: settings.requiresBinding,
    ...(hasProfiles ? { profiles: settings.profiles } : {}),
  };
  const hasRenewalInfo = settings.hasRenewalInfo && !drawn.takes('noRenewalInfo');
  return {
    status: 200,
    body: {
      newNonce: url('newNonce'),
      newAccount: url('newAccount'),
      ...(drawn.takes('noNewOrder') ? {} : { newOrder: url('newOrder') }),
      revokeCert: url('revokeCert'),
      ...(settings.hasKeyChange ? { keyChange: url('keyChange') } : {}),
      ...(hasRenewalInfo ? { renewalInfo: url('renewalInfo') } : {}),
      ...(drawn.takes('noMeta') ? {} : { meta }),
    },
  };
}

export function newNonce({ method }: Call): Reply {
  return { status: method === 'HEAD' ? 200 : 204, headers: { 'cache-control': 'no-store' } };
}
