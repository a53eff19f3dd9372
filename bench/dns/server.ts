/** certmux's DNS server as a process of its own, over records in memory: `server.ts PORT`. Ends with SIGTERM. */
import { startAliasZone } from '../../src/boot/alias-zone.ts';
import { createClock, createLog } from '../../src/system/index.ts';
import { liveTexts, settings } from './zone.ts';

const live = liveTexts();
const counts = { answered: 0, dropped: 0 };

await startAliasZone({
  settings,
  listen: [`127.0.0.1:${process.argv[2]}`],
  records: { find: async (name) => ({ texts: live.get(name) ?? [], hasBelow: false }) },
  clock: createClock(),
  log: createLog({ level: 'silent', destination: 'stdout' }),
  meter: {
    dnsAnswered: () => {
      counts.answered++;
    },
    dnsDropped: () => {
      counts.dropped++;
    },
  },
  // All queries come from one address here.
  perSecond: 1e9,
});
