/** Every metric of certmux: `/metrics` is made from this, and so is the table of docs/metrics.md. */

interface MetricBase {
  readonly name: `certmux_${string}`;
  readonly help: string;
  /**
   * `process`: each process counts its own; add them up. `installation`: read from the database, so that every process shows the same;
   * take one of them.
   */
  readonly of: 'process' | 'installation';
  readonly labels?: readonly string[];
}

export interface CountingMetric extends MetricBase {
  readonly kind: 'counter' | 'gauge';
}

export interface HistogramMetric extends MetricBase {
  readonly kind: 'histogram';
  readonly buckets: readonly number[];
}

export type Metric = CountingMetric | HistogramMetric;

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export const metrics = {
  info: {
    name: 'certmux_info',
    kind: 'gauge',
    of: 'process',
    labels: ['version', 'role'],
    help: 'Always 1: the version that runs, and what the node does',
  },
  requests: {
    name: 'certmux_http_requests_total',
    kind: 'counter',
    of: 'process',
    labels: ['dialect', 'status'],
    help: 'Requests answered, by front door and HTTP status',
  },
  requestDuration: {
    name: 'certmux_http_request_duration_seconds',
    kind: 'histogram',
    of: 'process',
    labels: ['dialect'],
    buckets: seconds,
    help: 'Time from the first byte of a request to its answer, by front door',
  },
  refusals: {
    name: 'certmux_refusals_total',
    kind: 'counter',
    of: 'process',
    labels: ['reason'],
    help: 'Requests refused, by reason: its key in docs/messages.md, such as insufficientBalance',
  },
  validations: {
    name: 'certmux_validations_total',
    kind: 'counter',
    of: 'process',
    labels: ['method', 'result', 'reason'],
    help: 'Places looked at for the proof of a name, by method; result is proved, failed, or aborted, and reason says why it failed',
  },
  issuanceDuration: {
    name: 'certmux_issuance_duration_seconds',
    kind: 'histogram',
    of: 'process',
    labels: ['issuer'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60, 600, 3600, 86_400],
    help: 'Time from when an issuer was to make a certificate (names proved, approved, CSR there) until it was stored; its count is the certificates issued',
  },
  upstreamCalls: {
    name: 'certmux_upstream_calls_total',
    kind: 'counter',
    of: 'process',
    labels: ['upstream', 'result'],
    help: 'Steps of orders at upstreams, by our account there; result is answered (also a refusal), limited (it has taken as much as it will at present), or unanswered',
  },
  mails: {
    name: 'certmux_mails_total',
    kind: 'counter',
    of: 'process',
    labels: ['result'],
    help: 'Mails handed to the mail server; result is sent, delayed (tried again), or refused (for good)',
  },
  deliveries: {
    name: 'certmux_webhook_deliveries_total',
    kind: 'counter',
    of: 'process',
    labels: ['result'],
    help: "Messages sent to customers' servers; result is delivered, refused, or unanswered (both are tried again)",
  },
  jobRuns: {
    name: 'certmux_job_runs_total',
    kind: 'counter',
    of: 'process',
    labels: ['kind', 'result'],
    help: 'Runs of jobs; result is done, again_later, failed (tried again), or given_up',
  },
  dnsAnswers: {
    name: 'certmux_dns_answers_total',
    kind: 'counter',
    of: 'process',
    labels: ['transport', 'result'],
    help: "Answers of the alias zone's DNS server; result is the response code, such as NOERROR or SERVFAIL, or truncated (to be asked for again over TCP)",
  },
  dnsDropped: {
    name: 'certmux_dns_dropped_total',
    kind: 'counter',
    of: 'process',
    labels: ['transport', 'reason'],
    help: "Packets and connections that the alias zone's DNS server did not answer; reason is unreadable (no query), rate (its network has had its share), or busy (too many at once)",
  },
  groupSize: {
    name: 'certmux_database_group_transactions',
    kind: 'histogram',
    of: 'process',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    help: 'Transactions that one wait for the disk made durable (on PostgreSQL always 1)',
  },
  groupWait: {
    name: 'certmux_database_wait_seconds',
    kind: 'histogram',
    of: 'process',
    buckets: seconds,
    help: 'How long the transaction of a group that waited the longest took, from its beginning in the queue until it was durable',
  },
  transactions: {
    name: 'certmux_database_transactions_total',
    kind: 'counter',
    of: 'process',
    help: 'Transactions committed on PostgreSQL',
  },
  retries: {
    name: 'certmux_database_retries_total',
    kind: 'counter',
    of: 'process',
    help: 'Runs of transactions on PostgreSQL that were undone and run again, since another was in the way or the connection was lost',
  },
  givenUp: {
    name: 'certmux_database_given_up_total',
    kind: 'counter',
    of: 'process',
    help: 'Transactions on PostgreSQL that were given up, and refused as unavailable',
  },
  clockFault: {
    name: 'certmux_clock_fault',
    kind: 'gauge',
    of: 'process',
    help: '1 while the clock is known to be wrong and nothing is signed',
  },
  clockBehind: {
    name: 'certmux_clock_behind_seconds',
    kind: 'gauge',
    of: 'process',
    help: 'How far the clock stands behind the latest time it has shown',
  },
  clockSteps: {
    name: 'certmux_clock_steps_total',
    kind: 'counter',
    of: 'process',
    labels: ['direction'],
    help: 'How often the clock was set by more than a second, forward or back',
  },
  diskFree: {
    name: 'certmux_disk_free_bytes',
    kind: 'gauge',
    of: 'process',
    help: 'Space left on the disk of the data directory, beside the reserve',
  },
  diskFull: {
    name: 'certmux_disk_full',
    kind: 'gauge',
    of: 'process',
    help: '1 while too little space is left, and only revocation still works',
  },
  alarm: {
    name: 'certmux_alarm',
    kind: 'gauge',
    of: 'process',
    labels: ['alarm'],
    help: '1 while the watchdog sees that something does not succeed that should, by alarm (docs/operations.md)',
  },
  watchdog: {
    name: 'certmux_watchdog_looks_total',
    kind: 'counter',
    of: 'process',
    help: 'Looks of the watchdog, one a minute: if it stands still, no alarm would come',
  },
  upstreamBreaker: {
    name: 'certmux_upstream_breaker_open',
    kind: 'gauge',
    of: 'installation',
    labels: ['upstream'],
    help: '1 while an upstream is away and nothing but probes is sent there, by our account',
  },
  upstreamBudget: {
    name: 'certmux_upstream_budget_left_ratio',
    kind: 'gauge',
    of: 'installation',
    labels: ['upstream', 'budget'],
    help: 'What is left of a budget at an upstream, 0 to 1, for the subject (such as a domain) that spent most of it; at most a minute old',
  },
  upstreamBalance: {
    name: 'certmux_upstream_balance',
    kind: 'gauge',
    of: 'installation',
    labels: ['upstream', 'currency'],
    help: 'What is left of a prepaid balance at an upstream, in units of its currency; about an hour old',
  },
  upstreamOrders: {
    name: 'certmux_upstream_orders',
    kind: 'gauge',
    of: 'installation',
    labels: ['upstream', 'state'],
    help: 'Orders under way at upstreams, by state; at most a minute old',
  },
  orders: {
    name: 'certmux_orders',
    kind: 'gauge',
    of: 'installation',
    labels: ['state'],
    help: 'Orders by state, at most a minute old',
  },
  certificates: {
    name: 'certmux_certificates',
    kind: 'gauge',
    of: 'installation',
    labels: ['ends_in_days'],
    help: 'Certificates of active orders (the newest of each, duplicates aside) by the days until they end, at most a minute old',
  },
  jobs: {
    name: 'certmux_jobs',
    kind: 'gauge',
    of: 'installation',
    labels: ['state'],
    help: 'Jobs in the queue by state, counted up to 10000; failed ones were given up and need a look',
  },
  jobsDue: {
    name: 'certmux_jobs_due',
    kind: 'gauge',
    of: 'installation',
    labels: ['lane'],
    help: 'Jobs whose time has come and that nobody has taken, by lane, counted up to 10000',
  },
  jobsOldestDue: {
    name: 'certmux_jobs_oldest_due_seconds',
    kind: 'gauge',
    of: 'installation',
    labels: ['lane'],
    help: 'How long the oldest of them has waited, by lane; 0 where none is due',
  },
  jobsRetried: {
    name: 'certmux_jobs_retried',
    kind: 'gauge',
    of: 'installation',
    labels: ['kind'],
    help: 'Jobs that have failed three times in a row or more and are tried again, by kind, counted up to 10000',
  },
  crlAge: {
    name: 'certmux_crl_age_seconds',
    kind: 'gauge',
    of: 'installation',
    labels: ['authority'],
    help: "Age of each authority's revocation list, which is renewed every day",
  },
  crlEnd: {
    name: 'certmux_crl_end_seconds',
    kind: 'gauge',
    of: 'installation',
    labels: ['authority'],
    help: "End of each authority's revocation list (nextUpdate), in Unix time; after it, strict clients refuse its certificates",
  },
  authorityEnd: {
    name: 'certmux_authority_end_seconds',
    kind: 'gauge',
    of: 'installation',
    labels: ['authority', 'role'],
    help: 'End of each authority, in Unix time',
  },
  authorityEndsSoon: {
    name: 'certmux_authority_ends_soon',
    kind: 'gauge',
    of: 'installation',
    labels: ['authority', 'role'],
    help: '1 for an authority that is to be replaced now, years before its end',
  },
  backupAge: {
    name: 'certmux_backup_age_seconds',
    kind: 'gauge',
    of: 'installation',
    help: 'Time since the last backup that certmux made itself; absent while there is none',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** The help text as Prometheus shows it. */
export function helpOf({ help, of }: Metric): string {
  return `${help} (${of === 'process' ? 'this process' : 'whole installation'})`;
}
