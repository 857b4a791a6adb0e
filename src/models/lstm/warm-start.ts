import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../core/errors.js';
import type { Seq2SeqOptions } from '../../neural/seq2seq-options.js';
import type { SavedMember } from '../member.js';
import type { AddedInputs } from './feature-names.js';
import type { LstmScaler } from './inputs.js';
import { addedOf, lstmManifest } from './manifest.js';
import { savedParameters } from './saved-parameters.js';

/** What a training may start from: the parameters of each seed, and the scaler that they were trained with. */
export interface WarmStart {
  readonly scaler: LstmScaler;
  readonly parameters: readonly Float32Array[];
}

/** @returns the start, or why the previous model is none */
export function warmStartOf(
  previous: SavedMember,
  wanted: {
    readonly network: Seq2SeqOptions;
    readonly hasTemperature: boolean;
    readonly added: AddedInputs;
    readonly seeds: number;
  },
): WarmStart | string {
  try {
    const manifest = lstmManifest(previous.manifest);
    if (manifest.hasTemperature !== wanted.hasTemperature)
      return `the previous model was trained ${manifest.hasTemperature ? 'with' : 'without'} temperature`;
    const { listed, extras, isStacked } = addedOf(manifest);
    if (!isDeepStrictEqual(listed, wanted.added.listed))
      return 'the previous model reads other days of the calendar';
    if (!isDeepStrictEqual(extras, wanted.added.extras))
      return 'the previous model reads other extra inputs';
    if (isStacked !== (wanted.added.isStacked ?? false))
      return `the previous model ${isStacked ? 'reads' : 'does not read'} what the additive model says`;
    if (!isDeepStrictEqual(manifest.network, wanted.network))
      return 'the previous model is another network';
    if (manifest.seeds.length !== wanted.seeds)
      return `the previous model has ${manifest.seeds.length} seeds, this one ${wanted.seeds}`;
    return {
      scaler: manifest.scaler,
      parameters: savedParameters(manifest, previous.weights),
    };
  } catch (error) {
    return messageOf(error);
  }
}
