/** The page of all orders. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { orderList } from './order-list.tsx';

export function OrdersPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="orders.list">
      <ListScreen list={orderList(texts, me)} />
    </Needs>
  );
}
