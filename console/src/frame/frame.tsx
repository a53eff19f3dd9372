/** Around every page: navigation at the side, on phones at the bottom; header; what went wrong with the connection; signing in again. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { type Me, meQuery } from '../api/me.ts';
import { Problem } from '../api/problem.ts';
import { notePerson } from '../api/session-gate.ts';
import { useLive } from '../live/use-live.ts';
import { showTimesIn } from '../preferences/shown-zone.ts';
import { useSpoken } from '../preferences/texts-provider.tsx';
import { Loading, Skeleton } from '../shared/blocks.tsx';
import { CrashGuard } from '../shared/crash-guard.tsx';
import { Failure } from '../shared/failure.tsx';
import { Logo } from '../shared/icons.tsx';
import { UndoBar } from '../shared/undo/undo-bar.tsx';
import { AccountChip } from './account-chip.tsx';
import { AccountSwitcher } from './account-switcher.tsx';
import { maySwitch } from './chosen-account.ts';
import { ColourMenu } from './colour-menu.tsx';
import styles from './frame.module.css';
import { LanguageButton } from './language-button.tsx';
import { Navigation } from './navigation.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { useOnePerson } from './person.ts';
import { Shortcuts } from './shortcuts.tsx';
import { useSignOut } from './sign-out.ts';
import { UserMenu } from './user-menu.tsx';

// Dialogs over every page: not of the first load, and at hand before they are needed, since the frame draws them at once.
const SignInOverlay = lazy(async () => ({
  default: (await import('../sign-in/sign-in-overlay.tsx')).SignInOverlay,
}));
const SignOutFailure = lazy(async () => ({ default: (await import('./sign-out-failure.tsx')).SignOutFailure }));

/** Asks who is signed in, and leads to signing in where it is nobody. */
export function Frame() {
  const { data, error, refetch, isFetching } = useQuery(meQuery);
  const router = useRouter();
  const isSignedOut = error instanceof Problem && error.status === 401;
  useEffect(() => {
    if (!isSignedOut) return;
    const { pathname, searchStr } = router.latestLocation;
    const to = `${pathname}${searchStr}`;
    void router.navigate({ to: '/sign-in', search: to === '/' ? {} : { to }, replace: true });
  }, [isSignedOut, router]);
  if (data !== undefined) return <SignedIn me={data} />;
  if (error !== null && !isSignedOut)
    return <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />;
  return (
    <Loading>
      <div className={styles.starting}>
        <Skeleton width={180} height={28} />
        <Skeleton width="100%" height={200} />
      </div>
    </Loading>
  );
}

function SignedIn({ me }: { readonly me: Me }) {
  const { texts } = useSpoken();
  const { frame } = texts;
  const { pathname } = useLocation();
  const out = useSignOut();
  const isSamePerson = useOnePerson(me);
  useEffect(() => {
    notePerson(true);
    return () => notePerson(false);
  }, []);
  useChosenLanguage(me);
  useLive();
  const zone = me.user?.zone ?? null;
  useEffect(() => showTimesIn(zone), [zone]);
  if (!isSamePerson) return null;

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {frame.skip}
      </a>
      <header className={styles.header}>
        <Link to="/" className={styles.brand}>
          <Logo />
          <span>{frame.product}</span>
        </Link>
        <div className={styles.tools}>
          {maySwitch(me) && <AccountSwitcher />}
          <Shortcuts me={me} />
          <span className={styles.wideOnly}>
            <LanguageButton />
            <ColourMenu />
          </span>
          <UserMenu me={me} onSignOut={() => void out.signOut()} />
        </div>
      </header>
      <Navigation me={me} />
      <main className={styles.content} id="content" tabIndex={-1}>
        <OfflineBanner />
        <AccountChip />
        <CrashGuard resetKey={pathname}>
          <Outlet />
        </CrashGuard>
      </main>
      <UndoBar />
      <Suspense>
        <SignOutFailure {...out} />
        <SignInOverlay
          username={me.user?.username ?? ''}
          person={me.user?.id ?? me.actor.id}
          onLeave={() => void out.signOut()}
        />
      </Suspense>
    </div>
  );
}

/** The person's own language, where this browser has not been given another. */
function useChosenLanguage({ user }: Me): void {
  const { language, choose } = useSpoken();
  const wanted = user?.language ?? null;
  useEffect(() => {
    const isChosenHere = /(?:^|;\s*)certmux_language=/.test(document.cookie);
    if (wanted !== null && wanted !== language && !isChosenHere) void choose(wanted);
  }, [wanted, language, choose]);
}
