import { LoadcastError } from '../../core/errors.js';
import { parameterLayout } from '../parameter-layout.js';
import type { Seq2SeqOptions } from '../seq2seq-options.js';

export interface NamedParameter {
  readonly shape: readonly [number] | readonly [number, number];
  readonly values: Float32Array;
}

/** Gives a parameter by its name. */
export type ParameterValues = (name: string) => NamedParameter;

/**
 * Looks parameters up by name in a packed array.
 * @throws LoadcastError INVALID_INPUT if the array does not fit the network
 */
export function parameterValues(network: Seq2SeqOptions, packed: Float32Array): ParameterValues {
  const { slots, size } = parameterLayout(network);
  if (packed.length !== size)
    throw new LoadcastError(
      'INVALID_INPUT',
      `This network has ${size} parameters, got ${packed.length}.`,
    );
  const byName = new Map(
    slots.map((slot) => [
      slot.name,
      { shape: slot.shape, values: packed.slice(slot.offset, slot.offset + slot.size) },
    ]),
  );
  return (name) => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`The network has no parameter ${name}.`);
    return found;
  };
}
