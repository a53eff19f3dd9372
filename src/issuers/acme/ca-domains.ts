/** The domain names by which CAA records (RFC 8659 §4.2) and records for dns-persist-01 name the CA. */
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import type { AcmeIssuerContext } from './context.ts';

/** As its directory has them (RFC 8555 §9.7.6); where it has none, those that are known of it. */
export async function caDomains(
  { ca }: Pick<AcmeIssuerContext, 'ca'>,
  client: Pick<AcmeClient, 'directory'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { meta } = await client.directory(signal);
  return meta.caaIdentities.length > 0 ? meta.caaIdentities : ca.caaIdentities;
}
