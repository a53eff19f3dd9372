/** The page of all deliveries. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { deliveryList } from './delivery-list.tsx';

export function DeliveriesPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="webhooks.deliveries">
      <ListScreen list={deliveryList(texts, me)} />
    </Needs>
  );
}
