import { storeSuite } from './store-suite.ts';
import { openTempDatabase } from '../support/database.ts';
import { createFakeClock } from '../support/system.ts';

storeSuite('sqlite', async () => {
  const clock = createFakeClock();
  return { clock, ...(await openTempDatabase({ clock })) };
});
