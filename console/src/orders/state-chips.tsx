/** Whose turn it is, and how an order or a name stands. */
import type { Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';

export type OrderRow = Reply<'orders', 'list'>['items'][number];
export type Order = Reply<'orders', 'show'>;
export type OrderName = Order['names'][number];

type Look = readonly [icon: IconName, tone: Tone];

export const turnLooks = {
  customer: ['person', 'warn'],
  approver: ['shield', 'info'],
  operator: ['person', 'info'],
  server: ['server', 'idle'],
  nobody: ['check', 'idle'],
} as const satisfies Record<OrderRow['turn'], Look>;

const stateLooks = {
  open: ['clock', 'info'],
  active: ['check', 'good'],
  ended: ['clock', 'idle'],
  revoked: ['stop', 'bad'],
  rejected: ['stop', 'bad'],
  cancelled: ['close', 'idle'],
  failed: ['alert', 'bad'],
} as const satisfies Record<Order['state'], Look>;

const nameLooks = {
  pending: ['clock', 'warn'],
  valid: ['check', 'good'],
  invalid: ['alert', 'bad'],
  expired: ['clock', 'idle'],
  deactivated: ['close', 'idle'],
} as const satisfies Record<OrderName['state'], Look>;

/** Where there is nothing to do, the state says more. */
export function TurnChip({ turn, state }: Pick<OrderRow, 'turn' | 'state'>) {
  const { orders } = useTexts();
  if (turn === 'nobody') return <OrderStateChip state={state} />;
  const [icon, tone] = turnLooks[turn];
  return (
    <Chip icon={icon} tone={tone}>
      {orders.turns[turn]}
    </Chip>
  );
}

export function OrderStateChip({ state }: Pick<Order, 'state'>) {
  const { orders } = useTexts();
  const [icon, tone] = stateLooks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {orders.states[state]}
    </Chip>
  );
}

export function NameStateChip({ state }: Pick<OrderName, 'state'>) {
  const { orders } = useTexts();
  const [icon, tone] = nameLooks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {orders.nameStates[state]}
    </Chip>
  );
}
