/** A state: picture, word and colour together, so that none of them has to be seen. */
import styles from './chip.module.css';
import { Icon, type IconName } from './icons.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle';

export interface ChipProps {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly children: string;
}

export function Chip({ icon, tone, children }: ChipProps) {
  return (
    <span className={styles.chip} data-tone={tone}>
      <Icon name={icon} size={15} />
      {children}
    </span>
  );
}
