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

/** Pages that are not called what their list is, and the part of them that it is. */
const pageOf: Readonly<Record<string, string>> = {
  '/events': '/audit',
  '/upstreams': '/issuers#upstreams',
  '/authorities': '/issuers#authorities',
  '/authorities/plan': '/issuers#tasks',
  '/authorities/requests': '/issuers#requests',
};

/** Null where the console has no page for that list. */
export function useListAddress(): (list: ListOfApi) => string | null {
  const router = useRouter();
  return ({ path, query }) => {
    const list = path.replace(/^\/api\/v1/, '');
    const [page = '', part] = (pageOf[list] ?? list).split('#');
    // One account alone has a page of its own, and no filters.
    const isKnown = Object.keys(router.routesByPath).includes(page) || /^\/accounts\/\d+$/.test(page);
    if (!isKnown) return null;
    const search = new URLSearchParams({ ...query }).toString();
    return `/console${page}${search === '' ? '' : `?${search}`}${part === undefined ? '' : `#${part}`}`;
  };
}

/** Goes there within the console; a new tab or window is the browser's. */
export function useFollow(): (event: MouseEvent, address: string) => void {
  const router = useRouter();
  return (event, address) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(address);
  };
}

/** Plain text where the console has no page for that list. */
export function ListLink({ list, className, children }: ListLinkProps) {
  const follow = useFollow();
  const address = useListAddress()(list);
  if (address === null) return <span className={className}>{children}</span>;
  return (
    <a href={address} className={className} onClick={(event) => follow(event, address)}>
      {children}
    </a>
  );
}
