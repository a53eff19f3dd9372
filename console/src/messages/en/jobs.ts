/** Jobs of the queue. */
export const jobs = {
  title: 'Jobs',
  count: (count: string) => (count === '1' ? '1 job' : `${count} jobs`),
  views: { failed: 'Given up', waiting: 'Waiting', running: 'Running', all: 'All' },
  columns: {
    kind: 'Kind',
    subject: 'Works on',
    state: 'State',
    error: 'Last error',
    next: 'Next try',
    attempts: 'Tries',
  },
  states: { waiting: 'Waiting', running: 'Running', failed: 'Given up' },
  empty: 'No jobs',
  emptyText: 'What the server does by itself later is listed here while it waits: checks, mails, webhooks, renewals.',
  retry: 'Retry',
  discard: 'Discard',
  discardTitle: (kind: string) => `Discard this job (${kind})?`,
  discardText: 'It is never done. An order that waits for it fails.',
  notFailed: 'It has not failed.',
} as const;
