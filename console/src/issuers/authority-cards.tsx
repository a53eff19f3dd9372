/** The certificate authorities of this server, roots first, each with its list of revoked certificates. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import styles from '../shared/cards.module.css';
import { Detail } from '../shared/detail.tsx';
import { Card, Copied, Facts } from '../shared/object.tsx';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';

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
        {({ items }) => (
          <div className={styles.cards}>
            {byChain(items).map((authority) => (
              <AuthorityCard key={authority.id} authority={authority} me={me} />
            ))}
          </div>
        )}
      </Detail>
    </section>
  );
}

/** Each root, then what it signed. */
function byChain(authorities: readonly Authority[]): readonly Authority[] {
  const roots = authorities.filter(({ role }) => role === 'root');
  const below = (id: string) => authorities.filter(({ parentId }) => parentId === id);
  const chains = roots.flatMap((root) => [root, ...below(root.id)]);
  return [...chains, ...authorities.filter((one) => !chains.includes(one))];
}

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
          [texts.published, crl === null ? null : <Moment key="at" at={crl.thisUpdate} />],
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
