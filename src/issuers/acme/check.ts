/** Whether our account at a CA is in order, looked at now, without an order. */
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import { CertError } from '../../domain/errors.ts';
import type { Phrase } from '../../domain/messages/expectations.ts';
import { upstreamTexts as texts } from '../../domain/messages/upstreams.ts';
import type { ConnectionFault } from '../../domain/messages/words.ts';
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
    const clocks = clockCheck(client, context.clock.now());
    if (clocks !== null) note('clock', clocks.ok, clocks.detail);
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
    const fault = clockFaultOf(thrown);
    if (fault !== undefined)
      note('clock', false, texts.clockMayBeWrong({ now: context.clock.now().toISOString(), fault }));
  }
  return checks;
}

/** More is no rounding, and no long way. */
const agreeingMs = 60_000;

/** Null: no reply said what time it is there. */
function clockCheck({ clockAheadMs }: AcmeClient, now: Date): Omit<UpstreamCheck, 'what'> | null {
  if (clockAheadMs === null) return null;
  const differsMs = Math.abs(clockAheadMs);
  if (differsMs <= agreeingMs) return { ok: true, detail: texts.clocksAgree() };
  const seconds = Math.round(differsMs / 1000);
  return { ok: false, detail: texts.clocksDiffer({ seconds, isAhead: clockAheadMs > 0, now: now.toISOString() }) };
}

/** Faults of a TLS handshake that a wrong clock of ours causes as well as a certificate of theirs. */
const clockFaults: readonly ConnectionFault[] = [
  'has an expired certificate',
  'has a certificate that is not valid yet',
];

function clockFaultOf(thrown: CertError): ConnectionFault | undefined {
  if (!(thrown instanceof AcmeFailure)) return undefined;
  return clockFaults.find((fault) => thrown.failed.detail.startsWith(fault));
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
