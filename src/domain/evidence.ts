/**
 * The part of the evidence that a customer may read. Anyone who may order certificates chooses which hosts this server calls; if
 * they could read every answer, they could read an internal host through it. So a customer sees the answer of the ordered name
 * itself at a public address, and the status and size of any other answer. The rest is kept for the operator.
 */
import type { Authorization } from './authorization.ts';
import type { AnswerSource, CheckResult } from './challenge.ts';
import { type Reason, reason } from './errors.ts';
import type { Event } from './event.ts';
import { isHostMethod } from './validation-method.ts';

/** A check as its customer may see it. */
export function customersCheck(check: CheckResult): CheckResult {
  if (check.method === 'email') return customersMail(check);
  const { source = { isOwn: false } } = check;
  const problem = customersProblem(check, source);
  const shown: CheckResult = {
    ...check,
    // A resolver's address is usually an internal one.
    answeredBy: source.isOwn && isFetched(check) ? check.answeredBy : [],
    answer: source.isOwn ? check.answer : sizeText(source),
    // The duration of an answer distinguishes an open port from a closed one.
    durationMs: source.isOwn ? check.durationMs : null,
  };
  return problem === undefined ? shown : { ...shown, problem };
}

/**
 * The authorization with the checks that its customer may see. They are read from the row only when somebody looks, like its
 * challenges: a reply that shows neither must not pay for them. Written out, since every order makes some.
 */
export function withCustomersChecks(authorization: Authorization): Authorization {
  let shown: readonly CheckResult[] | undefined;
  return {
    id: authorization.id,
    accountId: authorization.accountId,
    issuanceId: authorization.issuanceId,
    identifier: authorization.identifier,
    checkedBy: authorization.checkedBy,
    state: authorization.state,
    get challenges() {
      return authorization.challenges;
    },
    preferredMethod: authorization.preferredMethod,
    get checks() {
      shown ??= authorization.checks.map(customersCheck);
      return shown;
    },
    provedBy: authorization.provedBy,
    binding: authorization.binding,
    keyHash: authorization.keyHash,
    provedAt: authorization.provedAt,
    validUntil: authorization.validUntil,
    coversBelow: authorization.coversBelow,
    isCheckedOnRequest: authorization.isCheckedOnRequest,
    attempt: authorization.attempt,
    standalone: authorization.standalone,
    renouncedBy: authorization.renouncedBy,
    createdAt: authorization.createdAt,
  };
}

function isFetched({ method }: CheckResult): boolean {
  return isHostMethod(method);
}

function sizeText({ status, sizeBytes }: AnswerSource): string {
  return status === undefined ? '' : `HTTP ${status}, ${sizeBytes ?? 0} bytes`;
}

/** Keeps the code of a mail server's answer (RFC 5321 §4.2), and hides who opened the link from where. */
function customersMail(check: CheckResult): CheckResult {
  const { problem } = check;
  const answer = ['confirmed', 'rejected'].includes(check.answer) ? check.answer : smtpCode(check.answer);
  const shown: CheckResult = { ...check, durationMs: null, answeredBy: [], answer };
  if (problem?.key !== 'mailNotSent' && problem?.key !== 'mailRefused') return shown;
  const { address, detail = '' } = problem.params;
  const code = smtpCode(detail);
  return { ...shown, problem: reason(problem.key, { address, ...(code === '' ? {} : { detail: code }) }) };
}

/** `550` of `550 5.1.1 no such user`; empty where there is none. */
export function smtpCode(answer: string): string {
  return /^[2-5]\d\d(?=\D|$)/.exec(answer)?.[0] ?? '';
}

function customersProblem(check: CheckResult, source: AnswerSource): Reason | undefined {
  const { problem } = check;
  if (problem === undefined) return undefined;
  const general = withoutResolver(problem);
  // What the owner of the name says of every CA, in records of its own.
  if (general.key === 'caaProhibits' || general.key === 'caaUnavailable') return general;
  if (isFetched(check)) return fileProblem(general, { asked: check.asked, source });
  return source.isOwn ? general : recordProblem(general, check.method === 'dnsCname' ? 'CNAME' : 'TXT');
}

/** Hides a resolver's own address from customers. */
export function withoutResolver(problem: Reason): Reason {
  const { key } = problem;
  if (key === 'dnsServerFailure') {
    const { name, rcode } = problem.params;
    return reason(key, { name, rcode });
  }
  if (key === 'dnsTimeout' || key === 'dnsMalformed' || key === 'dnsCaseChanged')
    return reason(key, { name: problem.params.name });
  if (key === 'resolversAway') return reason(key, {});
  return problem;
}

