/** Whether our account at a CA is in order, looked at now, without an order. */
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import { CertError } from '../../domain/errors.ts';
import type { Phrase } from '../../domain/messages/expectations.ts';
import type { CheckDetail, UpstreamCheck, UpstreamCheckSubject } from '../../domain/upstream-check.ts';
import type { AcmeIssuerContext } from './context.ts';
import { verdictOn } from './problem-kinds.ts';

/** Registers the account where that is still to be done, as the first order would: nothing else shows that the credentials work. */
export async function checkAccount(context: AcmeIssuerContext, signal: AbortSignal): Promise<readonly UpstreamCheck[]> {
  const { account, profile, directory: directoryUrl } = context;
  const checks: UpstreamCheck[] = [];
  const note = (what: UpstreamCheckSubject, ok: boolean, detail: CheckDetail) => checks.push({ what, ok, detail });
  try {
    const { client, url, contactsFailure } = await account.open(signal);
    const { meta } = await client.directory(signal);
    note('directory', true, directoryUrl);
    if (contactsFailure !== null) note('access', false, contactsFailure.reason);
    const { status } = await account.check(signal);
    const isValid = status === null || status === 'valid';
    note('account', isValid, status === null ? url : `${url}: ${status}`);
    if (meta.termsOfService !== null) note('terms', true, meta.termsOfService);
    if (profile !== null) {
      const offered = Object.keys(meta.profiles);
      const isOffered = offered.includes(profile.name);
      note('profile', isOffered, isOffered ? profile.name : lacking(profile.name, offered));
    }
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof CertError)) throw thrown;
    note(subjectOf(thrown), false, thrown.reason);
  }
  return checks;
}

function lacking(name: string, offered: readonly string[]): Phrase {
  const shown = offered.join(', ') || '–';
  return { en: `${name} is not offered; ${shown} are`, zh: `未提供 ${name}，现有：${shown}` };
}

/** What failed, as far as the failure says. */
function subjectOf(thrown: CertError): UpstreamCheckSubject {
  if (!(thrown instanceof AcmeFailure)) {
    const { key } = thrown.reason;
    if (key === 'upstreamTermsNotAgreed') return 'terms';
    return key === 'upstreamBindingMissing' ? 'externalKey' : 'account';
  }
  const { call, type } = thrown.failed;
  if (call === 'directory' || call === 'newNonce') return 'directory';
  if (type?.endsWith(':externalAccountRequired') === true) return 'externalKey';
  return verdictOn(thrown.failed).isFault ? 'directory' : 'account';
}
