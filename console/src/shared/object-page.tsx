/** The page of one object: who may see it, the way back to its list, and what the panel beside the list shows as well. */
import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
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
  readonly title: (reference: string) => string;
  readonly Body: ComponentType<ObjectBodyProps>;
}

export function ObjectPage({ operation, list, listTitle, title, Body }: ObjectPageProps) {
  const { reference = '' } = useParams({ strict: false });
  usePageTitle(title(reference));
  return (
    <Needs operation={operation}>
      <Back to={list}>{listTitle}</Back>
      <Body reference={reference} isPage />
    </Needs>
  );
}
