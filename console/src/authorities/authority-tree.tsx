/** The authorities as a tree, each folded to what matters: whether it signs, until when, and how its list does. */
import { useId, useState } from 'react';
import type { Me } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { Copied, Facts } from '../shared/object.tsx';
import { DaysLeft, Moment, useNow } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './authorities.module.css';
import { AuthorityActs } from './authority-acts.tsx';
import {
  type Authority,
  isPast,
  keyText,
  listDaysOf,
  listStanding,
  nameOf,
  type Outlook,
  type Stage,
  stageOf,
} from './authority-facts.ts';

const hourMs = 3_600_000;

export interface AuthorityTreeProps {
  readonly authorities: readonly Authority[];
  readonly plan: readonly Outlook[];
  readonly me: Me;
}

export function AuthorityTree({ authorities, plan, me }: AuthorityTreeProps) {
  const { authorities: texts } = useTexts();
  const now = useNow(hourMs);
  const children = (of: Authority) => authorities.filter(({ parentId }) => parentId === of.id);
  const isWhollyPast = (one: Authority): boolean => isPast(one, now) && children(one).every(isWhollyPast);
  const past = authorities.filter(isWhollyPast);
  const present = authorities.filter((one) => !past.includes(one));
  return (
    <>
      <Branch of={rootsOf(present)} authorities={present} all={authorities} plan={plan} me={me} />
      {past.length > 0 && (
        <details className={styles.past}>
          <summary>{texts.over(past.length)}</summary>
          <Branch of={rootsOf(past)} authorities={past} all={authorities} plan={plan} me={me} />
        </details>
      )}
    </>
  );
}

/** Roots, and those whose issuer is not among these. */
function rootsOf(authorities: readonly Authority[]): readonly Authority[] {
  const ids = new Set(authorities.map(({ id }) => id));
  return authorities.filter(({ parentId }) => parentId === null || !ids.has(parentId));
}

interface BranchProps extends AuthorityTreeProps {
  readonly of: readonly Authority[];
  readonly all: readonly Authority[];
}

/** Each, with what it signed below it. */
function Branch({ of, authorities, all, plan, me }: BranchProps) {
  if (of.length === 0) return null;
  return (
    <ul className={styles.tree}>
      {of.map((authority) => (
        <li key={authority.id}>
          <AuthorityCard
            authority={authority}
            parent={all.find(({ id }) => id === authority.parentId)}
            outlook={plan.find(({ id }) => id === authority.id)}
            me={me}
          />
          <Branch
            of={authorities.filter(({ parentId }) => parentId === authority.id)}
            authorities={authorities}
            all={all}
            plan={plan}
            me={me}
          />
        </li>
      ))}
    </ul>
  );
}

export const stageLooks = {
  coming: ['clock', 'idle'],
  published: ['clock', 'info'],
  signing: ['check', 'good'],
  retired: ['list', 'idle'],
  closed: ['close', 'idle'],
  revoked: ['stop', 'bad'],
  over: ['close', 'idle'],
} as const satisfies Record<Stage, readonly [IconName, Tone]>;

interface CardProps {
  readonly authority: Authority;
  readonly parent: Authority | undefined;
  readonly outlook: Outlook | undefined;
  readonly me: Me;
}

function AuthorityCard({ authority, parent, outlook, me }: CardProps) {
  const { authorities: texts } = useTexts();
  const now = useNow(hourMs);
  const [isOpen, setOpen] = useState(false);
  const bodyId = useId();
  const { role, keyKind, keyPlace, notAfter } = authority;
  const stage = stageOf(authority, now);
  const [icon, tone] = stageLooks[stage];
  return (
    <section className={`card ${styles.authority}`} data-stage={stage}>
      <h3 className={styles.head}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => setOpen((was) => !was)}
        >
          <Icon name={isOpen ? 'down' : 'forward'} size={16} />
          <span className={styles.name}>{nameOf(authority)}</span>
        </button>
      </h3>
      <div className={styles.brief}>
        <span className={styles.chips}>
          {keyPlace === 'outside' && stage === 'signing' ? (
            <Chip icon="key" tone="idle">
              {texts.keyOutside}
            </Chip>
          ) : (
            <Chip icon={icon} tone={tone}>
              {texts.stages[stage]}
            </Chip>
          )}
          {authority.importedAt !== null && (
            <Chip icon="download" tone="idle">
              {texts.takenOver}
            </Chip>
          )}
          <ListChip authority={authority} now={now} />
        </span>
        <span className={styles.line}>
          <span>
            {texts.roles[role]} · {keyText(keyKind)}
          </span>
          <span>
            {texts.facts.ends} <DaysLeft until={notAfter} />
          </span>
          {authority.crl !== null && <span>{texts.list.short(authority.crl.number)}</span>}
        </span>
      </div>
      {isOpen && (
        <div id={bodyId} className={styles.body}>
          <AuthorityFacts authority={authority} outlook={outlook} />
          <AuthorityActs authority={authority} parent={parent} stage={stage} me={me} />
        </div>
      )}
    </section>
  );
}

function ListChip({ authority, now }: { readonly authority: Authority; readonly now: Date }) {
  const { authorities: texts } = useTexts();
  const { crl } = authority;
  const standing = listStanding(authority, now);
  if (standing === 'good') return null;
  const words = {
    over: texts.list.over,
    due: texts.list.due,
    late: texts.list.late(crl === null ? 0 : listDaysOf(crl, now)),
  };
  return (
    <Chip icon={standing === 'over' ? 'stop' : 'alert'} tone={standing === 'due' ? 'warn' : 'bad'}>
      {words[standing]}
    </Chip>
  );
}

function AuthorityFacts({ authority, outlook }: Pick<CardProps, 'authority' | 'outlook'>) {
  const { facts } = useTexts().authorities;
  const { crl, certificates, keyPlace, signsFrom, retiredAt, closedAt, revokedAt, importedAt } = authority;
  const moment = (at: string | null | undefined) => (at == null ? null : <Moment key={at} at={at} />);
  return (
    <Facts
      rows={[
        [facts.subject, visible(authority.subject)],
        [facts.key, facts.keyPlaces[keyPlace]],
        [facts.imported, moment(importedAt)],
        [facts.signsFrom, moment(signsFrom)],
        [facts.retires, retiredAt === null ? moment(outlook?.retiresAt) : null],
        [facts.retired, moment(retiredAt)],
        [facts.revoked, moment(revokedAt)],
        [facts.lastEnds, moment(outlook?.lastEndsAt)],
        [facts.lastList, closedAt === null ? moment(outlook?.lastListAt) : null],
        [facts.closed, moment(closedAt)],
        [facts.ends, moment(authority.notAfter)],
        [facts.list, crl === null ? facts.noList : facts.listText(crl.number, crl.entries)],
        [facts.published, moment(crl?.thisUpdate)],
        [facts.next, moment(crl?.nextUpdate)],
        [
          facts.certificates,
          certificates === null ? null : facts.certificatesText(certificates.issued, certificates.revoked),
        ],
        [facts.sha256, <Copied key="sha256" value={authority.sha256} what={facts.sha256} />],
      ]}
    />
  );
}
