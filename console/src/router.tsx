/**
 * The pages by their addresses. What a list shows is in its address alone, so that a reload, the way back and a shared link show the same. Each page is a
 * part that is loaded when it is opened.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  retainSearchParams,
  stringifySearchWith,
} from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { NoSuchPage } from './frame/no-such-page.tsx';
import { ordersSearch } from './orders/search.ts';
import { Crashed } from './shared/crash-guard.tsx';
import { listSearch } from './shared/list/address.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NoSuchPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  component: SignInPage,
  validateSearch: (search: Record<string, unknown>): { readonly to?: string } =>
    typeof search.to === 'string' ? { to: search.to } : {},
});

/** Everything for which somebody has to be signed in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: Frame,
  validateSearch: ({ account }: Record<string, unknown>): { readonly account?: string | undefined } =>
    account === undefined || account === '' ? {} : { account: String(account) },
  // The account that is looked at goes along from page to page.
  search: { middlewares: [retainSearchParams(['account'])] },
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});

const welcome = createRoute({
  getParentRoute: () => frame,
  path: 'welcome',
  component: lazyRouteComponent(() => import('./welcome/welcome-page.tsx'), 'WelcomePage'),
});

const orders = createRoute({
  getParentRoute: () => frame,
  path: 'orders',
  component: lazyRouteComponent(() => import('./orders/orders-page.tsx'), 'OrdersPage'),
  validateSearch: ordersSearch,
});

const order = createRoute({
  getParentRoute: () => frame,
  path: 'orders/$order',
  component: lazyRouteComponent(() => import('./orders/order-page.tsx'), 'OrderPage'),
});

const newOrder = createRoute({
  getParentRoute: () => frame,
  path: 'orders/new',
  component: lazyRouteComponent(() => import('./new-order/new-order-page.tsx'), 'NewOrderPage'),
  // An order that ended, of which another is placed like it.
  validateSearch: ({ again }: Record<string, unknown>): { readonly again?: string } =>
    again === undefined ? {} : { again: String(again) },
});

const orderTab = createRoute({
  getParentRoute: () => frame,
  path: 'orders/$order/$tab',
  component: lazyRouteComponent(() => import('./orders/order-page.tsx'), 'OrderPage'),
});

/** What a link shows: nobody has to be signed in. */
const shared = createRoute({
  getParentRoute: () => root,
  path: 'shared/$token',
  component: lazyRouteComponent(() => import('./orders/shared-page.tsx'), 'SharedPage'),
});

const certificates = createRoute({
  getParentRoute: () => frame,
  path: 'certificates',
  component: lazyRouteComponent(() => import('./certificates/certificates-page.tsx'), 'CertificatesPage'),
  validateSearch: listSearch,
});

const certificate = createRoute({
  getParentRoute: () => frame,
  path: 'certificates/$reference',
  component: lazyRouteComponent(() => import('./certificates/certificates-page.tsx'), 'CertificatePage'),
});

const approvals = createRoute({
  getParentRoute: () => frame,
  path: 'approvals',
  component: lazyRouteComponent(() => import('./approvals/approvals-page.tsx'), 'ApprovalsPage'),
  validateSearch: listSearch,
});

const approval = createRoute({
  getParentRoute: () => frame,
  path: 'approvals/$reference',
  component: lazyRouteComponent(() => import('./approvals/approvals-page.tsx'), 'ApprovalPage'),
});

const domains = createRoute({
  getParentRoute: () => frame,
  path: 'domains',
  component: lazyRouteComponent(() => import('./domains/domains-page.tsx'), 'DomainsPage'),
  validateSearch: listSearch,
});

const domain = createRoute({
  getParentRoute: () => frame,
  path: 'domains/$reference',
  component: lazyRouteComponent(() => import('./domains/domains-page.tsx'), 'DomainPage'),
});

const organizations = createRoute({
  getParentRoute: () => frame,
  path: 'organizations',
  component: lazyRouteComponent(() => import('./organizations/organizations-page.tsx'), 'OrganizationsPage'),
  validateSearch: listSearch,
});

const organization = createRoute({
  getParentRoute: () => frame,
  path: 'organizations/$reference',
  component: lazyRouteComponent(() => import('./organizations/organizations-page.tsx'), 'OrganizationPage'),
});

const accounts = createRoute({
  getParentRoute: () => frame,
  path: 'accounts',
  component: lazyRouteComponent(() => import('./accounts/accounts-page.tsx'), 'AccountsPage'),
  validateSearch: listSearch,
});

const account = createRoute({
  getParentRoute: () => frame,
  path: 'accounts/$reference',
  component: lazyRouteComponent(() => import('./accounts/accounts-page.tsx'), 'AccountPage'),
});

const ledger = createRoute({
  getParentRoute: () => frame,
  path: 'accounts/$reference/ledger',
  component: lazyRouteComponent(() => import('./accounts/ledger-page.tsx'), 'LedgerPage'),
  validateSearch: listSearch,
});

const users = createRoute({
  getParentRoute: () => frame,
  path: 'users',
  component: lazyRouteComponent(() => import('./users/users-page.tsx'), 'UsersPage'),
  validateSearch: listSearch,
});

const user = createRoute({
  getParentRoute: () => frame,
  path: 'users/$reference',
  component: lazyRouteComponent(() => import('./users/users-page.tsx'), 'UserPage'),
});

