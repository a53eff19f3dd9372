/** One request: what it changes, who asks for it, and the decision. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Copied, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { type Approval, ApprovalChanges, type ApprovalProps } from './approval-changes.tsx';
import { ApprovalChip } from './approval-chip.tsx';
import { ApprovalDecision } from './approval-decision.tsx';

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
  const { approvals } = useTexts();
  const { facts } = approvals;
  const { number, requestedBy, csrKey, acme, state, decisions } = approval;
  const isWaiting = state === 'pending' || state === 'submitted';
  const step =
    state === 'submitted' ? approvals.firstStep : decisions.length > 0 && isWaiting ? approvals.lastStep : '';
  return (
    <Page>
      <Head
        isPage={isPage}
        title={approvals.one(String(number))}
        chips={<ApprovalChip state={state} />}
        summary={step === '' ? approvals.asks[approval.asks] : `${approvals.asks[approval.asks]} · ${step}`}
      />
      <ApprovalChanges approval={approval} />
      {isWaiting && <ApprovalDecision approval={approval} />}
      <Decisions approval={approval} />
      <Card>
        <Facts
          rows={[
            [facts.account, visible(approval.accountName)],
            [
              facts.order,
              <Link key="order" to="/orders/$order" params={{ order: String(approval.orderNumber) }}>
                {approval.orderNumber}
              </Link>,
            ],
            [facts.by, requesterText()],
            [facts.from, approval.requestedFrom],
            [facts.at, <Moment key="at" at={approval.createdAt} />],
            [facts.comments, visible(approval.comments)],
            [facts.key, csrKey === null ? null : csrKey.algorithm],
            ['SHA-256', csrKey === null ? null : <Copied key="sha" value={csrKey.sha256} what="SHA-256" />],
            [facts.acme, acme === null ? null : visible(acme.contact)],
          ]}
        />
      </Card>
    </Page>
  );

  function requesterText(): string {
    if (requestedBy === null) return approvals.platform;
    const name = visible(requestedBy.name);
    return requestedBy.credential === null ? name : approvals.via(name, visible(requestedBy.credential));
  }
}

/** Who took which step. */
function Decisions({ approval: { decisions } }: ApprovalProps) {
  const { approvals } = useTexts();
  if (decisions.length === 0) return null;
  return (
    <Card title={approvals.decisions} isFlush>
      <Lines>
        {decisions.map(({ approve, by, note, at }) => (
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
  );
}
