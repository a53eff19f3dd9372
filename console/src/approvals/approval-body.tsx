/** One request: who asks for what, and the decision. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Detail } from '../shared/detail.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Card, Copied, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { ApprovalChip } from './approval-chip.tsx';
import { Approve } from './approve.tsx';

type Approval = Reply<'approvals', 'show'>;

/** What is looked at again after a decision. */
const changes = ['approvals', 'orders'] as const;

export function ApprovalBody({ reference, isPage = false }: ObjectBodyProps) {
  const { approvals } = useTexts();
  const query = useQuery({
    queryKey: ['approvals', 'one', reference],
    queryFn: ({ signal }) => call('approvals', 'show', { approval: reference }, { signal }),
  });
  return (
    <Detail query={query} unknown={approvals.unknown} isPage={isPage}>
      {(approval) => <Shown approval={approval} isPage={isPage} />}
    </Detail>
  );
}

function Shown({ approval, isPage }: { readonly approval: Approval; readonly isPage: boolean }) {
  const { approvals, certificates } = useTexts();
  const { facts } = approvals;
  const { number, names, nameCount, requestedBy, revocation, csrKey, acme } = approval;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={approvals.one(String(number))}
        chips={<ApprovalChip state={approval.state} />}
        summary={approvals.asks[approval.asks]}
        acts={approval.state === 'pending' || approval.state === 'submitted' ? <Acts approval={approval} /> : undefined}
      />
      <Card title={approvals.names(nameCount)} isFlush>
        <Lines>
          {names.map((name) => (
            <li key={name}>
              <DomainName name={name} />
            </li>
          ))}
          {nameCount > names.length && <li className="dim">+{nameCount - names.length}</li>}
        </Lines>
      </Card>
      <Card>
        <Facts
          rows={[
            [
              facts.order,
              <Link key="order" to="/orders/$order" params={{ order: String(approval.orderNumber) }}>
                {approval.orderNumber}
              </Link>,
            ],
            [facts.by, visible(requestedBy?.name ?? approvals.platform)],
            [facts.from, approval.requestedFrom],
            [facts.at, <Moment key="at" at={approval.createdAt} />],
            [facts.comments, visible(approval.comments)],
            [facts.key, csrKey === null ? null : csrKey.algorithm],
            ['SHA-256', csrKey === null ? null : <Copied key="sha" value={csrKey.sha256} what="SHA-256" />],
            [facts.acme, acme === null ? null : visible(acme.contact)],
            [facts.reason, revocation === null ? null : certificates.reasons[revocation.reason][0]],
            [
              facts.scope,
              revocation === null ? null : revocation.certificateId === null ? facts.wholeOrder : facts.oneCertificate,
            ],
          ]}
        />
      </Card>
      {approval.decisions.length > 0 && (
        <Card title={approvals.decisions} isFlush>
          <Lines>
            {approval.decisions.map(({ approve, by, note, at }) => (
              <li key={at}>
                <span>
                  <span>
                    {by === null
                      ? approvals.endedItself
                      : approve
                        ? approvals.approvedBy(visible(by.name))
                        : approvals.rejectedBy(visible(by.name))}
                  </span>
                  {note !== '' && <span className="dim">{visible(note)}</span>}
                </span>
                <span className="dim small">
                  <Moment at={at} />
                </span>
              </li>
            ))}
          </Lines>
        </Card>
      )}
    </Page>
  );
}

function Acts({ approval }: { readonly approval: Approval }) {
  const { approvals } = useTexts();
  const { number, version, actions } = approval;
  const request = { approval: String(number), version };
  return (
    <>
      <Approve
        refusal={actions.approve.reason}
        run={(note, options) => call('approvals', 'approve', { ...request, note }, options)}
      />
      <FormButton
        label={approvals.reject}
        icon="close"
        tone="danger"
        title={approvals.rejectTitle(number)}
        text={approvals.rejectText}
        refusal={actions.reject.reason}
        fields={[{ kind: 'lines', name: 'note', label: approvals.note, isRequired: true }]}
        changes={changes}
        run={(values, options) => call('approvals', 'reject', { ...request, note: textOf(values, 'note') }, options)}
      />
      {actions.withdraw.allowed && (
        <FormButton
          label={approvals.withdraw}
          title={approvals.withdrawTitle(number)}
          changes={changes}
          run={(_values, options) => call('approvals', 'withdraw', { approval: String(number) }, options)}
        />
      )}
    </>
  );
}
