/** What must stand at the customer's before the CA looks for it. */
import { CertError } from '../../domain/errors.ts';
import type { UpstreamRequest, UpstreamWait } from '../../domain/ports/issuer.ts';
import { caDomains } from './ca-domains.ts';
import type { AcmeIssuerContext } from './context.ts';

/** Sends nothing to the CA but, where a record names our account there, for that. */
export async function missingPreparation(
  context: AcmeIssuerContext,
  { accountId, names }: Pick<UpstreamRequest, 'accountId' | 'names'>,
  signal: AbortSignal,
): Promise<UpstreamWait | undefined> {
  const { mode, preparations, account } = context;
  if (mode === 'alias') return preparations.missingDelegation(accountId, names, signal);
  if (mode === 'serve') return preparations.unreachableResponder(names, signal);
  try {
    const { url: accountUrl, client } = await account.open(signal);
    const issuers = await caDomains(context, client, signal);
    return await preparations.missingRecord(names, { issuers, accountUrl }, signal);
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof CertError)) throw thrown;
    // Without our account there nobody can know the record.
    return { turn: 'operator', reason: thrown.reason };
  }
}
