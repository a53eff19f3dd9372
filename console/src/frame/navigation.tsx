/** The pages by what they are about, at the side; on phones the first four at the bottom, and the others behind a button. */
import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Me } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './frame.module.css';
import { type Page, pagesOf } from './pages.ts';
import { ServerLinks } from './server-links.tsx';

const groups = ['work', 'people', 'platform'] as const;
const inBar = 4;

export function Navigation({ me }: { readonly me: Me }) {
  const { frame } = useTexts();
  const pages = pagesOf(me);
  const others = pages.slice(inBar);
  return (
    <nav className={styles.navigation} aria-label={frame.navigation}>
      <div className={styles.groups}>
        {groups.map((group) => {
          const ofGroup = pages.filter((page) => page.group === group);
          if (ofGroup.length === 0) return null;
          return (
            <div key={group} className={styles.group}>
              {group !== 'work' && <p className={styles.groupName}>{frame.groups[group]}</p>}
              <ul aria-label={frame.groups[group]}>
                {ofGroup.map((page) => (
                  <li key={page.name} data-bar={pages.indexOf(page) < inBar}>
                    <PageLink page={page} />
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
        {others.length > 0 && (
          <div className={styles.moreOnPhones}>
            <MorePages pages={others} />
          </div>
        )}
      </div>
      <div className={styles.links}>
        <ServerLinks />
        <span className="dim">{frame.version(me.server.version)}</span>
      </div>
    </nav>
  );
}

function PageLink({ page: { name, to, icon, search } }: { readonly page: Page }) {
  const { frame } = useTexts();
  return (
    <Link
      to={to}
      search={search ?? {}}
      className={styles.page}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
    >
      <Icon name={icon} size={20} />
      <span>{frame.pages[name]}</span>
    </Link>
  );
}

function MorePages({ pages }: { readonly pages: readonly Page[] }) {
  const { frame } = useTexts();
  return (
    <Menu position="top-end" width={220} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={styles.page}>
          <Icon name="more" size={20} />
          <span>{frame.more}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.morePages}>
        {pages.map(({ name, to, icon, search }) => (
          <Menu.Item
            key={name}
            renderRoot={(props) => <Link {...props} to={to} search={search ?? {}} />}
            leftSection={<Icon name={icon} size={18} />}
          >
            {frame.pages[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
