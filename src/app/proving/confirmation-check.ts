/** Outcome of a confirmation mail, as the newest check of the e-mail challenge; checks of other methods stay. */
import type { Authorization } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import type { Reason } from '../../domain/errors.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { recordCheck } from './check-history.ts';

export interface MailFinding {
  readonly at: Date;
  readonly durationMs: number;
  readonly address: string;
  readonly answeredBy: readonly string[];
  readonly answer: string;
  readonly problem?: Reason;
}

/** Position of the challenge that is answered by mail. */
export function mailChallengeOf({ challenges }: Pick<Authorization, 'challenges'>): number {
  return challenges.findIndex(({ method }) => method === 'email');
}

export async function storeMailCheck(
  tx: Stores,
  { authorizationId }: Pick<Confirmation, 'authorizationId'>,
  { at, durationMs, address, answeredBy, answer, problem }: MailFinding,
): Promise<CheckResult> {
  const check: CheckResult = {
    method: 'email',
    binding: 'server',
    proved: problem === undefined,
    checkedAt: at,
    durationMs,
    asked: `mail to ${address}`,
    answeredBy,
    answer,
    ...(problem === undefined ? {} : { problem }),
  };
  const current = await tx.authorizations.get(authorizationId);
  // One that proves the name is recorded with what it proves.
  if (current !== undefined && !check.proved) {
    const challenge = mailChallengeOf(current);
    await recordCheck(tx, { authorizationId, challenge, check, usableUntil: null });
  }
  const others = current?.checks.filter(({ method }) => method !== 'email') ?? [];
  await tx.authorizations.updateChecks(authorizationId, [...others, check]);
  return check;
}
