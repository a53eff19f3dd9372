/** ACME renewal information (RFC 9773), and orders that say which certificate they replace. */
import type { CaAccount, CaCertificate } from './books.ts';
import { type Ca, type Call, type Reply, retryAfterOf, wireTime } from './context.ts';
import { notFound, problem } from './problem.ts';

export function renewalInfo(call: Call, ca: Ca): Reply {
  if (!ca.settings.hasRenewalInfo) throw notFound('resource');
  const found = ca.books.certificates.find(({ certId }) => certId === call.params[0]);
  if (found === undefined) throw notFound('certificate');
  const { drawn } = call;
  const { start, end } = windowOf(found);
  const suggested = { start: wireTime(start), end: wireTime(end) };
  const headers = retryAfterOf(ca, ca.settings.renewalRetrySeconds);
  const shown = (suggestedWindow: object): Reply => ({ status: 200, headers, body: { suggestedWindow } });
  if (drawn.takes('pastWindow')) return shown(pastWindow(ca));
  if (drawn.takes('reversedWindow')) return shown({ start: suggested.end, end: suggested.start });
  if (drawn.takes('badDates')) return shown({ start: 'soon', end: 'later' });
  return shown(suggested);
}

function pastWindow(ca: Ca) {
  const nowMs = ca.now().getTime();
  return { start: wireTime(new Date(nowMs - 172_800_000)), end: wireTime(new Date(nowMs - 86_400_000)) };
}

/** The last third of the lifetime but for its last part; in the past once it is revoked. */
function windowOf({ window, revoked, notBefore, notAfter }: CaCertificate) {
  if (window !== undefined) return window;
  if (revoked !== undefined) return { start: new Date(revoked.at.getTime() - 7_200_000), end: revoked.at };
  const lifeMs = notAfter.getTime() - notBefore.getTime();
  const startMs = notAfter.getTime() - lifeMs / 3;
  return { start: new Date(startMs), end: new Date(startMs + Math.min(lifeMs / 50, 2 * 86_400_000)) };
}

export function isInWindow(ca: Ca, replaced: CaCertificate): boolean {
  return windowOf(replaced).start <= ca.now();
}

/** RFC 9773 §5. @throws {AcmeProblem} where it cannot be replaced by this order */
export function certificateToReplace(
  ca: Ca,
  {
    account,
    names,
    certId,
  }: { readonly account: CaAccount; readonly names: readonly string[]; readonly certId: unknown },
): CaCertificate | undefined {
  if (certId === undefined) return undefined;
  if (!ca.settings.hasRenewalInfo) throw problem('malformed', "'replaces' is not known here");
  const found = ca.books.certificates.find((one) => one.certId === certId);
  if (found === undefined) throw problem('malformed', "'replaces' names no certificate", { status: 404 });
  if (found.order.account !== account) throw problem('unauthorized', "'replaces' names a certificate of somebody else");
  if (!found.names.some((name) => names.includes(name))) throw problem('malformed', "'replaces' has none of the names");
  const { replacedBy } = found;
  if (replacedBy !== undefined && replacedBy.state !== 'invalid') {
    throw problem('alreadyReplaced', `'replaces' names what order ${replacedBy.id} has replaced`);
  }
  return found;
}
