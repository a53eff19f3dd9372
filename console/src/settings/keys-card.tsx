/** Keys that work on every page, and the switch that turns them off. */
import { turnKeys, useKeysOn } from '../preferences/single-keys.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Card } from '../shared/object.tsx';
import styles from './settings.module.css';

export function KeysCard() {
  const { settings } = useTexts();
  const isOn = useKeysOn();
  return (
    <Card title={settings.keys}>
      <label className={styles.switch}>
        <input type="checkbox" checked={isOn} onChange={(event) => turnKeys(event.currentTarget.checked)} />
        <span>
          {settings.keysOn}
          <span className="dim small">{settings.keysText}</span>
        </span>
      </label>
    </Card>
  );
}
