/** What whoever has the turn does next, in a sentence. */
import type { Texts } from '../messages/texts.ts';
import type { Order } from './order-query.ts';

export function needOf({ issuance, names, actions, turn, approval }: Order, { order: words, acts }: Texts): string {
  if (turn === null) return '';
  if (issuance.needsCsr === true && turn.who === 'customer') return words.needCsr;
  if (turn.who === 'approver') {
    const what = acts.asks[approval?.asks ?? 'new'];
    return actions.approve.allowed ? words.needDecision(what) : words.needApprover(what);
  }
  if (turn.who === 'operator') return words.needOperator;
  if (turn.who === 'server') return words.needNothing;
  const open = names.filter(({ state }) => state !== 'valid');
  const [first] = open;
  return first === undefined ? '' : words.needProof(first.name, open.length, names.length);
}
