/** What the server is, and what it is set to. Secrets are not in what it answers. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts, Lines } from '../shared/object.tsx';
import { Moment, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './settings.module.css';

type Server = Reply<'server', 'show'>;

export function ServerCards() {
  const { settings } = useTexts();
  const query = useQuery({
    queryKey: ['server'],
    queryFn: ({ signal }) => call('server', 'show', {}, { signal }),
  });
  return (
    <Detail query={query} unknown={settings.server}>
      {(server) => (
        <>
          <Card title={settings.server}>
            <ServerFacts server={server} />
          </Card>
          {server.nodes.length > 1 && (
            <Card title={settings.facts.nodes} isFlush>
              <Lines>
                {server.nodes.map(({ name, version, role, seenAt }) => (
                  <li key={name}>
                    <span>
                      <span>{visible(name)}</span>
                      <span className="dim small">{`${role} · ${version}`}</span>
                    </span>
                    <Relative at={seenAt} />
                  </li>
                ))}
              </Lines>
            </Card>
          )}
          <details className={`card ${styles.text}`}>
            <summary>{settings.config}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard */}
            <pre tabIndex={0}>{JSON.stringify(server.config, null, 2).split('\n').map(visible).join('\n')}</pre>
          </details>
          <details className={`card ${styles.text}`}>
            <summary>{settings.libraries}</summary>
            <Lines>
              {server.libraries.map(({ name, version, licence }) => (
                <li key={name}>
                  <span>{`${name} ${version}`}</span>
                  <span className="dim">{licence}</span>
                </li>
              ))}
            </Lines>
          </details>
        </>
      )}
    </Detail>
  );
}

function ServerFacts({ server }: { readonly server: Server }) {
  const { facts } = useTexts().settings;
  const { mail, jobs, resolvers, listeners } = server;
  return (
    <Facts
      rows={[
        [facts.version, server.version],
        [facts.address, server.publicUrl],
        [facts.listeners, listeners.join(', ')],
        [facts.started, <Moment key="started" at={server.startedAt} />],
        [facts.clock, <Moment key="now" at={server.now} />],
        [facts.clockFault, server.clockFault],
        [facts.disk, server.isDiskFull ? facts.diskFull : null],
        [facts.database, server.database.title],
        [facts.data, <code key="data">{server.dataDirectory}</code>],
        [facts.mail, mail === null ? facts.noMail : `${mail.server} · ${mail.from}`],
        [facts.resolvers, resolvers.join(', ')],
        [facts.jobs, facts.jobsText(jobs.waiting, jobs.running, jobs.failed)],
      ]}
    />
  );
}