/** The target of a CNAME, or that there is none, may come from an internal zone. */
function recordProblem(problem: Reason, type: 'CNAME' | 'TXT'): Reason {
  switch (problem.key) {
    case 'dnsWrongTarget':
    case 'dnsWrongText': {
      const { name, expected } = problem.params;
      return reason('dnsOtherRecord', { name, type, expected });
    }
    case 'dnsNoRecord':
    case 'dnsNoSuchName':
    case 'dnsLoop':
    case 'persistMalformed':
    case 'persistNoIssuer':
    case 'persistOtherAccount':
    case 'persistEnded':
    case 'persistNotBelow':
      return reason('dnsOtherRecord', { name: problem.params.name, type });
    default:
      return problem;
  }
}

interface FileAnswer {
  readonly asked: string;
  readonly source: AnswerSource;
}

/**
 * Describes why the file was not found, only in terms of the request: which address of an internal network refused, which one
 * was silent, and which name points into it all look the same to a customer.
 */
function fileProblem(problem: Reason, { asked, source }: FileAnswer): Reason {
  const host = hostOf(asked);
  switch (problem.key) {
    case 'checkAborted':
    case 'methodNotAllowed':
      return problem;
    case 'httpNoAddress':
    case 'httpForbiddenAddress':
    case 'httpInternalName':
      return nameOf(problem) === host ? reason('httpNoPublicAddress', { host }) : redirectFailed(asked);
    case 'dnsNoSuchName':
    case 'dnsLoop':
      if (source.isOwn && nameOf(problem) === host) return problem;
      return source.isOwn ? reason('httpNoPublicAddress', { host }) : redirectFailed(asked);
    case 'httpForbiddenRedirect':
      return redirectFailed(asked);
    default:
      return source.isOwn ? problem : foreignProblem(problem, { asked, source });
  }
}

/** The answer came from another host, or from an internal address. */
function foreignProblem(problem: Reason, { asked, source }: FileAnswer): Reason {
  switch (problem.key) {
    case 'httpStatus':
      return reason('httpStatus', { url: asked, status: problem.params.status });
    case 'httpTooLarge':
      return reason('httpTooLarge', { url: asked, limitBytes: problem.params.limitBytes });
    case 'httpTooManyRedirects':
      return problem;
    case 'fileWrongContent': {
      const { status = 200, sizeBytes = 0 } = source;
      return reason('fileOtherContent', { url: asked, status, sizeBytes, expected: problem.params.expected });
    }
    case 'fileInUtf16':
      return reason('fileInUtf16', { url: asked });
    case 'alpnNotNegotiated':
    case 'alpnNoCertificate':
    case 'alpnWrongNames':
    case 'alpnNoIdentifier':
    case 'alpnNotCritical':
    case 'alpnWrongValue':
    case 'alpnNotSelfSigned':
      return reason('alpnOtherCertificate', { host: problem.params.host });
    case 'httpConnectFailed':
    case 'httpTimeout':
      return hostOf(problem.params.url) === hostOf(asked)
        ? reason('httpNoAnswer', { url: asked })
        : redirectFailed(asked);
    default:
      return redirectFailed(asked);
  }
}

/** The answer of a customer's server that did not accept a message, as the customer may read it. */
export function customersFailure(
  problem: Reason,
  { url, isPublic }: { readonly url: string; readonly isPublic: boolean },
): Reason {
  return fileProblem(withoutResolver(problem), { asked: url, source: { isOwn: isPublic } });
}

/** Fields of an event's data that are evidence, whatever happened. */
const evidenceFields: readonly string[] = ['answeredBy', 'server', 'detail', 'from', 'lastFault'];

/** A line of the audit log as the account may read it: answers are left out, except for their status. */
export function customersEvent(event: Event): Event {
  const { data } = event;
  if (!('answer' in data || evidenceFields.some((field) => field in data))) return event;
  const { answer, ...rest } = data;
  const kept = Object.entries(rest).filter(([field]) => !evidenceFields.includes(field));
  const shown = data.isOwn === true ? String(answer) : statusIn(answer);
  return { ...event, data: { ...Object.fromEntries(kept), ...(shown === '' ? {} : { answer: shown }) } };
}

function statusIn(answer: unknown): string {
  if (typeof answer !== 'string') return '';
  return /^HTTP status \d{3}$/.test(answer) ? answer : smtpCode(answer);
}

function redirectFailed(url: string): Reason {
  return reason('httpRedirectFailed', { url });
}

function nameOf({ params }: Reason): string {
  if ('host' in params) return params.host;
  return 'name' in params ? String(params.name) : '';
}

function hostOf(url: string): string {
  return (URL.parse(url)?.hostname ?? '').replace(/^\[|\]$/g, '');
}
