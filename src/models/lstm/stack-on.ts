import type { FeatureTable } from '../../features/feature-table.js';
import { trainingBase, type BaseRows } from '../additive/base-rows.js';
import { fitAdditiveOnce, type AdditiveParameters } from '../additive/fit-additive.js';
import { saveAdditive } from '../additive/saved-additive.js';
import type { FitOptions } from '../member.js';
import { cutHoursOf } from '../rows/cuts.js';
import { reachOf } from '../rows/row-series.js';
import { encoderHours, firstOrigin } from './inputs.js';
import type { LstmManifest } from './manifest.js';
import type { WindowRows } from './origins.js';

/** The additive model that a network is stacked on, and what it says of the rows of the network's training. */
export function stackOn(
  table: FeatureTable,
  trainingRows: number,
  options: FitOptions,
): {
  readonly parameters: AdditiveParameters;
  readonly rows: BaseRows;
  readonly window: WindowRows;
} {
  const excluded = options.excluded ?? null;
  const additive = fitAdditiveOnce(table, trainingRows, excluded, cutHoursOf(options));
  const rows = trainingBase(table, trainingRows, additive);
  return {
    parameters: additive.parameters,
    rows,
    // the encoder's first miss is that of a forecast that read loads itself
    window: { first: Math.max(firstOrigin, rows.firstRow), back: encoderHours + reachOf(table) },
  };
}

/** What a stacked network's manifest says of the additive model. */
export function baseManifest(parameters: AdditiveParameters): NonNullable<LstmManifest['base']> {
  const { manifest, weights } = saveAdditive(parameters, 'additive');
  return { manifest, bytes: weights.byteLength };
}

/** The bytes of the networks, and those of the additive model after them. */
export function appendBase(networks: Uint8Array, base: AdditiveParameters | null): Uint8Array {
  if (!base) return networks;
  const additive = saveAdditive(base, 'additive').weights;
  const weights = new Uint8Array(networks.byteLength + additive.byteLength);
  weights.set(networks);
  weights.set(additive, networks.byteLength);
  return weights;
}
