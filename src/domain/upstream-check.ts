/** What is looked at when the operator has an upstream checked, or an order rehearsed there. */
import { type Reason, renderReason } from './errors.ts';
import type { Language } from './language.ts';
import type { Phrase } from './messages/expectations.ts';

export const upstreamCheckSubjects = [
  'directory', // it answers, and in its own language
  'clock', // its clock and ours agree
  'externalKey', // the binding of our account that it requires
  'account', // it knows our account, which is valid
  'terms', // its terms of service are those that were agreed to
  'profile', // the configured profile is offered
  'product', // it sells us what the configuration names
  'balance', // there is something left of what was paid in advance
  'access', // whatever else an upstream is asked for to know that the credentials work
] as const;

export type UpstreamCheckSubject = (typeof upstreamCheckSubjects)[number];

/** In the order in which an order meets them. */
export const rehearsalSteps = [
  'issuer',
  'name',
  'caa',
  'breaker',
  'budget',
  'preparation',
  ...upstreamCheckSubjects,
] as const;

export type RehearsalStep = (typeof rehearsalSteps)[number];

/** A text of ours, or the upstream's own words. */
export type CheckDetail = Reason | Phrase | string;

export interface UpstreamCheck {
  readonly what: UpstreamCheckSubject;
  readonly ok: boolean;
  readonly detail: CheckDetail;
}

export interface RehearsedStep {
  readonly what: RehearsalStep;
  readonly ok: boolean;
  readonly detail: CheckDetail;
}

export function renderDetail(detail: CheckDetail, language: Language): string {
  if (typeof detail === 'string') return detail;
  return 'key' in detail ? renderReason(detail, language) : detail[language];
}
