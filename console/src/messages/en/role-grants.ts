/** Roles that two people grant together. */
export const roleGrants = {
  title: 'Role grants',
  count: (count: string) => (count === '1' ? '1 grant' : `${count} grants`),
  columns: { subject: 'For', roles: 'Roles', by: 'Proposed by', decided: 'Decided by', state: 'State', at: 'Proposed' },
  states: { pending: 'Waits', confirmed: 'Confirmed', withdrawn: 'Withdrawn' },
  empty: 'No role grants',
  emptyText:
    'Where an account separates duties, one administrator proposes approvers and administrators and another confirms them.',
  propose: 'Propose roles',
  proposeText: 'Another administrator has to confirm them. They replace the roles that the user has.',
  user: 'User',
  userText: 'User name or number.',
  confirm: 'Confirm',
  confirmTitle: (name: string) => `Confirm the roles of ${name}?`,
  confirmText: (roles: string) => `From the next request on they have: ${roles}.`,
  own: 'You proposed it: somebody else has to confirm it.',
  withdraw: 'Withdraw',
  withdrawTitle: (name: string) => `Withdraw the roles of ${name}?`,
  withdrawText: 'They keep the roles that they have now.',
} as const;
