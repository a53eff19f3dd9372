/** The first steps of a new installation: for operators. */
import type { z } from 'zod';
import { confirmedSteps, type SetupState } from '../../../domain/setup.ts';
import { setupApi } from '../schema/setup.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire } from '../values.ts';

function setupToWire(states: readonly SetupState[]): z.output<typeof setupApi.show.response> {
  return {
    isDone: states.every(({ isDone }) => isDone),
    steps: states.map(({ step, isDone, doneAt, value }) => ({
      step,
      isDone,
      doneAt: optionalTimeToWire(doneAt),
      isByHand: confirmedSteps.some((one) => one === step),
      value,
    })),
  };
}

export const setupOperations = [
  handled(setupApi.show, async (_, { caller, services }) => setupToWire(await services.setup.show(caller))),

  handled(setupApi.confirm, async ({ step }, { caller, services }) =>
    setupToWire(await services.setup.confirm(caller, step)),
  ),
];
