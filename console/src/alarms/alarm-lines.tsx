/** Alarms that last: what does not succeed, since when, and what to do first. */

import type { Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { capitalized } from '../shared/capitalized.ts';
import { Icon } from '../shared/icons.tsx';
import { Prose } from '../shared/prose.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './alarms.module.css';

export type Alarm = Reply<'alarms', 'list'>['items'][number];

export function AlarmLines({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const texts = useTexts().alarms;
  return (
    <ul>
      {alarms.map(({ alarm, node, message, advice, runbook, since, seenAt }) => (
        <li key={`${alarm} ${node}`} className={styles.alarm}>
          <span className={styles.mark}>
            <Icon name="bell" />
          </span>
          <div className={styles.what}>
            <h3>
              <Prose>{sentence(message)}</Prose>
            </h3>
            <p>
              <span className="dim">{texts.advice}</span> <Prose>{sentence(advice)}</Prose>
            </p>
            <p className="dim small">
              {texts.since} <Relative at={since} /> · {texts.seen} <Relative at={seenAt} />
              {node !== null && ` · ${texts.node(visible(node))}`}
            </p>
            <p className="dim small">
              {texts.runbook} <code>{visible(runbook)}</code>
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The server writes them to stand within another sentence. */
function sentence(text: string): string {
  const isChinese = /\p{Script=Han}/u.test(text);
  const end = isChinese ? '。' : '.';
  const whole = capitalized(text);
  return /[.。!！?？]$/.test(whole) ? whole : `${whole}${end}`;
}
