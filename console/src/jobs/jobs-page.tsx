/** The page of all jobs: those that were given up, and what an operator does about them. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { Prose } from '../shared/prose.tsx';
import styles from '../shared/row-acts.module.css';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';

type Job = RowOf<'jobs', 'list'>;

const againMs = 10_000;
/** The subject of work that is not about one object. */
const everything = 'all';

export function JobsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="jobs.list">
      <ListScreen list={jobList(texts, me)} />
    </Needs>
  );
}

function jobList({ jobs, list }: Texts, me: Me): ListDefinition<Job> {
  const { views, columns } = jobs;
  return {
    name: 'jobs',
    title: jobs.title,
    path: '/jobs',
    source: listSource('jobs', 'list'),
    paging: 'counted',
    againMs,
    filters: [
      { key: 'state', label: columns.state, values: jobs.states },
      { key: 'kind', label: columns.kind },
      { key: 'subject', label: columns.subject },
    ],
    views: [
      { key: 'failed', label: views.failed, filters: { state: 'failed' } },
      { key: 'waiting', label: views.waiting, filters: { state: 'waiting' } },
      { key: 'running', label: views.running, filters: { state: 'running' } },
      { key: 'all', label: views.all, filters: {} },
    ],
    columns: [
      {
        key: 'kind',
        label: columns.kind,
        width: 'minmax(110px, 1fr)',
        onCard: 'title',
        cell: ({ kind }) => <strong title={kind}>{kindText(kind, jobs)}</strong>,
      },
      {
        key: 'subject',
        label: columns.subject,
        width: 'minmax(120px, 1.2fr)',
        cell: ({ subject }) =>
          subject === everything ? <span className="dim">{jobs.everything}</span> : <code>{visible(subject)}</code>,
      },
      {
        key: 'state',
        label: columns.state,
        width: '104px',
        onCard: 'side',
        cell: ({ state }) => <State state={state} />,
      },
      {
        key: 'error',
        label: columns.error,
        width: 'minmax(180px, 2fr)',
        cell: ({ lastError }) =>
          lastError === null ? null : (
            <span className="dim">
              <Prose>{lastError}</Prose>
            </span>
          ),
      },
      {
        key: 'attempts',
        label: columns.attempts,
        width: '52px',
        isExtra: true,
        hasCardLabel: true,
        cell: ({ attempts }) => attempts,
      },
      {
        key: 'next',
        label: columns.next,
        width: '92px',
        isWide: true,
        cell: (row) => (row.state === 'waiting' ? <Relative at={row.runAt} /> : null),
      },
      { key: 'acts', label: list.acts, width: '92px', cell: (row) => <Acts job={row} me={me} /> },
    ],
    count: jobs.count,
    empty: { icon: 'jobs', title: jobs.empty, text: jobs.emptyText },
    actions: may(me, 'jobs.retry')
      ? [
          {
            key: 'retry',
            label: jobs.retry,
            icon: 'refresh',
            refusalOf: ({ lastError }) => (lastError === null ? jobs.notFailed : null),
            action: 'jobs.retry',
            idOf: ({ id }) => id,
          },
        ]
      : [],
  };
}

/** One that is newer than this page keeps its name. */
function kindText(kind: string, { kinds }: Texts['jobs']): string {
  const texts: Readonly<Record<string, string>> = kinds;
  return texts[kind] ?? kind;
}

const looks = {
  waiting: ['clock', 'idle'],
  running: ['refresh', 'info'],
  failed: ['alert', 'bad'],
} as const satisfies Record<Job['state'], readonly [IconName, Tone]>;

function State({ state }: Pick<Job, 'state'>) {
  const { jobs } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {jobs.states[state]}
    </Chip>
  );
}

function Acts({ job: { id, kind, lastError, state }, me }: { readonly job: Job; readonly me: Me }) {
  const { jobs } = useTexts();
  if (lastError === null || state === 'running') return null;
  return (
    <span className={styles.acts}>
      {may(me, 'jobs.retry') && (
        <ActButton label={jobs.retry} size="xs" changes={['jobs']} run={() => call('jobs', 'retry', { job: id })} />
      )}
      {may(me, 'jobs.discard') && (
        <FormButton
          label={jobs.discard}
          size="xs"
          tone="danger"
          isGuarded
          typed={kindText(kind, jobs)}
          title={jobs.discardTitle(kindText(kind, jobs))}
          text={jobs.discardText}
          changes={['jobs', 'orders']}
          run={(_values, options) => call('jobs', 'discard', { job: id }, options)}
        />
      )}
    </span>
  );
}
