/** On the first page while there are any: the alarms of the server, before everything else. */
import { Link } from '@tanstack/react-router';
import { AlarmLines } from '../alarms/alarm-lines.tsx';
import { useAlarms } from '../alarms/use-alarms.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './home.module.css';

const mostShown = 3;

export function AlarmsBlock() {
  const { alarms } = useTexts();
  const { data } = useAlarms(true);
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={`card ${styles.block} ${styles.alarms}`} aria-labelledby="alarms">
      <div className={styles.head}>
        <h2 id="alarms">{alarms.count(items.length)}</h2>
      </div>
      <AlarmLines alarms={items.slice(0, mostShown)} />
      {items.length > mostShown && (
        <p className={styles.moreAlarms}>
          <Link to="/alarms">{alarms.all}</Link>
        </p>
      )}
    </section>
  );
}
