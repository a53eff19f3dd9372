/** How a request for approval stands. */
import type { RowOf } from '../api/list.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';

export type ApprovalRow = RowOf<'approvals', 'list'>;

const looks = {
  submitted: ['shield', 'info'],
  pending: ['clock', 'warn'],
  approved: ['check', 'good'],
  rejected: ['stop', 'bad'],
} as const satisfies Record<ApprovalRow['state'], readonly [IconName, Tone]>;

export function ApprovalChip({ state }: Pick<ApprovalRow, 'state'>) {
  const { approvals } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {approvals.states[state]}
    </Chip>
  );
}
