/** One finding of each alarm, for docs/messages.md and tests. */
import { type AlarmFinding, type AlarmKey, finding } from '../../src/domain/alarm.ts';

export const alarmSamples: { readonly [K in AlarmKey]: AlarmFinding } = {
  crlLate: finding('crlLate', { authority: 'ca_01hv3x', hours: 50, until: '2026-06-08T08:30:00.000Z' }),
  crlMissing: finding('crlMissing', { authority: 'ca_01hv3x' }),
  outsideListEnding: finding('outsideListEnding', {
    authority: 'O=Example, CN=Example Root CA',
    days: 20,
    until: '2026-06-21T08:30:00.000Z',
  }),
  outsideListMissing: finding('outsideListMissing', { authority: 'O=Example, CN=Example Root CA' }),
  authorityRevoked: finding('authorityRevoked', {
    authority: 'O=Example, CN=Example TLS CA E1',
    by: 'O=Example, CN=Example Root CA',
  }),
  jobsNotRun: finding('jobsNotRun', { lane: 'local', jobs: 12, minutes: 15 }),
  jobsFail: finding('jobsFail', { kind: 'renew', jobs: 3 }),
  reissuesLate: finding('reissuesLate', { orders: 2, first: 10_023, until: '2026-06-08T08:30:00.000Z' }),
  renewalsRefused: finding('renewalsRefused', {
    orders: 3,
    first: 10_023,
    until: '2026-06-08T08:30:00.000Z',
    en: 'the balance is 10.00 CNY, but 99.00 CNY is needed',
    zh: '余额不足：需要 99.00 CNY，当前余额 10.00 CNY',
  }),
  validationsFail: finding('validationsFail', { names: 40, minutes: 35, reason: 'dnsTimeout' }),
  resolversAway: finding('resolversAway', { servers: '192.0.2.53:53, 192.0.2.54:53' }),
  upstreamAway: finding('upstreamAway', {
    upstream: 'letsencrypt',
    fault: 'no answer within 30 s',
    minutes: 20,
    orders: 12,
    others: 1,
  }),
  upstreamBudget: finding('upstreamBudget', {
    upstream: 'letsencrypt',
    budget: 'certificates per registered domain',
    subject: 'example.com',
    until: '2026-06-08T08:30:00.000Z',
    orders: 3,
  }),
  upstreamBalance: finding('upstreamBalance', {
    upstream: 'racent',
    balance: '85.00 CNY',
    limit: '200.00 CNY',
    others: 0,
  }),
  upstreamDifferences: finding('upstreamDifferences', { upstream: 'racent', orders: 3, others: 0 }),
  mailsNotSent: finding('mailsNotSent', { mails: 4, minutes: 20, answer: 'connect ECONNREFUSED 192.0.2.25:587' }),
  webhooksFail: finding('webhooksFail', { servers: 6, minutes: 45 }),
  clockWrong: finding('clockWrong', { en: "the server's clock went back", zh: '服务器时钟被回拨' }),
  diskFull: finding('diskFull', {}),
  databaseAway: finding('databaseAway', { minutes: 5 }),
  backupOld: finding('backupOld', { hours: 50 }),
};
