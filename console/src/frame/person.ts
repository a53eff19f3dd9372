/** Keeps a tab to one person: what was read for one is never shown to another, nor done in the name of another. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Me } from '../api/me.ts';
import { announcePerson, hearPerson } from '../api/person-channel.ts';
import { notePerson } from '../api/session-gate.ts';

const idOf = ({ user, actor }: Me) => user?.id ?? actor.id;

/**
 * True while the page is the person's for whom it was opened. Where somebody else has signed in, here or in another tab, everything is
 * forgotten and the page is loaded again; where they signed out in another tab, this one leads to signing in.
 */
export function useOnePerson(me: Me): boolean {
  const queries = useQueryClient();
  const router = useRouter();
  const now = idOf(me);
  const [first] = useState(now);
  const isSame = now === first;

  useEffect(() => {
    function startAgain() {
      notePerson(false);
      queries.clear();
      window.location.reload();
    }
    if (!isSame) {
      startAgain();
      return;
    }
    announcePerson(first);
    return hearPerson((person) => {
      if (person === first) return;
      if (person !== null) return startAgain();
      notePerson(false);
      queries.clear();
      void router.navigate({ to: '/sign-in' });
    });
  }, [isSame, first, queries, router]);
  return isSame;
}
