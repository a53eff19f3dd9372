/** The page of one object: who may see it, the way back to its list, and what the panel beside the list shows as well. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { Back } from './object.tsx';
import { usePageTitle } from './page-title.ts';

export interface ObjectBodyProps {
  readonly reference: string;
  readonly isPage?: boolean;
}

export interface ObjectPageProps {
  readonly operation: string;
  readonly list: string;
  readonly listTitle: string;
  /** The list is not of those who see one account only: they have no way back to it. */
  readonly isListOfServer?: boolean;
  readonly title: (reference: string) => string;
  readonly Body: ComponentType<ObjectBodyProps>;
}

export function ObjectPage({ operation, list, listTitle, isListOfServer = false, title, Body }: ObjectPageProps) {
  const { data: me } = useQuery(meQuery);
  const { reference = '' } = useParams({ strict: false });
  usePageTitle(title(reference));
  return (
    <Needs operation={operation}>
      {(!isListOfServer || me?.account === null) && <Back to={list}>{listTitle}</Back>}
      <Body reference={reference} isPage />
    </Needs>
  );
}
