/** The page of the alarms that last. */
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import { Detail } from '../shared/detail.tsx';
import { Head, Page } from '../shared/object.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { AlarmLines } from './alarm-lines.tsx';
import styles from './alarms.module.css';
import { useAlarms } from './use-alarms.ts';

export function AlarmsPage() {
  const { alarms } = useTexts();
  usePageTitle(alarms.title);
  return (
    <Needs operation="alarms.list">
      <Page>
        <Head isPage title={alarms.title} summary={alarms.text} />
        <Alarms />
      </Page>
    </Needs>
  );
}

function Alarms() {
  const { alarms } = useTexts();
  const query = useAlarms(true);
  return (
    <div className={`card ${styles.card}`}>
      <Detail query={query} unknown={alarms.title}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="check" tone="good" title={alarms.none} text={alarms.noneText} command="certmux alarm list" />
          ) : (
            <AlarmLines alarms={items} />
          )
        }
      </Detail>
    </div>
  );
}
