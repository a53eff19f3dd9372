/** One domain: what it serves, what is to be placed, what was found. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { CheckHistory } from '../orders/cockpit/check-history.tsx';
import { NameProofs } from '../orders/cockpit/name-proofs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { useLeaveRemoved } from '../shared/act/after-act.ts';
import { FormButton } from '../shared/act/form-button.tsx';
import { capitalized } from '../shared/capitalized.ts';
import { Detail } from '../shared/detail.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Card, Facts, Head, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Prose } from '../shared/prose.tsx';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { DomainChip } from './domain-list.tsx';

type Domain = Reply<'domains', 'show'>;

/** Somebody else may have it checked. */
const againMs = 5000;

export function DomainBody({ reference, isPage = false }: ObjectBodyProps) {
  const { domains } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['domains', 'one', reference],
    queryFn: ({ signal }) => call('domains', 'show', { domain: reference }, { signal }),
    refetchInterval: ({ state }) => (state.data?.validation.state === 'pending' ? againMs : false),
  });
  return (
    <Detail query={query} unknown={domains.unknown} isPage={isPage}>
      {(domain) => (me === undefined ? null : <Shown domain={domain} me={me} isPage={isPage} />)}
    </Detail>
  );
}

interface ShownProps {
  readonly domain: Domain;
  readonly me: Me;
  readonly isPage: boolean;
}

function Shown({ domain, me, isPage }: ShownProps) {
  const { domains, orders } = useTexts();
  const { facts } = domains;
  const { name, provedUntil, validation } = domain;
  const history = <CheckHistory of={{ kind: 'domain', authorization: validation.authorizationId }} />;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={<DomainName name={name} />}
        chips={<DomainChip domain={domain} texts={domains} />}
        summary={<Prose>{capitalized(domain.summary)}</Prose>}
        acts={<Acts domain={domain} me={me} />}
      />
      <Card>
        <Facts
          rows={[
            [domains.columns.proved, provedUntil === null ? null : <DaysLeft key="until" until={provedUntil} />],
            [facts.serves, provedUntil === null ? null : facts.servesText(visible(name))],
            [facts.method, validation.provedBy === null ? null : orders.methods[validation.provedBy]],
            [facts.added, <Moment key="added" at={domain.createdAt} />],
          ]}
        />
      </Card>
      <Card title={domains.proof}>
        {validation.state === 'valid' ? (
          history
        ) : (
          <NameProofs
            name={validation}
            owner={{ kind: 'domain', reference: String(domain.number) }}
            canChoose={validation.state === 'pending' && may(me, 'domains.chooseMethod')}
            isLookedFor={false}
            history={history}
          />
        )}
      </Card>
    </Page>
  );
}

function Acts({ domain, me }: Omit<ShownProps, 'isPage'>) {
  const { domains } = useTexts();
  const leave = useLeaveRemoved();
  const { number, name, state, validation } = domain;
  const one = { domain: String(number) };
  return (
    <>
      {validation.state !== 'valid' && may(me, 'domains.check') && (
        <ActButton
          label={domains.check}
          icon="refresh"
          isMain
          changes={['domains']}
          run={() => call('domains', 'check', one)}
        />
      )}
      {may(me, 'domains.renew') && (
        <FormButton
          label={domains.renew}
          title={domains.renewTitle(visible(name))}
          text={domains.renewText}
          changes={['domains']}
          run={(_values, options) => call('domains', 'renew', one, options)}
        />
      )}
      {may(me, 'domains.deactivate') && (
        <ActButton
          label={state === 'active' ? domains.deactivate : domains.activate}
          changes={['domains']}
          run={() => call('domains', state === 'active' ? 'deactivate' : 'activate', one)}
          undo={{
            object: visible(name),
            run: () => call('domains', state === 'active' ? 'activate' : 'deactivate', one),
          }}
        />
      )}
      {may(me, 'domains.remove') && (
        <FormButton
          label={domains.remove}
          icon="trash"
          tone="danger"
          typed={name}
          title={domains.removeTitle(visible(name))}
          text={domains.removeText}
          changes={[]}
          run={(_values, options) => call('domains', 'remove', one, options)}
          onDone={() => void leave('/domains', ['domains'])}
        />
      )}
    </>
  );
}