const credentials = createRoute({
  getParentRoute: () => frame,
  path: 'credentials',
  component: lazyRouteComponent(() => import('./credentials/credentials-page.tsx'), 'CredentialsPage'),
  validateSearch: listSearch,
});

const credential = createRoute({
  getParentRoute: () => frame,
  path: 'credentials/$reference',
  component: lazyRouteComponent(() => import('./credentials/credentials-page.tsx'), 'CredentialPage'),
});

const webhooks = createRoute({
  getParentRoute: () => frame,
  path: 'webhooks',
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.tsx'), 'WebhooksPage'),
  validateSearch: listSearch,
});

const webhook = createRoute({
  getParentRoute: () => frame,
  path: 'webhooks/$reference',
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.tsx'), 'WebhookPage'),
});

const jobs = createRoute({
  getParentRoute: () => frame,
  path: 'jobs',
  component: lazyRouteComponent(() => import('./jobs/jobs-page.tsx'), 'JobsPage'),
  validateSearch: listSearch,
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: 'audit',
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
  validateSearch: listSearch,
});

const deliveries = createRoute({
  getParentRoute: () => frame,
  path: 'deliveries',
  component: lazyRouteComponent(() => import('./webhooks/deliveries-page.tsx'), 'DeliveriesPage'),
  validateSearch: listSearch,
});

const products = createRoute({
  getParentRoute: () => frame,
  path: 'products',
  component: lazyRouteComponent(() => import('./products/products-page.tsx'), 'ProductsPage'),
  validateSearch: listSearch,
});

const issuers = createRoute({
  getParentRoute: () => frame,
  path: 'issuers',
  component: lazyRouteComponent(() => import('./issuers/issuers-page.tsx'), 'IssuersPage'),
  validateSearch: listSearch,
});

const reports = createRoute({
  getParentRoute: () => frame,
  path: 'reports',
  component: lazyRouteComponent(() => import('./reports/reports-page.tsx'), 'ReportsPage'),
  validateSearch: listSearch,
});

const months = createRoute({
  getParentRoute: () => frame,
  path: 'reports/months',
  component: lazyRouteComponent(() => import('./reports/months-page.tsx'), 'MonthsPage'),
  validateSearch: listSearch,
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: 'settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
  validateSearch: listSearch,
});

const acmeKeys = createRoute({
  getParentRoute: () => frame,
  path: 'acme-keys',
  component: lazyRouteComponent(() => import('./acme-keys/acme-keys-page.tsx'), 'AcmeKeysPage'),
  validateSearch: listSearch,
});

const acmeKey = createRoute({
  getParentRoute: () => frame,
  path: 'acme-keys/$reference',
  component: lazyRouteComponent(() => import('./acme-keys/acme-keys-page.tsx'), 'AcmeKeyPage'),
});

const containers = createRoute({
  getParentRoute: () => frame,
  path: 'containers',
  component: lazyRouteComponent(() => import('./containers/containers-page.tsx'), 'ContainersPage'),
  validateSearch: listSearch,
});

const customFields = createRoute({
  getParentRoute: () => frame,
  path: 'custom-fields',
  component: lazyRouteComponent(() => import('./custom-fields/custom-fields-page.tsx'), 'CustomFieldsPage'),
  validateSearch: listSearch,
});

const alarms = createRoute({
  getParentRoute: () => frame,
  path: 'alarms',
  component: lazyRouteComponent(() => import('./alarms/alarms-page.tsx'), 'AlarmsPage'),
  validateSearch: listSearch,
});

const mail = createRoute({
  getParentRoute: () => frame,
  path: 'mail',
  component: lazyRouteComponent(() => import('./mail/mail-page.tsx'), 'MailPage'),
  validateSearch: listSearch,
});

const blockedKeys = createRoute({
  getParentRoute: () => frame,
  path: 'blocked-keys',
  component: lazyRouteComponent(() => import('./blocked-keys/blocked-keys-page.tsx'), 'BlockedKeysPage'),
  validateSearch: listSearch,
});

const roleGrants = createRoute({
  getParentRoute: () => frame,
  path: 'role-grants',
  component: lazyRouteComponent(() => import('./role-grants/role-grants-page.tsx'), 'RoleGrantsPage'),
  validateSearch: listSearch,
});

const unknown = createRoute({ getParentRoute: () => frame, path: '$', component: NoSuchPage });

const routeTree = root.addChildren([
  signIn,
  shared,
  frame.addChildren([
    home,
    welcome,
    orders,
    newOrder,
    order,
    orderTab,
    certificates,
    certificate,
    approvals,
    approval,
    domains,
    domain,
    organizations,
    organization,
    accounts,
    account,
    ledger,
    users,
    user,
    credentials,
    credential,
    webhooks,
    webhook,
    jobs,
    audit,
    deliveries,
    products,
    issuers,
    acmeKeys,
    acmeKey,
    containers,
    customFields,
    alarms,
    mail,
    blockedKeys,
    roleGrants,
    reports,
    months,
    settings,
    unknown,
  ]),
]);

export function createConsoleRouter() {
  return createRouter({
    routeTree,
    basepath: '/console',
    // `/console/` is the first page; without the slash it would be no page of the console.
    trailingSlash: 'preserve',
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: Crashed,
    // Plain words in the address: a number of an order stays one, and needs no quotes.
    parseSearch: parseSearchWith((value) => value),
    stringifySearch: stringifySearchWith(String),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
