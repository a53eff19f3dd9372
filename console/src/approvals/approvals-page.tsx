/** The inbox of approvals, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { ApprovalBody } from './approval-body.tsx';
import { approvalList } from './approval-list.tsx';

export function ApprovalsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="approvals.list">
      <ListScreen list={approvalList(texts, me)} />
    </Needs>
  );
}

export function ApprovalPage() {
  const { approvals } = useTexts();
  return (
    <ObjectPage
      operation="approvals.show"
      list="/approvals"
      listTitle={approvals.title}
      title={approvals.one}
      Body={ApprovalBody}
    />
  );
}
