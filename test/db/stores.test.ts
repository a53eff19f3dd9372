/** The stores on the engine that the tests run on: SQLite with `npm test`, PostgreSQL with `npm run test:postgres`. */
import { openTempDatabase } from '../support/database.ts';
import { postgresUrl } from '../support/postgres.ts';
import { createFakeClock } from '../support/system.ts';
import { authoritySuite } from './authority-suite.ts';
import { conditionSuite } from './condition-suite.ts';
import { domainSuite } from './domain-suite.ts';
import { filterSuite } from './filter-suite.ts';
import { importedSerialSuite } from './imported-serial-suite.ts';
import { listedApprovalSuite } from './listed-approval-suite.ts';
import { listedOrderSuite } from './listed-order-suite.ts';
import { orderSearchSuite } from './order-search-suite.ts';
import { organizationSuite } from './organization-suite.ts';
import { sealingSuite } from './sealing-suite.ts';
import { statisticSuite } from './statistic-suite.ts';
import { type Opened, storeSuite } from './store-suite.ts';
import { totalSuite } from './total-suite.ts';
import { turnSuite } from './turn-suite.ts';
import { upstreamSuite } from './upstream-suite.ts';
import { upstreamWorkSuite } from './upstream-work-suite.ts';

const openFresh = async (): Promise<Opened> => {
  const clock = createFakeClock();
  return { clock, ...(await openTempDatabase({ clock })) };
};

const engine = postgresUrl === undefined ? 'sqlite' : 'postgres';
for (const suite of [
  storeSuite,
  organizationSuite,
  sealingSuite,
  orderSearchSuite,
  listedOrderSuite,
  filterSuite,
  listedApprovalSuite,
  domainSuite,
  authoritySuite,
  importedSerialSuite,
  conditionSuite,
  upstreamSuite,
  upstreamWorkSuite,
  turnSuite,
  totalSuite,
  statisticSuite,
]) {
  suite(engine, openFresh);
}
