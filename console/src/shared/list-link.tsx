/** A number that leads to the list of just what it counts: the API names the list and its filters, which are those of the page's address. */
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

export interface ListOfApi {
  /** `/api/v1/orders` */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface ListLinkProps {
  readonly list: ListOfApi;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** Plain text where the console has no page for that list. */
export function ListLink({ list, className, children }: ListLinkProps) {
  const router = useRouter();
  const page = list.path.replace(/^\/api\/v1/, '');
  if (!Object.keys(router.routesByPath).includes(page)) return <span className={className}>{children}</span>;
  const address = `/console${page}?${new URLSearchParams({ ...list.query }).toString()}`;

  function follow(event: MouseEvent) {
    // A new tab or window is the browser's.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(address);
  }

  return (
    <a href={address} className={className} onClick={follow}>
      {children}
    </a>
  );
}
