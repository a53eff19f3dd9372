/** What a check found beside what was wanted, what to do about it, and what looks like a known mistake. Says only what its reader may see. */
import type { Challenge, CheckResult } from './challenge.ts';
import type { ReasonKey } from './messages/index.ts';
import { isHostMethod } from './validation-method.ts';

/** What to do next. Each has its words in `messages/check-advice.ts`. */
export type Advice =
  | 'nothing'
  | 'addRecord'
  | 'changeRecord'
  | 'askDnsHost'
  | 'waitForServer'
  | 'mendCnames'
  | 'placeFile'
  | 'changeFile'
  | 'openFile'
  | 'pointName'
  | 'openServer'
  | 'removeRedirect'
  | 'shortenFile'
  | 'chooseMethod'
  | 'presentCertificate'
  | 'askForMail'
  | 'readMail'
  | 'chooseAddress';

/** Mistakes that are seen often. */
export type Hint = 'doubledName' | 'quotedValue' | 'oldValue' | 'cnameBesideTxt' | 'offsiteRedirect';
export const hints = [
  'doubledName',
  'quotedValue',
  'oldValue',
  'cnameBesideTxt',
  'offsiteRedirect',
] as const satisfies readonly Hint[];

const adviceByProblem: Readonly<Partial<Record<ReasonKey, Advice>>> = {
  dnsNoRecord: 'addRecord',
  dnsNoSuchName: 'addRecord',
  dnsOtherRecord: 'changeRecord',
  dnsWrongTarget: 'changeRecord',
  dnsWrongText: 'changeRecord',
  persistMalformed: 'changeRecord',
  persistNoIssuer: 'changeRecord',
  persistOtherAccount: 'changeRecord',
  persistEnded: 'changeRecord',
  persistNotBelow: 'changeRecord',
  dnsServerFailure: 'askDnsHost',
  dnsTimeout: 'askDnsHost',
  dnsMalformed: 'waitForServer',
  dnsCaseChanged: 'waitForServer',
  resolversAway: 'waitForServer',
  checkAborted: 'waitForServer',
  dnsLoop: 'mendCnames',
  httpNoAddress: 'pointName',
  httpNoPublicAddress: 'pointName',
  httpForbiddenAddress: 'pointName',
  httpInternalName: 'pointName',
  httpConnectFailed: 'openServer',
  httpTimeout: 'openServer',
  httpNoAnswer: 'openServer',
  httpForbiddenRedirect: 'removeRedirect',
  httpRedirectToAddress: 'removeRedirect',
  httpRedirectFailed: 'removeRedirect',
  httpForbiddenPort: 'removeRedirect',
  httpForbiddenScheme: 'removeRedirect',
  httpTooManyRedirects: 'removeRedirect',
  httpTooLarge: 'shortenFile',
  fileWrongContent: 'changeFile',
  fileInUtf16: 'changeFile',
  fileOtherContent: 'changeFile',
  methodNotAllowed: 'chooseMethod',
  mailNotSent: 'waitForServer',
  mailRefused: 'chooseAddress',
  mailGivenUp: 'chooseAddress',
  mailNotWanted: 'chooseAddress',
  mailUnanswered: 'askForMail',
  mailRejected: 'chooseMethod',
};

/** What a check may find that is wrong, `httpStatus` among them, whose advice goes by the status. */
export const checkProblems: readonly string[] = [...Object.keys(adviceByProblem), 'httpStatus'];

/** Where the problem says no more: by the method. */
const adviceByMethod = {
  httpFile: 'placeFile',
  httpsFile: 'placeFile',
  tlsAlpn: 'presentCertificate',
  dnsCname: 'addRecord',
  dnsTxt: 'addRecord',
  dnsPersist: 'addRecord',
  email: 'readMail',
} as const satisfies Record<CheckResult['method'], Advice>;

export function adviceFor({ proved, problem, method }: CheckResult): Advice {
  if (proved) return 'nothing';
  if (problem === undefined) return adviceByMethod[method];
  if (problem.key === 'httpStatus') return fileAdvice(problem.params.status);
  if (isHostMethod(method) && noRecord.includes(problem.key)) return 'pointName';
  return adviceByProblem[problem.key] ?? adviceByMethod[method];
}

/** Of the host itself, where its web server is what is asked. */
const noRecord: readonly ReasonKey[] = ['dnsNoRecord', 'dnsNoSuchName'];

function fileAdvice(status: number): Advice {
  if (status === 401 || status === 403) return 'openFile';
  return status >= 500 ? 'openServer' : 'placeFile';
}

/** What came back, where the reader may see it; null: nothing did, or it is hidden. */
export function foundBy({ proved, problem, answer }: CheckResult): string | null {
  if (!proved && problem !== undefined && 'found' in problem.params && typeof problem.params.found === 'string')
    return problem.params.found;
  return answer === '' ? null : answer;
}

/** What had to be found; null for what is not a value. */
export function wantedBy(challenge: Challenge): string | null {
  if (challenge.method === 'dnsCname') return challenge.target;
  if (challenge.method === 'dnsTxt') return challenge.value;
  if (challenge.method === 'tlsAlpn') return challenge.identifierHash;
  return 'content' in challenge ? challenge.content : null;
}

/** @param isDoubled a record stands where the zone was typed twice */
export function hintsFor(check: CheckResult, challenge: Challenge | undefined, isDoubled: boolean): readonly Hint[] {
  if (check.proved) return [];
  const { problem, method, source, answer } = check;
  const found = foundBy(check) ?? '';
  const wanted = challenge === undefined ? null : wantedBy(challenge);
  const isFile = method === 'httpFile' || method === 'httpsFile';
  const isElsewhere = problem?.key === 'fileOtherContent' || problem?.key === 'httpRedirectFailed';
  return [
    ...(isDoubled ? ['doubledName' as const] : []),
    ...(wanted !== null && isQuoted(found, wanted) ? ['quotedValue' as const] : []),
    ...(challenge?.method === 'dnsTxt' && isOld(found, challenge.value) ? ['oldValue' as const] : []),
    ...(method === 'dnsTxt' && source?.isOwn === false && answer.startsWith('TXT') ? ['cnameBesideTxt' as const] : []),
    ...(isFile && isElsewhere && source?.isOwn === false ? ['offsiteRedirect' as const] : []),
  ];
}

/** The value with quotes or blanks around it, which some pages keep as they were typed. */
function isQuoted(found: string, wanted: string): boolean {
  return ['"', "'", '“', '”', ' '].some((mark) => found.includes(`"${mark}${wanted}`));
}

/** A value of the same form: what another order wanted there. */
function isOld(found: string, wanted: string): boolean {
  if (found.includes(wanted)) return false;
  const form = formOf(wanted);
  return [...found.matchAll(/"([^"]*)"/g)].some(
    ([, text = '']) => text.length === wanted.length && formOf(text) === form,
  );
}

/** Letters and digits are alike, all else is itself. */
function formOf(text: string): string {
  return text.replaceAll(/[A-Za-z0-9]+/g, (run) => `${run.length};`);
}
