/**
 * Every challenge of an upstream can be shown: a proof names its place in full. Its orders have the customer's CSR, with the order or later,
 * and none asks for a key to be made: what a vendor makes the key for is sold through the doors whose orders do.
 */
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsCname', 'httpFile', 'httpsFile', 'dnsTxt', 'email'],
  showsDelegation: true,
  shows: () => true,
};
