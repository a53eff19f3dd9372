/** What became of an order while somebody looked at it: said where what they wanted to do was refused for it. */
import type { Texts } from '../messages/texts.ts';
import { visible } from '../shared/visible.ts';
import type { Order } from './order-query.ts';

/** One line each; empty: nothing that can be seen. */
export function changesOf(before: Order, after: Order, { order: words, orders }: Texts): readonly string[] {
  const wasOpen = new Set(before.names.filter(({ state }) => state !== 'valid').map(({ name }) => name));
  const proved = after.names.filter(({ name, state }) => state === 'valid' && wasOpen.has(name));
  const removed = before.names.length - after.names.length;
  const by = after.closedBy === undefined ? '' : ` (${visible(after.closedBy.name)})`;
  const turnOf = ({ turn }: Order) => orders.turns[turn?.who ?? 'nobody'];
  return [
    ...(before.state === after.state
      ? []
      : [`${words.changedState(orders.states[before.state], orders.states[after.state])}${by}`]),
    ...(before.issuance.id === after.issuance.id ? [] : [words.changedIssuance(words.kinds[after.issuance.kind])]),
    ...(turnOf(before) === turnOf(after) ? [] : [words.changedTurn(turnOf(before), turnOf(after))]),
    ...(proved.length === 0 ? [] : [words.changedProved(proved.map(({ name }) => name).join(', '))]),
    ...(removed > 0 ? [words.changedNames(removed)] : []),
    ...(before.approval?.state === after.approval?.state || after.approval === null
      ? []
      : [words.changedApproval(visible(after.approval.decidedBy?.name ?? ''))]),
  ];
}
