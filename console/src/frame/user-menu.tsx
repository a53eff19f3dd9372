/** Who is signed in, and the way out. */
import { Menu, UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import type { Me } from '../api/me.ts';
import { notePerson } from '../api/session-gate.ts';
import { endStream } from '../live/use-live.ts';
import { documentLanguages } from '../preferences/spoken-language.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { SchemeItems } from './colour-menu.tsx';
import styles from './frame.module.css';
import { useOtherLanguage } from './language-button.tsx';

export function UserMenu({ me }: { readonly me: Me }) {
  const { frame } = useTexts();
  const { other, choose } = useOtherLanguage();
  const signOut = useSignOut();
  const name = visible(me.user?.name ?? me.actor.name);
  const roles = me.roles.map((role) => frame.roles[role]).join(' · ');

  return (
    <Menu position="bottom-end" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={styles.user} aria-label={frame.userMenu(name)}>
          <span className={styles.face} aria-hidden="true">
            <Icon name="person" />
          </span>
          <span className={styles.userName}>{name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{name}</strong>
          <span className="dim small">{roles}</span>
          {me.account !== null && <span className="dim small">{frame.account(visible(me.account.name))}</span>}
        </div>
        <Menu.Divider />
        <Menu.Item lang={documentLanguages[other]} leftSection={<Icon name="globe" />} onClick={() => void choose()}>
          {frame.otherLanguage}
        </Menu.Item>
        <SchemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => void signOut()}>
          {frame.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Ends the session. One that is over already is as good. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call('session', 'end', {}, { endsSignedOut: true }).catch(() => undefined);
    notePerson(false);
    endStream();
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
}
