/** Mailboxes that get no mail from this server, since their reader or an operator stopped it. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { listSource, type RowOf, withIds } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import type { ListDefinition, ListRow } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { Prose } from '../shared/prose.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { MailTestButton } from '../welcome/mail-test-button.tsx';

type Mailbox = RowOf<'mail', 'stopped'> & ListRow;

export function MailPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="mail.stopped">
      <ListScreen list={mailList(texts, me)} />
    </Needs>
  );
}

function mailList({ mail, list }: Texts, me: Me): ListDefinition<Mailbox> {
  const { columns } = mail;
  return {
    name: 'mail',
    title: mail.title,
    path: '/mail',
    source: withIds(listSource('mail', 'stopped'), ({ address }) => address),
    paging: 'paged',
    filters: [],
    views: [],
    columns: [
      {
        key: 'address',
        label: columns.address,
        width: 'minmax(180px, 2fr)',
        onCard: 'title',
        cell: ({ address }) => (
          <strong>
            <Prose>{address}</Prose>
          </strong>
        ),
      },
      {
        key: 'by',
        label: columns.by,
        width: 'minmax(120px, 1fr)',
        hasCardLabel: true,
        cell: ({ stoppedBy }) =>
          stoppedBy === null || stoppedBy.kind === 'reader' ? mail.reader : visible(stoppedBy.name),
      },
      {
        key: 'from',
        label: columns.from,
        width: 'minmax(110px, 1fr)',
        isWide: true,
        cell: ({ stoppedFrom }) => stoppedFrom,
      },
      {
        key: 'at',
        label: columns.at,
        width: '110px',
        cell: ({ stoppedAt }) => (stoppedAt === null ? null : <Relative at={stoppedAt} />),
      },
      {
        key: 'acts',
        label: list.acts,
        width: '120px',
        cell: (row) => (may(me, 'mail.lift') ? <Lift row={row} /> : null),
      },
    ],
    count: mail.count,
    empty: { icon: 'mail', title: mail.empty, text: mail.emptyText, command: 'certmux mail list' },
    tools: (
      <>
        {may(me, 'mail.test') && <MailTestButton isLarge />}
        {may(me, 'mail.stop') && <Stop />}
      </>
    ),
  };
}

function Lift({ row: { address } }: { readonly row: Mailbox }) {
  const { mail } = useTexts();
  return (
    <FormButton
      label={mail.lift}
      size="xs"
      title={mail.liftTitle(visible(address))}
      text={mail.liftText}
      changes={['mail']}
      run={(_values, options) => call('mail', 'lift', { address }, options)}
    />
  );
}

function Stop() {
  const { mail } = useTexts();
  return (
    <FormButton
      label={mail.stop}
      icon="stop"
      title={mail.stop}
      text={mail.stopText}
      fields={[{ kind: 'text', name: 'address', label: mail.columns.address, isRequired: true }]}
      changes={['mail']}
      run={(values, options) => call('mail', 'stop', { address: textOf(values, 'address') }, options)}
    />
  );
}
