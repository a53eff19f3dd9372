/** The page of an object, by the prefix of its id. */

const pages: Readonly<Record<string, string>> = {
  acc: '/accounts/',
  apr: '/approvals/',
  crt: '/certificates/',
  dom: '/domains/',
  ord: '/orders/',
  org: '/organizations/',
  usr: '/users/',
};

/** `/orders/ord_…`; undefined: there is no page of one of these. */
export function pageOfId(id: string): string | undefined {
  const [prefix = ''] = id.split('_', 1);
  const path = pages[prefix];
  return path === undefined ? undefined : `${path}${id}`;
}
