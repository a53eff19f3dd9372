/** Challenges of upstreams that the six `DCV…` fields can show: they name record and file in full. */
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsCname', 'httpFile', 'httpsFile', 'dnsTxt', 'email'],
  showsDelegation: true,
  ordersWithoutCsr: true,
  shows: () => true,
};
