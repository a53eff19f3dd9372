/** The page for whoever is not signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { meQuery } from '../api/me.ts';
import { ColourMenu } from '../frame/colour-menu.tsx';
import { LanguageButton } from '../frame/language-button.tsx';
import { ServerLinks } from '../frame/server-links.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Logo } from '../shared/icons.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { ownPath } from './own-path.ts';
import styles from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { signIn } = useTexts();
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  usePageTitle(signIn.title);

  async function enter() {
    // Of whoever was here before, nothing is left.
    queries.clear();
    await queries.fetchQuery(meQuery);
    router.history.push(`/console${ownPath(to)}`);
  }

  return (
    <div className={styles.page}>
      <header className={styles.tools}>
        <LanguageButton />
        <ColourMenu />
      </header>
      <main className={styles.main}>
        <div className={`card ${styles.card}`}>
          <div className={styles.head}>
            <Logo size={36} />
            <h1>{signIn.title}</h1>
          </div>
          <SignInForm onSignedIn={() => void enter()} />
          <div className={styles.hints}>
            <p>{signIn.firstStart}</p>
            <p>{signIn.forgotten}</p>
          </div>
        </div>
      </main>
      <footer className={styles.links}>
        <ServerLinks />
      </footer>
    </div>
  );
}
