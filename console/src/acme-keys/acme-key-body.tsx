/** One key of ACME clients: what they may do, how a client is set up, which there are and what they ordered. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Copied, type Fact, Facts, Head, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AcmeKeyActs, type AcmeKeyProps } from './acme-key-acts.tsx';
import { AcmeKeyClients } from './acme-key-clients.tsx';
import { type AcmeKey, acmeKeyQuery } from './acme-key-query.ts';
import { AcmeKeyChip } from './acme-keys-page.tsx';
import { ClientLines } from './client-lines-tabs.tsx';

/** Stands where the key would, which nobody can show again. */
const placeOfKey = 'HMAC_KEY';

export function AcmeKeyBody({ reference, isPage = false }: ObjectBodyProps) {
  const { acmeKeys } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery(acmeKeyQuery(reference));
  return (
    <Detail query={query} unknown={acmeKeys.unknown} isPage={isPage}>
      {(acmeKey) => (me === undefined ? null : <Shown acmeKey={acmeKey} me={me} isPage={isPage} />)}
    </Detail>
  );
}

function Shown({ acmeKey, me, isPage }: AcmeKeyProps & { readonly isPage: boolean }) {
  const texts = useTexts();
  const { acmeKeys } = texts;
  const { number, name, keyId, revokedAt, dialect } = acmeKey;
  // Keys that another API made are of its own directory.
  const directoryUrl = `${me.server.publicUrl}/acme/${dialect === 'native' ? 'default' : dialect}/directory`;
  const isUsable = revokedAt === null;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={visible(name)}
        chips={<AcmeKeyChip isRevoked={!isUsable} />}
        {...(isUsable ? { acts: <AcmeKeyActs acmeKey={acmeKey} me={me} /> } : {})}
      />
      <Card title={acmeKeys.policy.title}>
        <Facts
          rows={[
            [acmeKeys.product, <ProductName key="product" code={acmeKey.productCode} />],
            ...policyRows(acmeKey, texts),
          ]}
        />
      </Card>
      <Card>
        <Facts
          rows={[
            [acmeKeys.keyId, <Copied key="id" value={keyId} what={acmeKeys.keyId} />],
            [acmeKeys.directory, <Copied key="directory" value={directoryUrl} what={acmeKeys.directory} />],
            [acmeKeys.expires, acmeKey.expiresAt === null ? null : <Moment key="ends" at={acmeKey.expiresAt} />],
            [acmeKeys.columns.created, <Moment key="created" at={acmeKey.createdAt} />],
            [acmeKeys.states.revoked, revokedAt === null ? null : <Moment key="revoked" at={revokedAt} />],
          ]}
        />
      </Card>
      {isUsable && (
        <Card title={acmeKeys.setUp}>
          <p className="dim">{acmeKeys.setUpText(placeOfKey)}</p>
          <ClientLines access={{ directoryUrl, keyId, hmacKey: placeOfKey }} />
        </Card>
      )}
      {may(me, 'credentials.list') && <AcmeKeyClients number={number} me={me} />}
    </Page>
  );
}

function ProductName({ code }: { readonly code: string }) {
  const { data } = useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => call('products', 'list', {}, { signal }),
  });
  const name = data?.items.find(({ productCode }) => productCode === code)?.name;
  return name === undefined ? code : visible(name);
}

/** Every limit, also where there is none: what is not said would be asked. */
function policyRows(key: AcmeKey, { acmeKeys, orders }: Texts): readonly Fact[] {
  const { policy } = acmeKeys;
  const listed = (values: readonly string[] | null, none: string) =>
    values === null ? none : values.map(visible).join(', ');
  return [
    [acmeKeys.columns.names, listed(key.names, acmeKeys.allNames)],
    [
      policy.methods,
      key.methods === null ? policy.anyMethod : key.methods.map((method) => orders.methods[method]).join(' · '),
    ],
    [policy.validity, key.maxValidityDays === null ? policy.anyValidity : policy.days(key.maxValidityDays)],
    [policy.approval, policy.approvals[key.approval]],
    [policy.clients, key.accounts === null ? policy.anyClients : policy.clientsAtMost(key.accounts)],
    [acmeKeys.columns.addresses, listed(key.addressRanges, acmeKeys.anywhere)],
    [
      policy.earlier,
      key.preAuthorized === null
        ? policy.allEarlier
        : key.preAuthorized.length === 0
          ? policy.noEarlier
          : listed(key.preAuthorized, ''),
    ],
    [policy.profiles, key.profiles === null ? null : key.profiles.join(', ')],
    [policy.defaultProfile, key.defaultProfile],
    [policy.issuer, key.issuerId],
  ];
}
