/** The parts of an account as a tree: what may be ordered in each, and what is changed about it. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { useOfAccount } from '../frame/chosen-account.ts';
import { Needs } from '../frame/needs.tsx';
import { OfOneAccount } from '../frame/of-one-account.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import { Detail } from '../shared/detail.tsx';
import { Head, Page } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import { AddContainer, ContainerActs } from './container-acts.tsx';
import styles from './containers.module.css';

export type Container = Reply<'containers', 'list'>['items'][number];

export function ContainersPage() {
  const { containers } = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="containers.list">
      <OfOneAccount icon="organization" title={containers.title}>
        <Tree me={me} />
      </OfOneAccount>
    </Needs>
  );
}

function Tree({ me }: { readonly me: Me }) {
  const { containers } = useTexts();
  const of = useOfAccount();
  const query = useQuery({
    queryKey: ['containers', of],
    queryFn: ({ signal }) => call('containers', 'list', of, { signal }),
  });
  return (
    <Page>
      <Head isPage title={containers.title} summary={containers.text} />
      <Detail query={query} unknown={containers.title}>
        {({ items }) => (
          <div className={`card ${styles.tree}`}>
            <Branch parentId={null} all={items} me={me} />
          </div>
        )}
      </Detail>
    </Page>
  );
}

interface BranchProps {
  readonly parentId: string | null;
  readonly all: readonly Container[];
  readonly me: Me;
}

function Branch({ parentId, all, me }: BranchProps) {
  const own = all.filter((container) => container.parentId === parentId);
  if (own.length === 0) return null;
  return (
    <ul className={styles.branch}>
      {own.map((container) => (
        <li key={container.id}>
          <Line container={container} me={me} />
          <Branch parentId={container.id} all={all} me={me} />
        </li>
      ))}
    </ul>
  );
}

function Line({ container, me }: { readonly container: Container; readonly me: Me }) {
  const { containers } = useTexts();
  const { number, name, description, state, allowedNames } = container;
  return (
    <div className={styles.line}>
      <div className={styles.what}>
        <p className={styles.name}>
          <strong>{visible(name)}</strong> <span className="dim small">{number}</span>
          {state === 'inactive' && (
            <Chip icon="stop" tone="idle">
              {containers.states.inactive}
            </Chip>
          )}
        </p>
        {description !== '' && <p className="dim">{visible(description)}</p>}
        <p className="small">
          <span className="dim">{containers.names}</span>{' '}
          {allowedNames === null ? containers.anyName : allowedNames.map(visible).join(', ')}
        </p>
      </div>
      <div className={styles.acts}>
        {may(me, 'containers.add') && state === 'active' && <AddContainer parent={container} />}
        {may(me, 'containers.change') && <ContainerActs container={container} />}
      </div>
    </div>
  );
}
