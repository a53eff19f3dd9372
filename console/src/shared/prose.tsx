/** A sentence of the server with names in it: they break after their dots, and nothing hides in them. */
import { Fragment } from 'react';
import { visible } from './visible.ts';

export function Prose({ children }: { readonly children: string }) {
  const pieces = visible(children).split(/(?<=[./_-])(?=\w)/);
  return pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other identity than their place
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {piece}
    </Fragment>
  ));
}
