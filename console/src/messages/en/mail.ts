/** Mailboxes that get no mail. */
export const mail = {
  title: 'Stopped mail',
  count: (count: string) => (count === '1' ? '1 mailbox' : `${count} mailboxes`),
  columns: { address: 'Mailbox', by: 'Stopped by', from: 'From', at: 'Since' },
  reader: 'Its reader',
  empty: 'Every mailbox gets mail',
  emptyText:
    'Whoever reads a mailbox can stop all mail to it by the link in each mail. Such mailboxes are listed here.',
  stop: 'Stop mail to a mailbox',
  stopText:
    'Nothing is sent there from now on: no confirmations, no reminders, no certificates, whichever account asks.',
  lift: 'Allow again',
  liftTitle: (address: string) => `Send ${address} mail again?`,
  liftText: 'Ask its reader first: they, or an operator, wanted no mail.',
} as const;
