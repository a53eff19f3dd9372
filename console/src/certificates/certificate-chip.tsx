/** How a certificate stands. */
import type { RowOf } from '../api/list.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';

export type CertificateRow = RowOf<'certificates', 'list'>;

const looks = {
  valid: ['check', 'good'],
  revoked: ['stop', 'bad'],
  expired: ['clock', 'idle'],
} as const satisfies Record<CertificateRow['state'], readonly [IconName, Tone]>;

export function CertificateChip({ state }: Pick<CertificateRow, 'state'>) {
  const { certificates } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {certificates.states[state]}
    </Chip>
  );
}
