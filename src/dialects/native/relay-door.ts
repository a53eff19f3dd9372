/** Every challenge of an upstream can be shown: a proof names its place in full. */
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsCname', 'httpFile', 'httpsFile', 'dnsTxt', 'email'],
  showsDelegation: true,
  ordersWithoutCsr: true,
  shows: () => true,
};
