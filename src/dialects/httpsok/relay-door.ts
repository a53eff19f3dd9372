/** Challenges of upstreams that this API can show: `/v1/cert/dv` has fields for a CNAME and for nothing else. */
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsCname'],
  showsDelegation: true,
  ordersWithoutCsr: true,
  shows: ({ method }) => method === 'dnsCname',
};
