/** What the operator should do about an upstream, the most urgent first. */
import type { Phrase } from '../../domain/messages/expectations.ts';
import { upstreamTexts } from '../../domain/messages/upstreams.ts';
import type { UpstreamSummary } from '../../domain/ports/upstreams.ts';

/** @param resting orders there that wait for the operator */
export function adviceFor({ account, issuers, budgets, orders }: UpstreamSummary, resting: number): readonly Phrase[] {
  const { account: name, openUntil, faults, lastFault } = account;
  const fault = lastFault ?? '';
  const underWay = orders.reduce((sum, { count }) => sum + count, 0);
  const advice: Phrase[] = [];
  if (issuers.length === 0) advice.push(upstreamTexts.nobodyUsesIt({ account: name, orders: underWay }));
  if (openUntil !== null) {
    advice.push(upstreamTexts.breakerOpen({ account: name, until: openUntil.toISOString(), fault }));
  } else if (faults > 0) advice.push(upstreamTexts.someFaults({ account: name, faults, fault }));
  for (const { budget, subjects } of budgets) {
    const [first] = subjects;
    if (first === undefined || first.leftAgainAt === null) continue;
    const until = first.leftAgainAt.toISOString();
    advice.push(upstreamTexts.budgetSpent({ budget: budget.name, subject: first.subject, until }));
  }
  if (resting > 0) advice.push(upstreamTexts.ordersWait({ orders: resting }));
  return advice.length === 0 ? [upstreamTexts.isWell()] : advice;
}
