/** The certificate authorities of this server as a tree, each with its list of revoked certificates. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import styles from '../shared/cards.module.css';
import { Chip } from '../shared/chip.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Copied, Facts } from '../shared/object.tsx';
import { DaysLeft, Moment, useNow } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import own from './issuers.module.css';

type Authority = Reply<'authorities', 'list'>['items'][number];

export function AuthorityCards({ me }: { readonly me: Me }) {
  const { issuers } = useTexts();
  const query = useQuery({
    queryKey: ['authorities'],
    queryFn: ({ signal }) => call('authorities', 'list', {}, { signal }),
  });
  return (
    <section className={styles.section}>
      <h2>{issuers.authorities}</h2>
      <Detail query={query} unknown={issuers.authorities}>
        {({ items }) => <Tree authorities={items} of={rootsOf(items)} me={me} />}
      </Detail>
    </section>
  );
}

/** Roots, and those whose issuer is not of this server. */
function rootsOf(authorities: readonly Authority[]): readonly Authority[] {
  const ids = new Set(authorities.map(({ id }) => id));
  return authorities.filter(({ parentId }) => parentId === null || !ids.has(parentId));
}

interface TreeProps {
  readonly authorities: readonly Authority[];
  readonly of: readonly Authority[];
  readonly me: Me;
}

/** Each, with what it signed below it. */
function Tree({ authorities, of, me }: TreeProps) {
  if (of.length === 0) return null;
  return (
    <ul className={own.tree}>
      {of.map((authority) => (
        <li key={authority.id}>
          <AuthorityCard authority={authority} me={me} />
          <Tree
            authorities={authorities}
            of={authorities.filter(({ parentId }) => parentId === authority.id)}
            me={me}
          />
        </li>
      ))}
    </ul>
  );
}

const dayMs = 86_400_000;
/** Lists are made after a sixth of their lives at the latest: one that has lived for so much says that something keeps them from being made. */
const lateShare = 3 / 7;

/** Whether clients still take the newest list, and whether the next one is late. */
function ListChip({ crl }: { readonly crl: NonNullable<Authority['crl']> }) {
  const { issuers } = useTexts();
  const now = useNow(hourMs);
  if (Date.parse(crl.nextUpdate) <= now.getTime())
    return (
      <Chip icon="stop" tone="bad">
        {issuers.authority.over}
      </Chip>
    );
  const ageMs = now.getTime() - Date.parse(crl.thisUpdate);
  if (ageMs < (Date.parse(crl.nextUpdate) - Date.parse(crl.thisUpdate)) * lateShare) return null;
  const days = Math.floor(ageMs / dayMs);
  return (
    <Chip icon="alert" tone="bad">
      {issuers.authority.late(days)}
    </Chip>
  );
}

const hourMs = 3_600_000;

function AuthorityCard({ authority, me }: { readonly authority: Authority; readonly me: Me }) {
  const { issuers } = useTexts();
  const { authority: texts } = issuers;
  const { id, role, crl, certificates } = authority;
  return (
    <Card
      title={`${issuers.roles[role]} · ${authority.keyKind}`}
      tools={
        may(me, 'authorities.publishCrl') ? (
          <ActButton
            label={issuers.publish}
            size="xs"
            changes={['authorities']}
            run={() => call('authorities', 'publishCrl', { authority: id })}
          />
        ) : undefined
      }
    >
      <Facts
        rows={[
          [texts.subject, visible(authority.subject)],
          [texts.ends, <DaysLeft key="ends" until={authority.notAfter} />],
          [texts.crl, crl === null ? texts.noCrl : texts.crlText(crl.number, crl.entries)],
          [
            texts.published,
            crl === null ? null : (
              <span key="at">
                <Moment at={crl.thisUpdate} /> <ListChip crl={crl} />
              </span>
            ),
          ],
          [texts.next, crl === null ? null : <Moment key="next" at={crl.nextUpdate} />],
          [
            texts.certificates,
            certificates === null ? null : texts.certificatesText(certificates.issued, certificates.revoked),
          ],
          [texts.sha256, <Copied key="sha256" value={authority.sha256} what={texts.sha256} />],
        ]}
      />
    </Card>
  );
}
