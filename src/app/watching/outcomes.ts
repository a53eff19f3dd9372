/**
 * What has failed since something of its kind last succeeded, in this process: checks of names, mails, webhooks. One success, and the kind
 * begins again with nothing. What is long past counts for nothing either, so that nobody has to succeed where nothing is tried.
 */
import { smtpCode } from '../../domain/evidence.ts';
import type { ReasonKey } from '../../domain/messages/index.ts';
import type { Meter } from '../../domain/ports/meter.ts';
import type { Clock, PublicSuffixes } from '../../domain/ports/system.ts';

/** One name, mailbox or server that failed, however often. */
export interface Failure {
  readonly subject: string;
  /** The registrable domain: one failure of many names of one customer is that customer's. */
  readonly zone: string;
  readonly cause: string;
  readonly lastAtMs: number;
  readonly times: number;
}

export interface Failures {
  readonly all: readonly Failure[];
  /** How long there has been no success although something was tried. */
  readonly forMs: number;
}

export interface Outcomes extends Pick<Meter, 'checked' | 'mailed' | 'delivered'> {
  /** Names whose proof is wanted since a day at most: an old order that nobody proves says nothing. */
  checks(): Failures;
  /** `cause` is what the mail server answered, or what went wrong before it did. */
  mails(): Failures;
  /** Servers that did not answer at all. */
  deliveries(): Failures;
}

const windowMs = 3_600_000;
const freshMs = 86_400_000;
/** Subjects of one kind: more say no more. */
const mostSubjects = 1000;

/** A check that was cut off, or is not offered, says nothing of the network; resolvers that are away have an alarm of their own. */
const meaningless: readonly ReasonKey[] = ['checkAborted', 'methodNotAllowed', 'resolversAway'];

export function createOutcomes({
  clock,
  publicSuffixes,
}: {
  readonly clock: Clock;
  readonly publicSuffixes: PublicSuffixes;
}): Outcomes {
  const kinds = { checks: new Since(clock), mails: new Since(clock), deliveries: new Since(clock) };
  const zoneOf = (host: string) => publicSuffixes.registrableDomain(host) ?? host;

  return {
    checked({ name, wantedSince, result: { proved, problem } }) {
      if (proved) kinds.checks.succeeded();
      else if (problem !== undefined && !meaningless.includes(problem.key) && isFresh(wantedSince, clock))
        kinds.checks.failed(name, zoneOf(name), problem.key);
    },
    mailed(address, outcome) {
      if (outcome.ok) kinds.mails.succeeded();
      else kinds.mails.failed(address, zoneOf(address.slice(address.lastIndexOf('@') + 1)), outcome.detail);
    },
    delivered(url, result) {
      // A server that refuses a message has answered: messages leave.
      if (result !== 'unanswered') kinds.deliveries.succeeded();
      else kinds.deliveries.failed(new URL(url).host, zoneOf(new URL(url).hostname), result);
    },
    checks: () => kinds.checks.look(),
    mails: () => kinds.mails.look(),
    deliveries: () => kinds.deliveries.look(),
  };
}

/** A meter that counts, and notes what comes out. */
export function meterOf(counts: Meter, outcomes: Outcomes): Meter {
  return {
    ...counts,
    checked(check) {
      counts.checked(check);
      outcomes.checked(check);
    },
    mailed(address, outcome) {
      counts.mailed(address, outcome);
      outcomes.mailed(address, outcome);
    },
    delivered(url, result) {
      counts.delivered(url, result);
      outcomes.delivered(url, result);
    },
  };
}

/** The mail server, or the way to it, failed: nothing that it said of a mailbox. */
export function isOfMailServer({ cause }: Failure): boolean {
  return smtpCode(cause) === '';
}

function isFresh(wantedSince: Date | null, clock: Clock): boolean {
  return wantedSince !== null && clock.now().getTime() - wantedSince.getTime() < freshMs;
}

class Since {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failure>();
  #firstAtMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#failures.clear();
    this.#firstAtMs = undefined;
  }

  failed(subject: string, zone: string, cause: string): void {
    const before = this.#failures.get(subject);
    if (before === undefined && this.#failures.size >= mostSubjects) return;
    const lastAtMs = this.#clock.monotonicMs();
    this.#firstAtMs ??= lastAtMs;
    this.#failures.set(subject, { subject, zone, cause, lastAtMs, times: (before?.times ?? 0) + 1 });
  }

  look(): Failures {
    const nowMs = this.#clock.monotonicMs();
    for (const [subject, { lastAtMs }] of this.#failures)
      if (nowMs - lastAtMs > windowMs) this.#failures.delete(subject);
    if (this.#failures.size === 0) this.#firstAtMs = undefined;
    return { all: [...this.#failures.values()], forMs: nowMs - (this.#firstAtMs ?? nowMs) };
  }
}
